import type { Run } from './context.ts';
import { leaseEnd } from './intent.ts';
import type { Intent, JournalEntry } from './journal.ts';
import type { Surroundings } from './policy.ts';
import type { Change, Resource } from './verdict.ts';
import { brief } from './words.ts';

/** A lease is prolonged once less than this is left of it, ms. */
const RENEW_MS = 5 * 60_000;

/**
 * What a remedy is lent that takes longer than a lease, as a person's command may: each time that it asks whether to go
 * on it is seen to be alive, and its lease is prolonged, so that nobody takes the change for broken off (B5.17). Once
 * another run has it all the same, it has to stop.
 */
export function keepingAlive<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  intent: Intent,
  around: Surroundings<A>,
): Surroundings<A> {
  let held: JournalEntry = { ...intent, outcome: undefined };
  const { journal, log, now } = run.ports;
  const prolong = async (): Promise<string | undefined> => {
    const until = leaseEnd(run);
    const left = held.leaseUntil.getTime() - now().getTime();
    // A function's lease ends with its invocation: it cannot be longer.
    if (left > RENEW_MS || until.getTime() - held.leaseUntil.getTime() < RENEW_MS) return undefined;
    try {
      if (!(await journal.claim(held, until))) return 'Another run has taken this change over.';
      held = { ...held, leaseUntil: until };
      return undefined;
    } catch (error) {
      log.warn('A lease could not be prolonged', { journalId: intent.id, error });
      return left > 0 ? undefined : `The journal could not be told that this goes on: ${brief(error)}.`;
    }
  };
  return { ...around, halted: async () => (await around.halted?.()) ?? (await prolong()) };
}
