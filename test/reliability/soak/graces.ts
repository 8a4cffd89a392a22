import { ec2State } from '../../../sandbox/services/ec2/state.ts';
import type { Account } from '../stage/account.ts';
import { lettersTo } from '../stage/letters.ts';
import { type Mark, marksOf } from '../stage/marks.ts';
import type { Seen } from '../stage/witness.ts';
import { hoursOf } from './hours.ts';
import type { Occasion } from './occasions.ts';
import { againstIdleStop, isShielded, list, startOf, type Truth, tagsOf } from './oracle.ts';
import { hasGrace, type Patient, type Rules } from './rules.ts';

const HOUR = 3_600_000;

/** By which a machine shows when it is going to be stopped. */
const TAG = 'reeve:stop-idle-instances-after';

/** A date for a finding of a policy, and not another thing that is queued. */
const DATE = /^ {2}Queued: .*: not before (\S+Z), and not at all if it is in order by then/m;

/** A mark as it is written: the typed boundary to its text. */
type Put = Readonly<{ due: string; resource: { id: string }; lapsed?: string }>;

/** The time that owners are given, as they read of it: who may do what before it is over, and what ends it. */
export class Graces {
  readonly #account: Account;
  /** When each rule was seen first: what was opened by an undo has no other date. Epoch ms. */
  readonly #rules = new Map<string, number>();
  /** When what was promised ended, by policy alone or by policy and id, epoch ms. */
  readonly #ended = new Map<string, number>();
  /** Dates that went to the journal, by machine. */
  readonly #journaled = new Map<string, Set<string>>();
  /** What went there last, and when. */
  readonly #promised = new Map<
    string,
    { readonly due: string; readonly at: number; readonly lapsed: boolean }
  >();

  constructor(account: Account) {
    this.#account = account;
  }

