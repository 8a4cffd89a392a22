import { ec2State } from '../../../sandbox/services/ec2/state.ts';
import { allBuckets } from '../../../sandbox/services/s3/state.ts';
import type { Account } from '../stage/account.ts';
import type { Seen } from '../stage/witness.ts';
import { type Asleep, againstClosing, againstStarting, hoursOf } from './hours.ts';
import type { Rules } from './rules.ts';
import { archivedBy } from './vault.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** What the model knows and no reading of the account would tell. */
export interface Truth {
  /** Machines that measure nothing but idleness, and when they were there first, epoch ms. */
  readonly idle: ReadonlyMap<string, number>;
  /** Bucket to the newest sign of life, and to when somebody objected to its mark. */
  readonly life: ReadonlyMap<string, number>;
  readonly bornAt: ReadonlyMap<string, number>;
  readonly asleep: Asleep;
}

/**
 * Why a call must not be, or undefined. Written from what the policies promise, against the account's own state; it
 * asks none of the code that it judges.
 */
export function objection(
  account: Account,
  rules: Rules,
  truth: Truth,
  call: Seen,
  begunAt: number,
): string | undefined {
  if (rules.mode !== 'enforce') return 'only told (report mode)';
  const input: Readonly<Record<string, unknown>> = { ...Object(call.input) };
  switch (call.operation) {
    case 'RevokeSecurityGroupIngress':
      return againstRevoking(
        account,
        rules,
        String(input.GroupId),
        JSON.stringify(input.SecurityGroupRuleIds),
      );
    case 'StopInstances':
      return list(input.InstanceIds)
        .map((id) => againstStopping(account, rules, truth, id, begunAt))
        .find((why) => why !== undefined);
    case 'StartInstances':
      return list(input.InstanceIds)
        .map((id) =>
          isShielded(account, rules, id, 'other')
            ? `${id} is exempt or protected`
            : againstStarting(account, truth.asleep, id, begunAt),
        )
        .find((why) => why !== undefined);
    case 'CreateTags':
      return list(input.Resources)
        .map((id) => againstTagging(account, rules, truth, id, JSON.stringify(input.Tags)))
        .find((why) => why !== undefined);
    case 'TagResource':
      return againstMarking(account, rules, truth, nameOf(input.ResourceArn));
    case 'UntagResource':
      return JSON.stringify(input.TagKeys).includes('"reeve:exempt"') ? 'takes an exemption away' : undefined;
    case 'DeleteObjects':
    case 'DeleteBucket':
      return againstDeleting(account, rules, truth, String(input.Bucket));
    default: {
      const archived = rules.archives ? archivedBy(account, call) : undefined;
      return archived === undefined
        ? 'nothing that any policy does'
        : againstDeleting(account, rules, truth, archived);
    }
  }
}

/**
 * A resource that nobody may touch: protected, or exempt until a day that is yet to come. An exemption that runs longer
 * than it may keeps no door open, but shields from everything else until its tag is put right.
 */
export function isShielded(
  account: Account,
  { protect, exemptDays }: Rules,
  id: string,
  kind: 'security' | 'other',
): boolean {
  const tags = tagsOf(account, id);
  const now = account.world.clock.now();
  if (protect.some((tag) => tags.has(tag))) return true;
  const end = endOfExemption(tags);
  if (end < now) return false;
  const longest = (Math.floor(now / DAY) + 1 + exemptDays) * DAY;
  return kind === 'other' || end <= longest;
}

/** The last moment of its day; 0: there is none. Epoch ms. */
export function endOfExemption(tags: ReadonlyMap<string, string>): number {
  const day = /^T-1 until (\d{4}-\d{2}-\d{2})$/.exec(tags.get('reeve:exempt') ?? '')?.[1];
  return day === undefined ? 0 : new Date(day).getTime() + DAY - 1;
}

/** When an idle machine was started last, and whether it was stopped before. */
export function startOf(
  account: Account,
  { idle }: Truth,
  id: string,
): { readonly startedAt: number; readonly afterStop: boolean } | undefined {
  const known = idle.get(id);
  if (known === undefined) return undefined;
  const launched = ec2State.of(account.inside).instances.newest.get(id)?.launchTime.getTime() ?? 0;
  return { startedAt: Math.max(known, launched), afterStop: launched > known };
}

