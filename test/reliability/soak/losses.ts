import { type Entry, idOf } from '../stage/journal.ts';
import { type Letter, lettersTo } from '../stage/letters.ts';
import { isTold, isUnread, type News } from '../stage/told.ts';
import { type Owed, owed } from './owed.ts';
import type { Scene, Sweep } from './scene.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Longer than a lease, the next reconciliation and what it queues. */
export const OPEN_MS = 4 * HOUR;

/** What was out of policy when its policy swept last is dealt with by now, or under way, or people were told. */
export function checkLost(scene: Scene, entries: readonly Entry[], isFaulty: boolean): void {
  const { account, rules, people, touches, sweeps, killSwitch, runtime } = scene;
  const pulled = killSwitch.position !== 'off';
  const letters = lettersTo(account);
  const respites = scene.respitesIn(entries);
  const { region } = account.place;
  for (const one of owed({ account, rules, truth: people.truth, touches, respites })) {
    const sweep = sweeps.get(one.policy) ?? { at: 0, mode: rules.mode };
    if (!isSeen(one, sweep) || isUnderWay(scene, one, entries)) continue;
    // Nor can who looked before the switch was pulled have said anything of it.
    if (pulled && sweep.at <= killSwitch.since) continue;
    const { at: now, mode } = sweep;
    // The same finding is told once a day, also where it was exempt or in order in between (B5.38).
    const since = Math.max(one.arose ?? 0, Math.min(one.since, now - DAY));
    const news = { ...one, region, since };
    const positions = pulled ? (['on', 'unreadable'] as const) : (['off'] as const);
    const isKnown = (to: readonly Letter[]) =>
      positions.some((position) => isTold(to, news, { now, mode, killSwitch: position }));
    if (isKnown(letters)) continue;
    const isToldInVain = () => isKnown([...letters, ...runtime.undelivered]);
    if (pulled && isFaulty && (isToldInVain() || isExcused(scene, news))) continue;
    const meanwhile = pulled ? ' while the kill switch was pulled' : '';
    scene.add('lost', `${one.policy}: ${one.id} is out of policy, and nobody was told${meanwhile}`);
  }
}

/** What was not yet due at the last look waits for the next; report mode asks no journal. */
function isSeen({ since, latencyMs = 0, byJournal = false }: Owed, { at, mode }: Sweep): boolean {
  return since + latencyMs <= at && !(byJournal && mode === 'report');
}

/** While faults strike: said to be unread, or given up where an alarm watches. */
function isExcused({ account, runtime }: Scene, news: News): boolean {
  const letters = [...lettersTo(account), ...runtime.undelivered];
  const given = runtime.deadLetters().some(({ fn, event }) => {
    const text = JSON.stringify(event);
    return fn === news.policy && (text.includes(news.id) || text.includes('sweep'));
  });
  return isUnread(letters, news) || given;
}

/** In the queue, or begun by a run that may still be at it. */
function isUnderWay({ account, now }: Scene, { id, policy }: Owed, entries: readonly Entry[]): boolean {
  const begun = entries.some(
    ({ outcome, at, resource }) =>
      outcome === undefined && idOf(resource) === id && now - at.getTime() <= OPEN_MS,
  );
  return begun || account.waiting(policy, 'work').some(({ body }) => body.includes(id));
}
