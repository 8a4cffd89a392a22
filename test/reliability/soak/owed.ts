import { ec2State } from '../../../sandbox/services/ec2/state.ts';
import { allBuckets } from '../../../sandbox/services/s3/state.ts';
import type { Account } from '../stage/account.ts';
import type { PolicyName } from '../stage/functions.ts';
import type { Touch } from '../stage/touches.ts';
import { outside } from './hours.ts';
import { endOfExemption, isShielded, openRules, startOf, type Truth, tagsOf } from './oracle.ts';
import type { Respite } from './respite.ts';
import type { Rules } from './rules.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A resource that is out of policy: to be remedied, or people have to know. */
export interface Owed {
  /** Only the journal tells of it, which report mode does not read. */
  readonly byJournal?: boolean;
  readonly id: string;
  readonly policy: PolicyName;
  /** Since when it is so, epoch ms. */
  readonly since: number;
  /** When the very state came about: older words are about another. Absent: nothing tells one such state from the next. */
  readonly arose?: number;
  /** What shows it may come later, by so many ms: a sweep before that need not have seen it. */
  readonly latencyMs?: number;
  /** Words that say what is out of policy, where more than one thing may be. */
  readonly says?: RegExp;
}

/** What is known of an account beyond what can be read in it. */
export interface Known {
  readonly account: Account;
  readonly rules: Rules;
  readonly truth: Truth;
  readonly touches: readonly Touch[];
  /** What is let be for a while, because somebody took it back. */
  readonly respites: readonly Respite[];
}

/** All that is out of policy now and nobody's to leave alone, written from what the policies promise. */
export function owed(known: Known): readonly Owed[] {
  const { account, rules, respites } = known;
  const now = account.world.clock.now();
  const all = [...open(known), ...idle(known), ...byHours(known), ...unowned(known), ...stale(known)];
  return all.flatMap(({ since, ...one }) => {
    const kind = one.policy === 'revoke-open-ssh' ? 'security' : 'other';
    if (isShielded(account, rules, one.id, kind)) return [];
    // A door that was opened to more than what was taken back is none of it, but which is which nobody asks here.
    const respite = respites.filter(({ id, policy }) => id === one.id && policy === one.policy);
    const ends = [endOfExemption(tagsOf(account, one.id)), ...respite.map(({ until }) => until)];
    if (respite.some(({ until }) => until > now)) return [];
    return [{ ...one, since: Math.max(since, ...ends.filter((end) => end <= now)) }];
  });
}

function open({ account, touches }: Known): readonly Owed[] {
  return [...ec2State.of(account.inside).groups.newest.keys()].flatMap((id): Owed[] => {
    const rules = openRules(account, id);
    if (rules.length === 0) return [];
    const since = lastOf(
      touches,
      rules.map((rule) => `${id}/rule/${rule}`),
    );
    return [{ id, policy: 'revoke-open-ssh', since, arose: since }];
  });
}

/** A window of measures has to be over; the newest come an hour late at most. */
function idle({ account, rules, truth }: Known): readonly Owed[] {
  return running(account, ['running']).flatMap((id): Owed[] => {
    const known = startOf(account, truth, id);
    if (known === undefined) return [];
    const days = known.afterStop ? Math.max(1, rules.windowDays) : rules.windowDays;
    const { startedAt: arose } = known;
    return [{ id, policy: 'stop-idle-instances', since: arose + days * DAY, arose, latencyMs: HOUR }];
  });
}

/** Machines that run or stand still although their hours say otherwise. */
function byHours({ account, truth }: Known): readonly Owed[] {
  return outside(account, truth.asleep).map((one) => ({ ...one, policy: 'stop-idle-instances' }));
}

function unowned({ account, rules, truth, touches }: Known): readonly Owed[] {
  const ids = running(account, ['pending', 'running', 'stopping', 'stopped']);
  return ids.flatMap((id): Owed[] => {
    if (tagsOf(account, id).has('Owner')) return [];
    const grace = (truth.bornAt.get(id) ?? 0) + rules.graceMinutes * 60_000;
    return [{ id, policy: 'enforce-tags', since: Math.max(grace, lastOf(touches, [`${id}/tag/Owner`])) }];
  });
}

/** A marked one waits for its date; without the date, somebody objected, which holds as long as a window. */
function stale({ account, rules, truth, touches }: Known): readonly Owed[] {
  return allBuckets(account.world).flatMap(({ name, tags }): Owed[] => {
    const life = truth.life.get(name);
    const marked = timeOf(tags.get('reeve:marked')?.split(' ')[0]);
    if (life === undefined) return [];
    const window = rules.bucketWindowDays * DAY;
    const date = tags.get('reeve:delete-after');
    if (marked !== 0 && date === undefined && account.world.clock.now() - marked < window) return [];
    const since = Math.max(life + window, timeOf(date), lastOf(touches, [name]));
    return [{ id: name, policy: 'delete-stale-buckets', since, arose: since }];
  });
}

function running(account: Account, states: readonly string[]): readonly string[] {
  const machines = [...ec2State.of(account.inside).instances.newest.values()];
  return machines.filter(({ state }) => states.includes(state)).map(({ id }) => id);
}

/** When one of the paths was touched last; 0: never. */
function lastOf(touches: readonly Touch[], paths: readonly string[]): number {
  return Math.max(0, ...touches.filter(({ path }) => paths.includes(path)).map(({ at }) => at));
}

function timeOf(text: string | undefined): number {
  return text === undefined ? 0 : new Date(text).getTime();
}
