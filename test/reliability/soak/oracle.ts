import { ec2State } from '../../../sandbox/services/ec2/state.ts';
import { allBuckets } from '../../../sandbox/services/s3/state.ts';
import type { Account } from '../stage/account.ts';
import type { Seen } from '../stage/witness.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** What the settings of a soak say, in the terms of the specification. */
export interface Rules {
  readonly mode: 'report' | 'enforce';
  readonly windowDays: number;
  readonly waitDays: number;
  readonly bucketWindowDays: number;
  readonly graceMinutes: number;
}

/** What the model knows and no reading of the account would tell. */
export interface Truth {
  /** Machines that measure nothing but idleness, and when they were started last. */
  readonly idle: ReadonlyMap<string, { readonly startedAt: number; readonly afterStop: boolean }>;
  /** Bucket to the newest sign of life, and to when somebody objected to its mark. */
  readonly life: ReadonlyMap<string, number>;
  readonly bornAt: ReadonlyMap<string, number>;
}

/**
 * Why a call must not be, or undefined. Written from what the policies promise, against the account's own state; it
 * asks none of the code that it judges.
 */
export function objection(account: Account, rules: Rules, truth: Truth, call: Seen): string | undefined {
  if (rules.mode !== 'enforce') return 'only told (report mode)';
  const input: Readonly<Record<string, unknown>> = { ...Object(call.input) };
  switch (call.operation) {
    case 'RevokeSecurityGroupIngress':
      return againstRevoking(account, String(input.GroupId), JSON.stringify(input.SecurityGroupRuleIds));
    case 'StopInstances':
      return list(input.InstanceIds)
        .map((id) => againstStopping(account, rules, truth, id))
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
    default:
      return 'nothing that any policy does';
  }
}

/** A resource that nobody may touch: exempt until a day that is yet to come, or protected. */
export function isShielded(tags: ReadonlyMap<string, string>, now: number): boolean {
  const until = /^T-1 until (\d{4}-\d{2}-\d{2})$/.exec(tags.get('reeve:exempt') ?? '')?.[1];
  if (until !== undefined && new Date(`${until}T23:59:59Z`).getTime() >= now) return true;
  return tags.has('keep');
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

function againstRevoking(account: Account, id: string, asked: string): string | undefined {
  if (isShielded(tagsOf(account, id), account.world.clock.now())) return `${id} is exempt or protected`;
  const rules = ec2State.of(account.inside).groups.newest.get(id)?.rules ?? [];
  const open = openRules(account, id);
  const harmless = rules.filter((rule) => asked.includes(rule.id) && !open.includes(rule.id));
  return harmless.length > 0 ? `${harmless[0]?.id} of ${id} is no open SSH` : undefined;
}

function againstStopping(
  account: Account,
  { windowDays }: Rules,
  { idle }: Truth,
  id: string,
): string | undefined {
  const now = account.world.clock.now();
  if (isShielded(tagsOf(account, id), now)) return `${id} is exempt or protected`;
  const known = idle.get(id);
  if (known === undefined) return `${id} is not idle`;
  if (known.afterStop && now - known.startedAt < DAY) return `${id} was started again within a day`;
  return now - known.startedAt < windowDays * DAY ? `${id} is too young` : undefined;
}

function againstTagging(
  account: Account,
  { graceMinutes }: Rules,
  { bornAt }: Truth,
  id: string,
  tags: string,
): string | undefined {
  const now = account.world.clock.now();
  const present = tagsOf(account, id);
  if (isShielded(present, now)) return `${id} is exempt or protected`;
  if (present.has('Owner') && present.get('Owner') !== 'unowned') return `${id} has an owner`;
  if (tags !== '[{"Key":"Owner","Value":"unowned"}]') return `${id} gets more than its owner: ${tags}`;
  return now - (bornAt.get(id) ?? 0) < graceMinutes * 60_000 ? `${id} is in its grace` : undefined;
}

function againstMarking(
  account: Account,
  { bucketWindowDays }: Rules,
  { life }: Truth,
  id: string,
): string | undefined {
  const now = account.world.clock.now();
  if (isShielded(tagsOf(account, id), now)) return `${id} is exempt or protected`;
  return now - (life.get(id) ?? now) < bucketWindowDays * DAY ? `${id} is in use` : undefined;
}

function againstDeleting(account: Account, rules: Rules, truth: Truth, id: string): string | undefined {
  const unmarked = againstMarking(account, rules, truth, id);
  if (unmarked !== undefined) return unmarked;
  const tags = tagsOf(account, id);
  const marked = new Date((tags.get('reeve:marked') ?? '').split(' ')[0] ?? '').getTime();
  if (Number.isNaN(marked) || !tags.has('reeve:delete-after')) return `${id} is not marked`;
  return account.world.clock.now() - marked < rules.waitDays * DAY ? `${id} has not waited` : undefined;
}

function list(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function nameOf(arn: unknown): string {
  return String(arn).split(':').at(-1) ?? '';
}
