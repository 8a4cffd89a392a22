import type { JournalEntry } from './journal.ts';
import type { RefusalCode, UndoOutcome, UndoRequest } from './undo-outcome.ts';
import { undoability } from './undoability.ts';
import type { Standing, WayBack } from './way-back.ts';

/** Left as it is, and why. */
export function refused(code: RefusalCode, reason: string): UndoOutcome {
  return { outcome: 'refused', code, reason };
}

/** Why the journal alone says no. */
export function refusalByJournal(
  entry: JournalEntry,
  earlier: JournalEntry | undefined,
  now: Date,
): UndoOutcome | undefined {
  const { code, can, sentence } = undoability(entry, earlier, now);
  if (can !== 'no') return undefined;
  switch (code) {
    case 'undone': {
      const by = earlier?.actor?.name ?? 'somebody unknown';
      return refused('already-undone', `It was taken back by ${by}, ${sentence} (entry ${earlier?.id}).`);
    }
    case 'an-undo':
      return refused(
        'an-undo',
        'It is an undo itself: once its exemption is over the policy acts again by itself.',
      );
    case 'under-way':
      return refused('under-way', `It is ${sentence}; try again in a few minutes.`);
    default:
      return refused('nothing-changed', 'It found nothing left to change, so there is nothing to take back.');
  }
}

/** Anything but "as Reeve left it" is left alone, and said with what differs (B6.18). */
export function refusalByState(standing: Standing): UndoOutcome | undefined {
  switch (standing.state) {
    case 'ours':
      return undefined;
    case 'changed':
      return refused('changed', `It is not as Reeve left it: ${standing.differs.join('; ')}.`);
    default:
      return refused(standing.state, standing.reason);
  }
}

/** What opens a door again, or rests on a guess, has to be asked for twice. */
export function needsForce<A>(
  wayBack: WayBack<A>,
  entry: JournalEntry,
  { force, reason }: UndoRequest,
  will: string,
): UndoOutcome | undefined {
  if (force && reason !== undefined) return undefined;
  if (undoability(entry, undefined, entry.leaseUntil).can === 'maybe') {
    const end =
      entry.outcome?.result === 'failed'
        ? `It ended as failed (${entry.outcome.code})`
        : 'The run died over it, so that its end is not known';
    const reason = `${end}. What is there now looks as if it had been done. ${will} To do that all the same: --force with --reason.`;
    return refused('needs-force', reason);
  }
  if (wayBack.kind !== 'security') return undefined;
  return refused(
    'needs-force',
    `${will} That undoes what a security policy did: it needs --force with --reason.`,
  );
}
