import path from 'node:path';
import type { World } from '../core/world.ts';
import { type Making, records } from './resource-type.ts';
import type { StackIdentity } from './scope.ts';
import { type Fields, isFields } from './template.ts';

/** What one resource of a stack needs in order to be made: names, tags, files and calls, with the rights of the account's root. */
export function makingOf(
  world: World,
  stack: StackIdentity,
  logicalId: string,
  properties: Fields,
  artifacts: Readonly<Record<string, Uint8Array>> = {},
): Making {
  const { partition, account, region } = stack;
  const root = {
    type: 'Root' as const,
    arn: `arn:${partition}:iam::${account}:root`,
    account,
    principalId: account,
    accessKeyId: 'ASIACLOUDFORMATION00',
  };
  return {
    partition,
    account,
    region,
    logicalId,
    stackName: stack.name,
    tags: [...ownTags(properties), ...stackTags(stack, logicalId)],
    uniqueName(mostChars) {
      const random = world.random.hex(12).toUpperCase();
      const stem = `${stack.name}-${logicalId}`.slice(0, mostChars - random.length - 1);
      return `${stem}-${random}`;
    },
    artifact(key) {
      const found = artifacts[path.basename(key)];
      if (!found) throw new Error(`Code.S3Key ${key}: no artifact ${path.basename(key)} was given`);
      return found;
    },
    async invoke(service, operation, input) {
      const output = await world.invoke(
        root,
        { partition, account, region },
        service,
        operation,
        present(input),
      );
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
