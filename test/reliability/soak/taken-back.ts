import { ruleKey } from '../../../sandbox/services/ec2/groups/rule.ts';
import type { Instance } from '../../../sandbox/services/ec2/instances/model.ts';
import { ec2State } from '../../../sandbox/services/ec2/state.ts';
import { allBuckets } from '../../../sandbox/services/s3/state.ts';
import type { Account } from '../stage/account.ts';
import { type Entry, idOf } from '../stage/journal.ts';
import type { Seen } from '../stage/witness.ts';
import { list, nameOf, tagsOf } from './oracle.ts';

const CLOCKS_MS = 10_000;

/** How what an entry changed stands now: as Reeve left it, as it was before, changed since, gone, or not to be taken back. */
export type Stand = 'ours' | 'as-before' | 'changed' | 'gone' | 'lost';

/** What was open, tagged or running before, as far as it is looked at here: our own JSON. */
interface Before {
  readonly rules?: readonly { readonly permission: Permission }[];
  readonly tags?: readonly { readonly Key: string; readonly Value: string | null }[];
  readonly launchTime?: string | null;
}

interface Permission {
  readonly IpProtocol: string;
  readonly FromPort?: number;
  readonly ToPort?: number;
  readonly IpRanges?: readonly { readonly CidrIp: string }[];
  readonly Ipv6Ranges?: readonly { readonly CidrIpv6: string }[];
}

/** Written from what an undo promises, against the account's own state. */
export function standOf(account: Account, entry: Entry): Stand {
  const id = idOf(entry.resource);
  const { groups, instances } = ec2State.of(account.inside);
  const tags = tagsOf(account, id);
  switch (entry.action) {
    case 'revoke-ingress': {
      if (groups.newest.get(id) === undefined) return 'gone';
      const open = ingressOf(account, id);
      return closedBy(entry).every((rule) => open.has(rule)) ? 'as-before' : 'ours';
    }
    case 'stop-instances':
      return powerOf(instances.newest.get(id), beforeOf(entry).launchTime);
    case 'start-instances':
      return launchOf(instances.newest.get(id), entry);
    case 'tag-resource':
      if (instances.newest.get(id) === undefined) return 'gone';
      if (!tags.has('Owner')) return 'as-before';
      return tags.get('Owner') === 'unowned' ? 'ours' : 'changed';
    case 'mark':
      return allBuckets(account.world).some(({ name }) => name === id) ? markOf(entry, tags) : 'gone';
    default:
      return 'lost';
  }
}

/** Every start is a launch of its own: what was started and stopped since is in others' hands. */
function powerOf(machine: Instance | undefined, launchTime: string | null | undefined): Stand {
  switch (machine?.state) {
    case undefined:
    case 'terminated':
    case 'shutting-down':
      return 'gone';
    case 'running':
    case 'pending':
      return 'as-before';
    case 'stopping':
      return 'changed';
    default:
      return machine?.launchTime.toISOString() === launchTime ? 'ours' : 'changed';
  }
}

/** What was started stands as Reeve left it for as long as it runs by that very start. */
function launchOf(machine: Instance | undefined, { at, outcome }: Entry): Stand {
  switch (machine?.state) {
    case undefined:
    case 'terminated':
    case 'shutting-down':
      return 'gone';
    case 'running':
    case 'pending': {
      const launched = machine?.launchTime.getTime() ?? 0;
      const end = outcome?.at.getTime() ?? Number.POSITIVE_INFINITY;
      return launched >= at.getTime() - CLOCKS_MS && launched <= end + CLOCKS_MS ? 'ours' : 'changed';
    }
    default:
      return 'as-before';
  }
}

function markOf({ at, outcome }: Entry, tags: ReadonlyMap<string, string>): Stand {
  const [marked, date] = [tags.get('reeve:marked'), tags.get('reeve:delete-after')];
  if (marked === undefined && date === undefined) return 'as-before';
  if (marked === undefined || date === undefined) return 'changed';
  const time = new Date(marked.split(' ')[0] ?? '').getTime();
  const end = outcome?.at.getTime() ?? at.getTime() + 900_000;
  return time >= at.getTime() - CLOCKS_MS && time <= end + CLOCKS_MS ? 'ours' : 'changed';
}

