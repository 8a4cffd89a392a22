import { safe } from '../notify/escape.ts';
import type { Intent, JournalEntry } from './journal.ts';

const DAY_MS = 86_400_000;

/** As long as an exemption by tag may ever run (B6.7). */
export const LONGEST_EXEMPTION_MS = 90 * DAY_MS;

/**
 * The undo by which this very change, or part of it, is let be for a while: whoever took it back must not see it done
 * again by the event of the undo itself (B6.19). One that failed or found nothing to take back exempts nothing.
 */
export function exemptedBy(
  entries: readonly JournalEntry[],
  next: Pick<Intent, 'policy' | 'action' | 'repeatKey'>,
  now: Date,
): JournalEntry | undefined {
  return entries.find(
    (entry) =>
      entry.undoes !== undefined &&
      entry.policy === next.policy &&
      entry.exemptUntil !== undefined &&
      entry.exemptUntil > now &&
      holds(entry.outcome) &&
      covers(entry, next),
  );
}

/** What is still to be carried on, e.g. once Glacier has given its objects back, is exempt like what is done. */
function holds(outcome: JournalEntry['outcome']): boolean {
  return outcome === undefined || outcome.result === 'done' || outcome.code === 'time';
}

/** Whatever goes beyond what was taken back, e.g. one more open port, is none of it. */
function covers(undo: JournalEntry, next: Pick<Intent, 'action' | 'repeatKey'>): boolean {
  if (undo.repeatKey === undefined || next.repeatKey === undefined)
    return undo.repeatKey === next.repeatKey && undo.parameters.action === next.action;
  const taken = new Set(undo.repeatKey.split('; '));
  return next.repeatKey.split('; ').every((part) => taken.has(part));
}

/** Why it is let be, for people. */
export function exemptionSentence({ actor, exemptUntil, reason, undoes }: JournalEntry): string {
  const who = safe(actor?.name ?? 'somebody unknown', 100);
  return `Exempt until ${exemptUntil?.toISOString()}: ${who} took entry ${undoes} back (${safe(reason, 300)}).`;
}
