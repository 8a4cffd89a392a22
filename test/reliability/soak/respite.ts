import type { Violation } from '../stage/audit.ts';
import { type Entry, idOf } from '../stage/journal.ts';
import { isCovered } from './taken-back.ts';

const DAY = 86_400_000;

/** A change that somebody took back: until when its policy leaves it as it is. */
export interface Respite {
  readonly id: string;
  readonly policy: string;
  readonly taken: Entry;
  readonly from: number;
  /** Epoch ms. */
  readonly until: number;
}

/**
 * What undos promise: a day from when they were asked for, whether or not their end could be written down. One that ended
 * as failed promises nothing, and says so to whoever asked.
 */
export function respitesIn(
  entries: readonly Entry[],
  askedAt: (run: string) => number | undefined,
): readonly Respite[] {
  return entries.flatMap((undo): Respite[] => {
    const { undoes, outcome, run, policy, at } = undo;
    const taken = entries.find(({ id }) => id === undoes);
    const from = at.getTime();
    if (taken === undefined || (outcome !== undefined && outcome.result !== 'done')) return [];
    return [{ id: idOf(taken.resource), policy, taken, from, until: (askedAt(run) ?? from) + DAY }];
  });
}

/** Changes that a policy began while it had to let them be: the journal holds what came before each of them. */
export function againstRespites(
  entries: readonly Entry[],
  respites: readonly Respite[],
): readonly Violation[] {
  return entries.flatMap((entry): Violation[] => {
    const at = entry.at.getTime();
    if (entry.undoes !== undefined) return [];
    const broken = respites.find(
      ({ id, policy, taken, from, until }) =>
        id === idOf(entry.resource) &&
        policy === entry.policy &&
        taken.id !== entry.id &&
        from < at &&
        at < until &&
        isCovered(entry, taken),
    );
    const detail = `${entry.action} on ${entry.resource.id} (${entry.id}) although ${broken?.taken.id} was taken back and is let be`;
    return broken === undefined ? [] : [{ invariant: 'wrong', detail }];
  });
}
