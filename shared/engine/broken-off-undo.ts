import { type Ending, GIVE_UP_MS, isAlike, resultOf } from './broken-off.ts';
import { sightOf } from './conclusion.ts';
import type { JournalEntry } from './journal.ts';
import type { Outcome } from './outcome.ts';
import type { Again } from './read.ts';
import { isAbout } from './taken-back.ts';
import type { Change, Resource } from './verdict.ts';
import { shown } from './words.ts';

interface Concluded {
  readonly outcome: Outcome;
  readonly written: 'done' | 'gone' | 'failed' | undefined;
}

/**
 * How an undo ends that broke off, and that nobody asked for again while it exempted what it was about (B6.19). Nothing
 * is taken back here: a person's wish of yesterday is no reason to act today. But where the policy would do the very
 * same change again, that change has been taken back, and has to be free to be made anew.
 */
export function concludeUndo<A, R extends Resource, C extends Change>(
  entry: JournalEntry,
  original: JournalEntry | undefined,
  again: Again<A, R, C>,
  now: Date,
): Ending {
  const { outcome, written } = endOf(entry, original, again, now);
  const { reason } = outcome;
  const code = written === 'done' ? 'taken-back' : outcome.code;
  const resource = again.state === 'read' ? shown(again.judged.resource) : undefined;
  return {
    written: written && {
      ...{ result: written, code, reason, requestId: undefined, at: now },
      after: written === 'gone' ? { found: 'gone' } : null,
    },
    result: resultOf(entry, outcome, resource),
    stands: sightOf(again) === 'violating',
  };
}

function endOf<A, R extends Resource, C extends Change>(
  { summary, at }: JournalEntry,
  original: JournalEntry | undefined,
  again: Again<A, R, C>,
  now: Date,
): Concluded {
  const brokeOff = `${summary}: the undo broke off, and nobody asked for it again`;
  const failed = (how: string): Concluded => ({
    outcome: { outcome: 'failed', code: 'unverified', reason: `${brokeOff}; ${how}` },
    written: 'failed',
  });
  switch (sightOf(again)) {
    case 'gone':
      return {
        outcome: { outcome: 'skipped', code: 'gone', reason: `${brokeOff}; it is gone by now.` },
        written: 'gone',
      };
    case 'violating': {
      const { verdict } = again.state === 'read' ? again.judged : {};
      const remedy = verdict?.verdict === 'violation' ? verdict.remedy : undefined;
      if (!original || !(isAbout(original, remedy?.fingerprint) || isAlike(original, remedy)))
        return failed('it is out of policy by now, which is looked at on its own.');
      const reason = `${brokeOff}; by now it is as it was before the change, which is looked at anew.`;
      return { outcome: { outcome: 'skipped', code: 'changed', reason }, written: 'done' };
    }
    case 'in-order':
    case 'remainder':
      return failed('by now nothing of it is out of policy, and whether it was taken back cannot be told.');
    case 'unsure': {
      const why = again.state === 'unreadable' ? again.reason : 'it cannot be judged';
      if (now.getTime() - at.getTime() > GIVE_UP_MS)
        return failed(`for a week nobody could tell what became of it (${why}).`);
      const reason = `${brokeOff}; what became of it cannot be told yet: ${why}`;
      return { outcome: { outcome: 'failed', code: 'unreadable', reason }, written: undefined };
    }
  }
}
