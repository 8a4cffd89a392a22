import { AwsError } from '../../../core/errors.ts';
import type { Principal } from '../../../core/principal.ts';
import type { Call } from '../../../core/service.ts';
import { checkId, KINDS, missing } from '../refuse.ts';
import { ec2State } from '../state.ts';
import type { Instance, InstanceState } from './model.ts';

/** The instances that a request names; one id that nothing has fails the whole request. */
export function named(call: Call, ids: readonly string[] | undefined): readonly Instance[] {
  if (!ids || ids.length === 0) throw missing('InstanceIds');
  const { newest } = ec2State.of(call).instances;
  for (const id of ids) checkId(id, KINDS.instance);
  const lost = ids.filter((id) => !newest.has(id));
  if (lost.length > 1) {
    throw new AwsError(KINDS.instance.notFound, `The instance IDs '${lost.join(', ')}' do not exist`);
  }
  if (lost[0]) throw new AwsError(KINDS.instance.notFound, KINDS.instance.says(lost[0]));
  return [...new Set(ids)].flatMap((id) => newest.get(id) ?? []);
}

/** `IncorrectInstanceState` for the first instance that is in none of the states; nothing has changed then. */
export function mustBeIn(
  instances: readonly Instance[],
  states: readonly InstanceState[],
  verb: string,
): void {
  const odd = instances.find(({ state }) => !states.includes(state));
  if (!odd) return;
  const message = `The instance '${odd.id}' is not in a state from which it can be ${verb}.`;
  throw new AwsError('IncorrectInstanceState', message);
}

/** Instances that a service manages are not for their owner to change. */
export function refuseManaged(instances: readonly Instance[], call: Call): void {
  const managed = instances.find(({ operator }) => operator !== undefined);
  if (!managed || isAws(call.principal)) return;
  const message = `The instance '${managed.id}' is managed by ${managed.operator} and cannot be changed by its owner.`;
  throw new AwsError('OperationNotPermitted', message);
}

/**
 * The protected ones block the others of their Availability Zone, while those in zones without a protected one are
 * changed; the request fails either way (documented for TerminateInstances; the sandbox takes stops for alike).
 */
export function actUnlessProtected(
  instances: readonly Instance[],
  isProtected: (instance: Instance) => string | undefined,
  act: (instance: Instance) => void,
): void {
  const guarded = instances.filter((instance) => isProtected(instance) !== undefined);
  const blocked = new Set(guarded.map(({ zone }) => zone));
  for (const instance of instances) if (!blocked.has(instance.zone)) act(instance);
  const [first] = guarded;
  if (first) throw new AwsError('OperationNotPermitted', isProtected(first) ?? '');
}

/** EC2's words for a protected instance: `protection('i-1', 'stopped', 'disableApiStop')`. */
export function protection(id: string, verb: string, attribute: string): string {
  return `The instance '${id}' may not be ${verb}. Modify its '${attribute}' instance attribute and try again.`;
}

/** AWS's own services, also through their service-linked roles. */
export function isAws({ type, roleName }: Principal): boolean {
  return type === 'AWSService' || (roleName?.startsWith('AWSServiceRoleFor') ?? false);
}
