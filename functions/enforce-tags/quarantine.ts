import type { Aws } from '../../shared/aws/access.ts';
import { quarantineGroups, setInterfaceGroups } from '../../shared/aws/ec2/quarantine.ts';
import { AwsFailure } from '../../shared/aws/errors.ts';
import type { Acted, Doing } from '../../shared/engine/policy.ts';
import type { Json } from '../../shared/engine/verdict.ts';
import type { Field } from '../../shared/events/fields.ts';
import { failed } from './failed.ts';
import { leftBy } from './left.ts';
import type { FixTags } from './remedy.ts';
import type { InterfaceGroups, Tagged } from './resource.ts';

/** Cuts off the instances among these changes, interface by interface; those that could not be are noted. */
export async function cutOffAll(
  changes: readonly Doing<Tagged, FixTags>[],
  aws: Aws,
  ended: Map<string, Acted>,
): Promise<void> {
  for (const { change, resource } of changes) {
    if (change.measure?.penalty !== 'quarantine') continue;
    const { groupId } = change.measure;
    try {
      const why = await whyNoMore(resource, groupId, aws);
      if (why !== undefined) {
        ended.set(resource.id, notCutOff(change, resource.id, why));
        continue;
      }
      for (const { id } of toCutOff(resource, groupId)) await setInterfaceGroups(aws, id, [groupId]);
    } catch (error) {
      // What is cut off stays so, and the next look does the others: the journal keeps the groups of all.
      ended.set(resource.id, { ...notRegrouped(error), after: leftBy(change, resource.id) });
    }
  }
}

/** Read right before the groups of an instance give way to it: a rule added since would open what was closed. */
async function whyNoMore({ machine }: Tagged, groupId: string, aws: Aws): Promise<string | undefined> {
  const vpcId = machine?.vpcId ?? '';
  let groups: Awaited<ReturnType<typeof quarantineGroups>>;
  try {
    groups = await quarantineGroups(aws, [vpcId]);
  } catch (error) {
    // Nothing is changed yet, so there is no doubt about what became of it.
    if (!(error instanceof AwsFailure)) throw error;
    return `its quarantine group could not be read (${error.message})`;
  }
  const group = groups.get(vpcId) ?? { unknown: 'it is in no VPC' };
  if ('unknown' in group) return group.unknown;
  return group.value === groupId ? undefined : `${group.value} is the quarantine group by now`;
}

/** Tags that were written by then stand in the journal, for an undo. */
function notCutOff(change: FixTags, id: string, why: string): Acted {
  const reason = `${id} was not cut off, because ${why}; it is judged anew next time.`;
  if (change.set.size + change.remove.size === 0) return { result: 'left', code: 'changed', reason };
  return { result: 'failed', code: 'changed', reason, after: leftBy({ ...change, measure: undefined }, id) };
}

/** An interface or group that is not there is no sign that the instance is gone. */
export function notRegrouped(error: unknown): Acted & { readonly result: 'failed' } {
  const acted = failed(error);
  if (acted.result === 'failed') return acted;
  return {
    result: 'failed',
    code: 'group-gone',
    reason: 'An interface or a security group does not exist any more.',
  };
}

/** The interfaces that are not cut off yet. */
export function toCutOff({ interfaces }: Tagged, groupId: string): readonly InterfaceGroups[] {
  return interfaces.filter(({ groupIds }) => groupIds.join() !== groupId);
}

/** Interfaces and their groups, as the journal keeps them. */
export function listed(interfaces: readonly InterfaceGroups[]): Json {
  return interfaces.map(({ id, groupIds }) => ({ id, groupIds: [...groupIds] }));
}

/** The same read back. */
function interfacesIn(list: Field): readonly InterfaceGroups[] {
  return list.entries().map((one) => ({
    id: one.at('id').text(),
    groupIds: one
      .at('groupIds')
      .entries()
      .map((group) => group.text()),
  }));
}

/** Interfaces that were cut off, with the groups that they had, and the group that they got. */
interface CutOff {
  readonly was: readonly InterfaceGroups[];
  readonly groupId: string;
}

/** A sentence for each interface that is neither cut off any more nor has its own groups again. */
export function regrouped(now: readonly InterfaceGroups[], { was, groupId }: CutOff): readonly string[] {
  const groupsOf = new Map(now.map(({ id, groupIds }) => [id, groupIds.join()]));
  return was.flatMap(({ id, groupIds }) => {
    const groups = groupsOf.get(id);
    if (groups === undefined) return [`${id} is no interface of it any more`];
    return groups === groupId || groups === groupIds.join() ? [] : [`${id} has the groups ${groups} by now`];
  });
}

/** What is to be given back to which interfaces, by what the journal says before and after; none if nothing was cut off. */
export function cutOffIn(before: Field, after: Field): CutOff {
  if (after.at('quarantined').value !== true) return { was: [], groupId: '' };
  return { was: interfacesIn(before.at('interfaces')), groupId: before.at('quarantine').text() };
}

/** A sentence for each interface that gets its groups back. */
export function willRegroup(now: readonly InterfaceGroups[], { was, groupId }: CutOff): readonly string[] {
  const cutOff = now.filter(({ groupIds }) => groupIds.join() === groupId).map(({ id }) => id);
  return was
    .filter(({ id }) => cutOff.includes(id))
    .map(({ id, groupIds }) => `Give ${id} the groups ${groupIds.join(', ')} again.`);
}
