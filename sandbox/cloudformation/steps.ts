import { isDeepStrictEqual } from 'node:util';
import { AwsError } from '../core/errors.ts';
import { resolve } from './intrinsics.ts';
import { type Hand, makingOf } from './making.ts';
import type { Layout } from './plan.ts';
import type { Made } from './resource-type.ts';
import { type StackRecord, type StackResource, type Status, tell } from './stack.ts';
import { resourceType } from './table.ts';
import { type Fields, isFields, type TemplateResource } from './template.ts';

/** One resource that could not be made, changed or removed. */
export class StepFailed extends Error {
  readonly logicalId: string;
  readonly type: string;

  constructor(logicalId: string, type: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.logicalId = logicalId;
    this.type = type;
  }
}

/** Makes one resource of the template; what is half made when a step fails goes again. */
export async function create(
  hand: Hand,
  stack: StackRecord,
  layout: Layout,
  logicalId: string,
): Promise<StackResource> {
  const resource = layout.wanted[logicalId] ?? { Type: '' };
  const type = resourceType(resource.Type);
  const report = reporter(hand, stack, logicalId, resource.Type);
  report('CREATE_IN_PROGRESS');
  let begun: Made | undefined;
  let properties: Fields = {};
  try {
    properties = resolved(resource, layout);
    const making = makingOf(hand, stack, logicalId, properties, (made) => {
      begun = made;
    });
    const made = await type.create(properties, making);
    begun = made;
    report('CREATE_COMPLETE', made.ref);
    return kept(hand, resource, { ...made, properties }, 'CREATE_COMPLETE');
  } catch (error) {
    const failed = new StepFailed(logicalId, resource.Type, error);
    report('CREATE_FAILED', begun?.ref, failed.message);
    const making = makingOf(hand, stack, logicalId, properties);
    // The first failure is what people have to hear; what it left behind may be in the way of its own removal.
    if (begun) await type.remove?.({ ...begun, properties }, making).catch(() => undefined);
    throw failed;
  }
}

export type Change = 'none' | 'in place' | 'replacement';

/** How a resource differs from what the template asks for now, and what CloudFormation does about it. */
export function compare(
  hand: Hand,
  stack: StackRecord,
  layout: Layout,
  logicalId: string,
  before: StackResource,
): { readonly change: Change; readonly properties: Fields } {
  const resource = layout.wanted[logicalId] ?? { Type: '' };
  const { replacedBy, updates = [] } = resourceType(resource.Type);
  try {
    const properties = resolved(resource, layout);
    const names = new Set([...Object.keys(properties), ...Object.keys(before.properties)]);
    const changed = [...names].filter(
      (name) => !isDeepStrictEqual(properties[name], before.properties[name]),
    );
    if (changed.length === 0) return { change: 'none', properties };
    if (changed.some((name) => replacedBy.includes(name))) return { change: 'replacement', properties };
    const strange = changed.find((name) => !updates.includes(name));
    if (strange) throw new Error(`a change of ${strange} is not supported`);
    return { change: 'in place', properties };
  } catch (error) {
    const failed = new StepFailed(logicalId, resource.Type, error);
    reporter(hand, stack, logicalId, resource.Type)('UPDATE_FAILED', before.ref, failed.message);
    throw failed;
  }
}

/** Gives a resource new properties in place. */
export async function update(
  hand: Hand,
  stack: StackRecord,
  logicalId: string,
  before: StackResource,
  properties: Fields,
): Promise<StackResource> {
  const report = reporter(hand, stack, logicalId, before.type);
  report('UPDATE_IN_PROGRESS', before.ref);
  try {
    const making = makingOf(hand, stack, logicalId, properties);
    const type = resourceType(before.type);
    if (!type.update) throw new Error('a change in place is not supported');
    const made = await type.update(properties, making, before);
    report('UPDATE_COMPLETE', made.ref);
    return { ...before, ...made, properties, status: 'UPDATE_COMPLETE', changedAt: now(hand) };
  } catch (error) {
    const failed = new StepFailed(logicalId, before.type, error);
    report('UPDATE_FAILED', before.ref, failed.message);
    throw failed;
  }
}

/** Removes a resource, unless its policy keeps it; one that somebody else has removed already is gone too. */
export async function remove(
  hand: Hand,
  stack: StackRecord,
  logicalId: string,
  resource: StackResource,
  policy = resource.deletionPolicy,
): Promise<void> {
  const report = reporter(hand, stack, logicalId, resource.type);
  if (policy?.startsWith('Retain')) return report('DELETE_SKIPPED', resource.ref);
  report('DELETE_IN_PROGRESS', resource.ref);
  try {
    const making = makingOf(hand, stack, logicalId, resource.properties);
    await resourceType(resource.type).remove?.(resource, making);
  } catch (error) {
    if (!isGone(error)) {
      const failed = new StepFailed(logicalId, resource.type, error);
      report('DELETE_FAILED', resource.ref, failed.message);
      throw failed;
    }
  }
  report('DELETE_COMPLETE', resource.ref);
}

/** A resource with the policies that the template has for it now. */
export function kept(
  hand: Hand,
  { Type: type, DeletionPolicy, UpdateReplacePolicy }: TemplateResource,
  made: Pick<StackResource, 'ref' | 'attributes' | 'properties'>,
  status: Status,
  changedAt = now(hand),
): StackResource {
  const { ref, attributes = {}, properties } = made;
  return {
    ...{ type, ref, attributes, properties, status, changedAt },
    ...(DeletionPolicy !== undefined && { deletionPolicy: DeletionPolicy }),
    ...(UpdateReplacePolicy !== undefined && { replacePolicy: UpdateReplacePolicy }),
  };
}

function resolved({ Properties = {} }: TemplateResource, { scope }: Layout): Fields {
  const properties = resolve(Properties, scope);
  return isFields(properties) ? properties : {};
}

function reporter({ world }: Hand, stack: StackRecord, logicalId: string, type: string) {
  return (status: Status, physicalId?: string, reason?: string) =>
    tell(world, stack, {
      ...{ logicalId, type, status },
      ...(physicalId !== undefined && { physicalId }),
      ...(reason !== undefined && { reason }),
    });
}

const now = ({ world }: Hand) => new Date(world.clock.now());

function isGone(error: unknown): boolean {
  return error instanceof AwsError && /NotFound|NoSuch|NonExistent|DoesNotExist/.test(error.code);
}