export function tagsOf(account: Account, id: string): ReadonlyMap<string, string> {
  const { groups, instances } = ec2State.of(account.inside);
  const bucket = allBuckets(account.world).find(({ name }) => name === id);
  const tags = (groups.newest.get(id) ?? instances.newest.get(id))?.tags ?? [];
  return bucket?.tags ?? new Map(tags.map(({ Key, Value }) => [Key, Value]));
}

/** Rules that let the world in by SSH alone. */
export function openRules(account: Account, id: string): readonly string[] {
  const rules = ec2State.of(account.inside).groups.newest.get(id)?.rules ?? [];
  return rules
    .filter(({ egress, protocol, fromPort, toPort, peer }) => {
      const world =
        (peer.kind === 'ipv4' && peer.cidr === '0.0.0.0/0') || (peer.kind === 'ipv6' && peer.cidr === '::/0');
      return !egress && protocol === 'tcp' && fromPort === 22 && toPort === 22 && world;
    })
    .map((rule) => rule.id);
}

function againstRevoking(account: Account, rules: Rules, id: string, asked: string): string | undefined {
  if (isShielded(account, rules, id, 'security')) return `${id} is exempt or protected`;
  const all = ec2State.of(account.inside).groups.newest.get(id)?.rules ?? [];
  const open = openRules(account, id);
  const harmless = all.filter((rule) => asked.includes(rule.id) && !open.includes(rule.id));
  return harmless.length > 0 ? `${harmless[0]?.id} of ${id} is no open SSH` : undefined;
}

function againstStopping(
  account: Account,
  rules: Rules,
  truth: Truth,
  id: string,
  begunAt: number,
): string | undefined {
  const hours = hoursOf(account, id);
  if (hours === undefined) return againstIdleStop(account, rules, truth, id);
  if (isShielded(account, rules, id, 'other')) return `${id} is exempt or protected`;
  return hours === 'unreadable'
    ? `the hours of ${id} cannot be read`
    : againstClosing(account, hours, id, begunAt);
}

/** Why a machine is not to be stopped for being idle; none of those with hours of their own is. */
export function againstIdleStop(
  account: Account,
  rules: Rules,
  truth: Truth,
  id: string,
): string | undefined {
  const now = account.world.clock.now();
  if (isShielded(account, rules, id, 'other')) return `${id} is exempt or protected`;
  const known = startOf(account, truth, id);
  if (known === undefined) return `${id} is not idle`;
  if (known.afterStop && now - known.startedAt < DAY) return `${id} was started again within a day`;
  return now - known.startedAt < rules.windowDays * DAY ? `${id} is too young` : undefined;
}

function againstTagging(
  account: Account,
  rules: Rules,
  { bornAt }: Truth,
  id: string,
  tags: string,
): string | undefined {
  const now = account.world.clock.now();
  const present = tagsOf(account, id);
  if (isShielded(account, rules, id, 'other')) return `${id} is exempt or protected`;
  if (present.has('Owner') && present.get('Owner') !== 'unowned') return `${id} has an owner`;
  if (tags !== '[{"Key":"Owner","Value":"unowned"}]') return `${id} gets more than its owner: ${tags}`;
  return now - (bornAt.get(id) ?? 0) < rules.graceMinutes * 60_000 ? `${id} is in its grace` : undefined;
}

function againstMarking(account: Account, rules: Rules, { life }: Truth, id: string): string | undefined {
  const now = account.world.clock.now();
  if (isShielded(account, rules, id, 'other')) return `${id} is exempt or protected`;
  return now - (life.get(id) ?? now) < rules.bucketWindowDays * DAY ? `${id} is in use` : undefined;
}

function againstDeleting(account: Account, rules: Rules, truth: Truth, id: string): string | undefined {
  const unmarked = againstMarking(account, rules, truth, id);
  if (unmarked !== undefined) return unmarked;
  const tags = tagsOf(account, id);
  const marked = new Date((tags.get('reeve:marked') ?? '').split(' ')[0] ?? '').getTime();
  if (Number.isNaN(marked) || !tags.has('reeve:delete-after')) return `${id} is not marked`;
  return account.world.clock.now() - marked < rules.waitDays * DAY ? `${id} has not waited` : undefined;
}

export function list(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

export function nameOf(arn: unknown): string {
  return String(arn).split(':').at(-1) ?? '';
}
