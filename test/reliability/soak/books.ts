import { audit } from '../stage/audit.ts';
import { unexplainedLetters } from '../stage/dead-letters.ts';
import type { PolicyName } from '../stage/functions.ts';
import { accountsFor, type Entry, journalOf } from '../stage/journal.ts';
import { lettersTo } from '../stage/letters.ts';
import { differences, type Snapshot, snapshot } from '../stage/snapshot.ts';
import { isDate } from './graces.ts';
import { checkLost, OPEN_MS } from './losses.ts';
import { unfounded } from './operators.ts';
import { owed } from './owed.ts';
import { againstRespites } from './respite.ts';
import { hasGrace } from './rules.ts';
import type { Scene } from './scene.ts';

const HOUR = 3_600_000;

/** The policies that sweep each hour. */
export const HOURLY: readonly PolicyName[] = ['revoke-open-ssh', 'stop-idle-instances', 'enforce-tags'];

/** Holds the journal, the account and the messages against each other after an hour in which something was changed. */
export async function checkHour(
  scene: Scene,
  before: Snapshot,
  when: string,
  isFaulty: boolean,
): Promise<void> {
  const { account } = scene;
  const entries = await journalOf(account);
  checkPulled(scene, entries, isFaulty);
  for (const path of differences(before, snapshot(account))) {
    if (!isDate(path) && !entries.some((entry) => accountsFor(entry, path)))
      scene.add('unexplained', `${path} changed in ${when} without an entry`);
  }
  checkOpen(scene, entries, isFaulty ? 26 * HOUR : OPEN_MS);
}

/** The same once nothing goes wrong any more: all is dealt with, told or explained. */
export async function checkEnd(scene: Scene, isFaulty: boolean) {
  const { account, runtime, operators, occasions, touches, violations } = scene;
  const entries = await journalOf(account);
  checkOpen(scene, entries, 2 * HOUR);
  violations.push(...againstRespites(entries, scene.respitesIn(entries)));
  checkLost(scene, entries, isFaulty);
  await checkMarks(scene);
  for (const detail of [...operators.untrue, ...unfounded(operators.claims, entries)])
    scene.add('untrue', detail);
  const dead = runtime.deadLetters();
  const capOf = (run: string) => occasions.capOf(run);
  violations.push(...audit({ entries, letters: lettersTo(account), capOf, touches }));
  violations.push(...unexplainedLetters(dead));
  return { entries, deadLetters: dead.length };
}

/** What is open for longer than this is left open for ever. */
function checkOpen(scene: Scene, entries: readonly Entry[], mostMs: number): void {
  for (const { outcome, at, action, resource, exemptUntil } of entries) {
    // An undo is its own person's for as long as it is an exemption.
    const since = Math.max(at.getTime(), exemptUntil?.getTime() ?? 0);
    if (outcome === undefined && scene.now - since > mostMs)
      scene.add('unexplained', `${action} on ${resource.id} is open since ${at.toISOString()}`);
  }
}

/** While the switch is pulled nothing is changed, and all of it has to be said: since the first sweep after that. */
function checkPulled(scene: Scene, entries: readonly Entry[], isFaulty: boolean): void {
  const { killSwitch, sweeps } = scene;
  const { position, since } = killSwitch;
  if (position !== 'off' && HOURLY.every((policy) => (sweeps.get(policy)?.at ?? 0) > since))
    checkLost(scene, entries, isFaulty);
}

/** A date stands for what is out of policy and waits for it, and for nothing else. */
async function checkMarks(scene: Scene): Promise<void> {
  const { account, rules, people, touches, graces, sweeps } = scene;
  const out = owed({ account, rules, truth: people.truth, touches, respites: [] });
  const waits = (policy: string, id: string) =>
    out.some((one) => one.policy === policy && one.id === id && hasGrace(rules, one.policy));
  const sweptAt = sweeps.get('stop-idle-instances')?.at ?? 0;
  for (const detail of await graces.leftOver(rules, sweptAt, waits)) scene.add('unexplained', detail);
}