/** Why a call of an undo that was asked for these entries must not be, or undefined. */
export function againstUndoing(account: Account, asked: readonly Entry[], call: Seen): string | undefined {
  const input: Readonly<Record<string, unknown>> = { ...Object(call.input) };
  const ids =
    call.operation === 'UntagResource'
      ? [nameOf(input.ResourceArn)]
      : [
          ...list(input.InstanceIds),
          ...list(input.Resources),
          ...(input.GroupId ? [String(input.GroupId)] : []),
        ];
  for (const id of ids) {
    const entries = asked.filter(({ resource }) => idOf(resource) === id);
    if (entries.length === 0) return `${id} is in none of the entries that were to be taken back`;
    const why = entries.map((entry) => againstOne(account, entry, call.operation, input));
    // Of several entries about it, one has to be the one.
    if (why.every((each) => each !== undefined)) return `${id}: ${why[0]}`;
  }
  return ids.length === 0 ? 'no entry is taken back by that' : undefined;
}

const WAYS: Readonly<Record<string, string>> = {
  'revoke-ingress': 'AuthorizeSecurityGroupIngress',
  'stop-instances': 'StartInstances',
  'start-instances': 'StopInstances',
  'tag-resource': 'DeleteTags',
  mark: 'UntagResource',
};

/** A call that is sent again, because its answer was lost, meets what it did: that is as before, and harmless. */
function againstOne(
  account: Account,
  entry: Entry,
  operation: string,
  input: Readonly<Record<string, unknown>>,
): string | undefined {
  if (WAYS[entry.action] !== operation) return `${operation} takes no ${entry.action} back`;
  const stand = standOf(account, entry);
  if (stand !== 'ours' && stand !== 'as-before') return `it is ${stand}, so it is not ours to take back`;
  switch (operation) {
    case 'AuthorizeSecurityGroupIngress': {
      const closed = closedBy(entry);
      const more = permissionsIn(input.IpPermissions)
        .flatMap(rulesIn)
        .find((rule) => !closed.includes(rule));
      return more === undefined ? undefined : `opens ${more}, which the entry had not closed`;
    }
    case 'DeleteTags':
      return JSON.stringify(input.Tags) === '[{"Key":"Owner","Value":"unowned"}]'
        ? undefined
        : `takes more than its tag: ${JSON.stringify(input.Tags)}`;
    case 'UntagResource': {
      const others = list(input.TagKeys).filter(
        (key) => !['reeve:marked', 'reeve:delete-after'].includes(key),
      );
      return others.length === 0 ? undefined : `takes more than its mark: ${others}`;
    }
    default:
      return undefined;
  }
}

/** Whether a later change of the same resource is no more than what was taken back. */
export function isCovered(later: Entry, taken: Entry): boolean {
  if (later.action !== taken.action) return false;
  const closed = closedBy(taken);
  const keys = (beforeOf(taken).tags ?? []).map(({ Key }) => Key);
  if (later.action === 'revoke-ingress') return closedBy(later).every((rule) => closed.includes(rule));
  return (
    later.action !== 'tag-resource' || (beforeOf(later).tags ?? []).every(({ Key }) => keys.includes(Key))
  );
}

/** The rules that an entry closed, in one spelling. */
export function closedBy(entry: Entry): readonly string[] {
  return (beforeOf(entry).rules ?? []).flatMap(({ permission }) => rulesIn(permission));
}

function ingressOf(account: Account, id: string): ReadonlySet<string> {
  const rules = ec2State.of(account.inside).groups.newest.get(id)?.rules ?? [];
  return new Set(rules.filter(({ egress }) => !egress).map(ruleKey));
}

function rulesIn({
  IpProtocol,
  FromPort,
  ToPort,
  IpRanges = [],
  Ipv6Ranges = [],
}: Permission): readonly string[] {
  const cidrs = [...IpRanges.map(({ CidrIp }) => CidrIp), ...Ipv6Ranges.map(({ CidrIpv6 }) => CidrIpv6)];
  return cidrs.map((cidr) => `${IpProtocol} ${FromPort}-${ToPort} ${cidr}`);
}

/** The typed boundary to what a call carries, which is IpPermission's own. */
function permissionsIn(value: unknown): readonly Permission[] {
  return Array.isArray(value) ? (value as readonly Permission[]) : [];
}

/** The typed boundary to what a policy journaled. */
export function beforeOf({ before }: Entry): Before {
  return (before ?? {}) as Before;
}