  /** Takes note of rules that are there by now and were not before: since this time. */
  noteRules(since: number): void {
    for (const { rules } of ec2State.of(this.#account.inside).groups.newest.values())
      for (const { id } of rules) if (!this.#rules.has(id)) this.#rules.set(id, since);
  }

  /** Takes note of a mark on its way to the journal. */
  notePut({ service, operation, input }: Seen): void {
    if (service !== 'dynamodb' || operation !== 'PutItem') return;
    // The typed boundary to PutItem's own input.
    const { mark } = (input as { readonly Item?: { readonly mark?: { readonly S?: string } } }).Item ?? {};
    if (mark?.S === undefined) return;
    const { due, resource, lapsed } = JSON.parse(mark.S) as Put;
    this.#journaled.set(resource.id, (this.#journaled.get(resource.id) ?? new Set()).add(due));
    const at = this.#account.world.clock.now();
    this.#promised.set(resource.id, { due, at, lapsed: lapsed !== undefined });
  }

  /** A sweep that nothing disturbed ends what was promised where it gives no time, and of what it found to be kept. */
  noteSweep({ fn, rules, kept }: Occasion): void {
    if (fn !== 'revoke-open-ssh' && fn !== 'stop-idle-instances') return;
    const now = this.#account.world.clock.now();
    if (!hasGrace(rules, fn)) this.#ended.set(fn, now);
    const still = keptBy(this.#account, rules, fn);
    for (const id of kept) if (still.has(id)) this.#ended.set(`${fn} ${id}`, now);
  }

  /** Why it is too early for a change: the last date that people read, and the whole time since they first read it. */
  tooEarly(rules: Rules, truth: Truth, { operation, input }: Seen): string | undefined {
    const asked: Readonly<Record<string, unknown>> = { ...Object(input) };
    if (operation === 'StopInstances')
      return list(asked.InstanceIds)
        .map((id) => {
          // Agreed beforehand.
          if (hoursOf(this.#account, id) !== undefined) return undefined;
          const since = startOf(this.#account, truth, id)?.startedAt ?? 0;
          return this.#tooEarly(rules, 'stop-idle-instances', id, since);
        })
        .find((why) => why !== undefined);
    if (operation !== 'RevokeSecurityGroupIngress') return undefined;
    const now = this.#account.world.clock.now();
    const since = list(asked.SecurityGroupRuleIds).map((rule) => this.#rules.get(rule) ?? now);
    return this.#tooEarly(rules, 'revoke-open-ssh', String(asked.GroupId), Math.max(...since));
  }

  #tooEarly(rules: Rules, policy: Patient, id: string, arose: number): string | undefined {
    if (!hasGrace(rules, policy)) return undefined;
    const since = Math.max(arose, this.#ended.get(policy) ?? 0, this.#ended.get(`${policy} ${id}`) ?? 0);
    const dates = this.#datesOf(policy, id).filter(({ at }) => at >= since);
    const last = dates.at(-1);
    if (last === undefined) return `nobody was told of the grace of ${id}`;
    // A longer time that is deployed meanwhile makes the date a later one, and counts from the same reading.
    const read = Math.min(...dates.map(({ at }) => at));
    const from = Math.max(last.due, read + rules.graceHours[policy] * HOUR);
    const isEarly = this.#account.world.clock.now() < from;
    return isEarly ? `the grace of ${id} lasts until ${new Date(from).toISOString()}` : undefined;
  }

  #datesOf(policy: Patient, id: string) {
    return lettersTo(this.#account).flatMap((letter) => {
      if (letter.policy !== policy) return [];
      return letter.told.flatMap((told) => {
        const due = told.id === id ? DATE.exec(told.words)?.[1] : undefined;
        return due === undefined ? [] : [{ at: letter.at, due: Date.parse(due) }];
      });
    });
  }

  /** A machine shows the very date that is in the journal, while it is to be stopped; people's own words stay. */
  againstTag(rules: Rules, truth: Truth, { operation, input }: Seen): string | undefined {
    const { Resources, Tags }: { readonly Resources?: unknown; readonly Tags?: unknown } = Object(input);
    const [id = '', ...more] = list(Resources);
    // The typed boundary to CreateTags' and DeleteTags' own input.
    const [tag, ...others] = (Tags ?? []) as readonly { readonly Key?: string; readonly Value?: string }[];
    if (more.length + others.length > 0 || tag?.Key !== TAG) return `writes more than ${TAG} on ${id}`;
    const { state } = ec2State.of(this.#account.inside).instances.newest.get(id) ?? {};
    const isNotDue =
      state === 'running' ? againstIdleStop(this.#account, rules, truth, id) : `${id} does not run`;
    const isGiven = hasGrace(rules, 'stop-idle-instances');
    if (operation === 'DeleteTags') {
      if (tag.Value === undefined) return `takes ${TAG} off ${id}, whatever it says`;
      const isPromised = isGiven && isNotDue === undefined && this.#counts(truth, id, tag.Value);
      return isPromised ? `${id} shows its date no more, and has one` : undefined;
    }
    if (!isGiven) return `${id} is given no time`;
    if (!this.#journaled.get(id)?.has(tag.Value ?? '')) return `the date of ${id} is not in the journal`;
    return isNotDue;
  }

  /** What went to the journal of this launch says that date, and no time of report mode ended it. */
  #counts(truth: Truth, id: string, date: string): boolean {
    const { due, at, lapsed } = this.#promised.get(id) ?? { due: undefined, at: 0, lapsed: true };
    return due === date && !lapsed && at >= (startOf(this.#account, truth, id)?.startedAt ?? 0);
  }

  /**
   * In the end each open mark is of something that waits for its date, and each tag says what its mark says; where that
   * ended with the last sweep, the next takes the tag off.
   */
  async leftOver(
    { mode }: Rules,
    sweptAt: number,
    waits: (policy: string, id: string) => boolean,
  ): Promise<readonly string[]> {
    const marks = await marksOf(this.#account);
    const idle = marks.filter(({ isCounting, policy, id }) => isCounting && !waits(policy, id));
    const standing = marks.filter(({ isCounting, closedAt = 0 }) => isCounting || closedAt >= sweptAt);
    const tags = [...ec2State.of(this.#account.inside).instances.newest.keys()].filter((id) => {
      const says = tagsOf(this.#account, id).get(TAG);
      return says !== undefined && mode === 'enforce' && !isSaidBy(standing, id, says);
    });
    return [
      ...idle.map(({ policy, id }) => `${policy} has an open mark of ${id}, which waits for nothing`),
      ...tags.map((id) => `${id} shows a date that no mark in the journal has`),
    ];
  }
}

function isSaidBy(marks: readonly Mark[], id: string, date: string): boolean {
  return marks.some((mark) => mark.policy === 'stop-idle-instances' && mark.id === id && mark.due === date);
}

/** What nobody may touch now, and so has no date. */
export function keptBy(account: Account, rules: Rules, policy: string): ReadonlySet<string> {
  const { groups, instances } = ec2State.of(account.inside);
  const [all, kind] =
    policy === 'revoke-open-ssh' ? ([groups, 'security'] as const) : ([instances, 'other'] as const);
  return new Set([...all.newest.keys()].filter((id) => isShielded(account, rules, id, kind)));
}

/** Whether a path of the account is that of such a tag: it is judged as it is written. */
export function isDate(path: string): boolean {
  return path.endsWith(`/tag/${TAG}`);
}
