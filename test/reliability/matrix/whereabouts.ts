import type { FunctionName } from '../stage/functions.ts';
import { type Letter, lettersTo } from '../stage/letters.ts';
import type { Runtime } from '../stage/runtime.ts';
import type { Subject } from '../stage/scenario.ts';
import { isTold, isUnread, type News } from '../stage/told.ts';

/** Where to look for what became of a subject. */
interface Whereabouts {
  readonly runtime: Runtime;
  readonly policy: FunctionName;
  /** When the scenario began, epoch ms. */
  readonly since: number;
}

/** Remedied, in a queue, or told. */
export function isInHand(where: Whereabouts, subject: Subject): boolean {
  const { runtime, policy } = where;
  if (runtime.answers.some((answer) => answer.includes(subject.id))) return true;
  if (subject.due === 'remedy' && (subject.isRemedied() || subject.isUnderWay?.())) return true;
  const queued = runtime.account.waiting(policy, 'work').some(({ body }) => names(body, subject));
  return (
    queued ||
    isTold(lettersTo(runtime.account), newsOf(where, subject), { ...standing(where), killSwitch: 'off' })
  );
}

/** Told in vain, or not to be read, or given up: each of that policy, that place, and that resource. */
export function isExcused(where: Whereabouts, subject: Subject): boolean {
  const { runtime, policy } = where;
  const news = newsOf(where, subject);
  const letters = [...lettersTo(runtime.account), ...runtime.undelivered];
  return (
    isUnread(letters, news) ||
    (subject.byJournal === true && letters.some((letter) => isFailedLook(letter, news))) ||
    isTold(letters, news, { ...standing(where), killSwitch: 'unreadable' }) ||
    runtime.deadLetters().some(({ fn, event }) => fn === policy && names(JSON.stringify(event), subject))
  );
}

function isFailedLook({ at, policy, failedLooks }: Letter, { policy: its, since }: News): boolean {
  return policy === its && at >= since && failedLooks.length > 0;
}

function standing({ runtime, policy }: Whereabouts) {
  return { now: runtime.account.world.clock.now(), mode: runtime.modeOf(policy) };
}

function newsOf(
  { runtime, policy, since: openedAt }: Whereabouts,
  { id, says, since = openedAt }: Subject,
): News {
  const { region } = runtime.account.place;
  return { id, policy, region, since, ...(says && { says }) };
}

/** What could not be listed has no name yet. */
function names(text: string, { id }: Subject): boolean {
  return text.includes(id) || text.includes('"reeve":"sweep"') || text.includes('\\"reeve\\":\\"sweep\\"');
}
