import type { Carried } from './attempt.ts';
import type { Outcome } from './outcome.ts';
import type { Again } from './read.ts';
import type { Change, Resource } from './verdict.ts';

/** What a second reading shows, as far as it matters to the change. */
export type Sight = 'gone' | 'in-order' | 'remainder' | 'violating' | 'unsure';

/**
 * What a second reading shows. `remainder`: what still stands is nothing that the policy would remedy, so nothing that
 * this change was about is left.
 */
export function sightOf<A, R extends Resource, C extends Change>(again: Again<A, R, C> | undefined): Sight {
  if (!again || again.state === 'unreadable') return 'unsure';
  if (again.state === 'gone') return 'gone';
  const { verdict } = again.judged;
  if (verdict.verdict === 'unknown') return 'unsure';
  if (verdict.verdict !== 'violation') return 'in-order';
  if (verdict.remedy) return 'violating';
  return verdict.undecided ? 'unsure' : 'remainder';
}

/** Waiting longer would show nothing new. */
export function isSettled<A, R extends Resource, C extends Change>(
  again: Again<A, R, C> | undefined,
): boolean {
  const sight = sightOf(again);
  return sight !== 'violating' && sight !== 'unsure';
}

/** What the call answered and what the second reading shows, together; the reading has the last word. */
export function outcomeOf<A, R extends Resource, C extends Change>(
  { acted, intent, target }: Carried<A, R, C>,
  sight: Sight,
): Outcome {
  const { summary } = target.verdict.remedy;
  const journalId = intent.id;
  if (acted.result === 'left') return { outcome: 'skipped', code: acted.code, reason: acted.reason };
  if (acted.result === 'failed' && acted.final)
    return { outcome: 'failed', code: acted.code, reason: acted.reason };
  if (acted.result === 'failed' && !(acted.uncertain && (sight === 'in-order' || sight === 'remainder'))) {
    if (sight === 'gone')
      return { outcome: 'skipped', code: 'gone', reason: 'It is gone; nothing was left to change.' };
    if (sight === 'in-order')
      return {
        outcome: 'skipped',
        code: 'changed',
        reason: `Somebody else put it in order meanwhile (${acted.code}).`,
      };
    return { outcome: 'failed', code: acted.code, reason: acted.reason };
  }
  switch (sight) {
    case 'gone':
      return acted.result === 'done'
        ? {
            outcome: 'done',
            code: 'gone',
            reason: `${summary}: done; it is gone altogether by now.`,
            journalId,
          }
        : { outcome: 'skipped', code: 'gone', reason: 'It is gone; nothing was left to change.' };
    case 'in-order':
    case 'remainder':
      return acted.result === 'gone'
        ? { outcome: 'skipped', code: 'gone', reason: acted.reason }
        : {
            outcome: 'done',
            code: 'remedied',
            reason: `${summary}: done, and seen by reading again.`,
            journalId,
          };
    case 'violating':
      return {
        outcome: 'failed',
        code: 'still-violating',
        reason: `${summary}: carried out, but reading again shows it still, or again, out of policy.`,
      };
    case 'unsure':
      return {
        outcome: 'failed',
        code: 'unverified',
        reason: `${summary}: carried out, but it could not be read again to make sure.`,
      };
  }
}

/** The change has said the last word about itself: reading again would add nothing. */
export function isFinal<A, R extends Resource, C extends Change>({ acted }: Carried<A, R, C>): boolean {
  return acted.result === 'left' || (acted.result === 'failed' && acted.final === true);
}
