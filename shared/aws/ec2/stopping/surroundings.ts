import type { InstanceStatus } from '@aws-sdk/client-ec2';
import { inParallel } from '../../../engine/parallel.ts';
import type { Aws } from '../../access.ts';
import { autoScalingGroups } from '../../auto-scaling/groups.ts';
import {
  instancesWithEvents,
  instanceTypes,
  isStopProtected,
  spotRequestsById,
} from '../instance-details.ts';
import type { Lookup, StopFacts } from './facts.ts';
import type { Stoppable } from './instance.ts';
import { orWhy } from './or-why.ts';
import { servedBy, servedByRights } from './served-by.ts';

/** Rights of what `usesOf` calls. */
export const usesRights = [...autoScalingGroups.rights, ...servedByRights];

/** Rights of everything that is looked up here. */
export const surroundingsRights = [
  ...[instanceTypes, instancesWithEvents, spotRequestsById, isStopProtected].flatMap(({ rights }) => rights),
  ...usesRights,
];

/** Stop protection takes a call an instance: more than these are only asked about when they are acted on. */
const MOST_PROTECTION_CALLS = 10;
const AT_ONCE = 10;

/** Everything around instances that could forbid a stop, in one question per source and not per instance. */
export async function surroundingsOf(
  aws: Aws,
  instances: readonly Stoppable[],
): Promise<ReadonlyMap<string, Omit<StopFacts, 'type'>>> {
  if (instances.length === 0) return new Map();
  const [uses, event, spot, protection] = await Promise.all([
    usesOf(aws, instances),
    orWhy(plannedEvents(aws)),
    orWhy(spotKinds(aws, instances)),
    instances.length > MOST_PROTECTION_CALLS ? undefined : protections(aws, instances),
  ]);
  return new Map(
    instances.map((one) => [
      one.id,
      {
        event: foundFor(event, one),
        ...(uses.get(one.id) ?? { group: 'not-asked', serves: 'not-asked' }),
        spot: one.lifecycle === 'spot' ? spotOf(spot, one) : 'not-asked',
        stopProtected:
          protection === undefined ? 'not-asked' : (protection.get(one.id) ?? { unknown: 'it was not read' }),
      },
    ]),
  );
}

/** Who relies on instances: the group that they are members of, the load balancer that sends them traffic. */
export async function usesOf(
  aws: Aws,
  instances: readonly Stoppable[],
): Promise<ReadonlyMap<string, Pick<StopFacts, 'group' | 'serves'>>> {
  const [group, serves] = await Promise.all([orWhy(groupMembers(aws)), orWhy(servedBy(aws, instances))]);
  return new Map(
    instances.map((one) => [one.id, { group: foundFor(group, one), serves: foundFor(serves, one) }]),
  );
}

export type ById = ReadonlyMap<string, string>;

/** Absent from a whole list is an answer; absent from one that could not be read is none. */
export function foundFor(
  found: Lookup<ById>,
  { id, privateIps }: Pick<Stoppable, 'id' | 'privateIps'>,
): Lookup<string | undefined> {
  if ('unknown' in found) return found;
  const key = [id, ...privateIps].find((each) => found.value.has(each));
  return { value: key === undefined ? undefined : found.value.get(key) };
}

async function plannedEvents(aws: Aws): Promise<ById> {
  return eventsFrom(await instancesWithEvents(aws));
}

/** What AWS has planned, by instance id; it goes on telling of finished events for a week. */
export function eventsFrom(
  statuses: readonly Pick<InstanceStatus, 'InstanceId' | 'Events'>[],
): ReadonlyMap<string, string> {
  return new Map(
    statuses.flatMap(({ InstanceId = '', Events: events = [] }) => {
      const open = events.find(({ Description = '' }) => !/^\[(Completed|Canceled)\]/i.test(Description));
      const on = open?.NotBefore === undefined ? '' : ` on ${open.NotBefore.toISOString().slice(0, 10)}`;
      return open === undefined ? [] : [[InstanceId, `${open.Code ?? 'an event'}${on}`]];
    }),
  );
}

async function groupMembers(aws: Aws): Promise<ById> {
  return membersFrom(await autoScalingGroups(aws));
}

/** The group of each member, by instance id. */
export function membersFrom(
  groups: readonly {
    readonly AutoScalingGroupName?: string | undefined;
    readonly Instances?: readonly { readonly InstanceId?: string | undefined }[] | undefined;
  }[],
): ReadonlyMap<string, string> {
  return new Map(
    groups.flatMap(({ AutoScalingGroupName: name = '', Instances: members = [] }) =>
      members.map(({ InstanceId = '' }): [string, string] => [InstanceId, name]),
    ),
  );
}

async function spotKinds(aws: Aws, instances: readonly Stoppable[]): Promise<ById> {
  const ids = instances.flatMap(({ spotRequestId }) => spotRequestId ?? []);
  const requests = ids.length === 0 ? [] : await spotRequestsById(aws, ids);
  return new Map(requests.flatMap(({ SpotInstanceRequestId: id = '', Type }) => (Type ? [[id, Type]] : [])));
}

function spotOf(kinds: Lookup<ById>, { spotRequestId = '' }: Stoppable): Lookup<string> {
  if ('unknown' in kinds) return kinds;
  const kind = kinds.value.get(spotRequestId);
  return kind === undefined ? { unknown: 'its Spot request is not known' } : { value: kind };
}

async function protections(
  aws: Aws,
  instances: readonly Stoppable[],
): Promise<ReadonlyMap<string, Lookup<boolean>>> {
  const read = await inParallel(instances, AT_ONCE, ({ id }) => orWhy(isStopProtected(aws, id)));
  return new Map(instances.map(({ id }, index) => [id, read[index] ?? { unknown: 'it was not read' }]));
}
