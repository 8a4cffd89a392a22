import path from 'node:path';
import type { Principal } from '../core/principal.ts';
import type { World } from '../core/world.ts';
import { readObject } from './objects.ts';
import { type Made, type Making, records } from './resource-type.ts';
import type { StackIdentity } from './scope.ts';
import { type Fields, isFields } from './template.ts';

/** Who changes a stack, and with what. */
export interface Hand {
  readonly world: World;
  /** Whose rights the calls have. */
  readonly principal: Principal;
  /** Packaged files by the last part of their S3 key; without them they are read from S3. */
  readonly artifacts?: Readonly<Record<string, Uint8Array>>;
}

/** What one resource of a stack needs in order to be made, changed or removed: names, tags, files and calls. */
export function makingOf(
  { world, principal, artifacts }: Hand,
  stack: StackIdentity,
  logicalId: string,
  properties: Fields,
  begun: (made: Made) => void = () => {},
): Making {
  const { partition, account, region } = stack;
  const where = { partition, account, region };
  return {
    ...where,
    world,
    logicalId,
    stackName: stack.name,
    tags: [...ownTags(properties), ...stack.tags, ...stackTags(stack, logicalId)],
    begun,
    uniqueName(mostChars) {
      const random = world.random.hex(12).toUpperCase();
      const stem = `${stack.name}-${logicalId}`.slice(0, mostChars - random.length - 1);
      return `${stem}-${random}`;
    },
    async artifact(bucket, key, version) {
      if (!artifacts) return readObject(world, principal, where, bucket, key, version);
      const found = artifacts[path.basename(key)];
      if (!found) throw new Error(`Code.S3Key ${key}: no artifact ${path.basename(key)} was given`);
      return found;
    },
    async invoke(service, operation, input) {
      const output = await world.invoke(principal, where, service, operation, present(input));
      return isFields(output) ? output : {};
    },
  };
}

function ownTags(properties: Fields): readonly { Key: string; Value: string }[] {
  return records(properties, 'Tags').map(({ Key, Value }) => ({ Key: String(Key), Value: String(Value) }));
}

function stackTags(
  { name, id }: StackIdentity,
  logicalId: string,
): readonly { Key: string; Value: string }[] {
  return [
    { Key: 'aws:cloudformation:stack-name', Value: name },
    { Key: 'aws:cloudformation:stack-id', Value: id },
    { Key: 'aws:cloudformation:logical-id', Value: logicalId },
  ];
}

/** Without the members that are undefined: on the wire they would not be there either. */
function present(input: Fields): Fields {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
}
