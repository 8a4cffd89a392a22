import { safe } from '../notify/escape.ts';
import { sightOf } from './conclusion.ts';
import type { JournalEntry, JournalOutcome } from './journal.ts';
import type { Outcome, Result } from './outcome.ts';
import type { Shown } from './policy.ts';
import type { Again } from './read.ts';
import { isAbout } from './taken-back.ts';
import type { Change, Resource, Violation } from './verdict.ts';
import { shown } from './words.ts';

/** How a change ends whose run broke off; without `written` it stays open and is looked at again. */
export interface Ending {
  readonly written: JournalOutcome | undefined;
  readonly result: Result;
  /** It is out of policy as it stands: where no sweep does it anyway, it has to be looked at on its own. */
  readonly stands: boolean;
}

/** What cannot be read for so long is left to a person. */
export const GIVE_UP_MS = 7 * 86_400_000;

/** What is known of the same change since then: another run that did it, who took it back, what its resource shows. */
export interface Since {
  readonly doneAgain?: boolean;
  /** Another run began it since, which saw it undone by then, and its end is not known yet. */
  readonly begunAgain?: boolean;
  readonly takenBackBy?: string;
  /** What stands now, where it is in order. */
  readonly shown?: Shown;
}

/** By what a reading shows long after the run broke off: nothing of it can be under way any more. */
export function conclude<A, R extends Resource, C extends Change>(
  entry: JournalEntry,
  again: Again<A, R, C>,
  now: Date,
  since: Since = {},
): Ending {
  const { outcome, result } = endOf(entry, again, now, since);
  const { code, reason } = outcome;
  const resource = again.state === 'read' ? shown(again.judged.resource) : undefined;
  return {
    written: result && {
      ...{ result, code, reason, requestId: undefined, at: now },
      after: result === 'gone' ? { found: 'gone' } : null,
    },
    result: resultOf(entry, outcome, resource),
    stands: sightOf(again) === 'violating' && since.takenBackBy === undefined,
  };
}

function endOf<A, R extends Resource, C extends Change>(
  entry: JournalEntry,
  again: Again<A, R, C>,
  now: Date,
  since: Since,
): { readonly outcome: Outcome; readonly result: JournalOutcome['result'] | undefined } {
  const { id: journalId, summary, at } = entry;
  const brokeOff = `${summary}: the run that began it broke off`;
  const sight = sightOf(again);
  const { takenBackBy } = since;
  if (takenBackBy !== undefined && sight !== 'gone') {
    const reason = `${brokeOff}, and ${takenBackBy} took back what it had done.`;
    return { outcome: { outcome: 'failed', code: 'superseded', reason }, result: 'failed' };
  }
  switch (sight) {
    case 'gone':
      return {
        outcome: { outcome: 'done', code: 'gone', reason: `${brokeOff}; it is gone by now.`, journalId },
        result: 'gone',
      };
    case 'remainder': {
      // Nothing that would be remedied now: perhaps because it was, perhaps because its remedy is not known any more.
      const reason = `${brokeOff}, and what stands now does not tell whether it was done; a person has to look.`;
      return { outcome: { outcome: 'failed', code: 'unverified', reason }, result: 'failed' };
    }
    case 'in-order':
      return inOrder(brokeOff, journalId, since);
    case 'violating': {
      const { verdict } = again.state === 'read' ? again.judged : {};
      const remedy = verdict?.verdict === 'violation' ? verdict.remedy : undefined;
      const same =
        isAbout(entry, remedy?.fingerprint) || (since.shown === 'not-done' && isAlike(entry, remedy));
      const reason = same
        ? `${brokeOff} before it was done; it is looked at anew.`
        : `${brokeOff}; it is out of policy again, or still, which is looked at on its own.`;
      const code = same ? 'broken-off' : 'superseded';
      return { outcome: { outcome: 'failed', code, reason }, result: 'failed' };
    }
    case 'unsure': {
      const why = again.state === 'unreadable' ? again.reason : 'it cannot be judged';
      if (now.getTime() - at.getTime() > GIVE_UP_MS) {
        const reason = `${brokeOff}, and for a week nobody could tell what became of it (${why}); a person has to look.`;
        return { outcome: { outcome: 'failed', code: 'unverified', reason }, result: 'failed' };
      }
      const reason = `${brokeOff}, and what became of it cannot be told yet: ${why}`;
      return { outcome: { outcome: 'failed', code: 'unreadable', reason }, result: undefined };
    }
  }
}

/** The same change under another fingerprint: of a tag, which may be taken off and written again, that is every few minutes. */
export function isAlike({ action, repeatKey }: JournalEntry, remedy: Change | undefined): boolean {
  return repeatKey !== undefined && remedy?.action === action && remedy.repeatKey === repeatKey;
}

/** In order is not yet done: another run, or somebody else, may have made it so. */
function inOrder(
  brokeOff: string,
  journalId: string,
  { doneAgain, begunAgain, shown: trace = 'done' }: Since,
) {
  const superseded = (how: string) => ({
    outcome: { outcome: 'failed', code: 'superseded', reason: `${brokeOff}${how}` } as const,
    result: 'failed' as const,
  });
  if (doneAgain) return superseded(', and a later run did it.');
  if (begunAgain) return superseded(' before it was done, and a later run began it anew.');
  if (trace === 'not-done') return superseded(' before it was done; by now it is in order without it.');
  if (trace === 'neither')
    return superseded('; by now it is in order in another way, so it cannot be told whether it was done.');
  const reason = `${brokeOff}, and it was found in order afterwards.`;
  const outcome = { outcome: 'done', code: 'found-in-order', reason, journalId } as const;
  return { outcome, result: 'done' as const };
}

/** Nothing was changed then, or another run carries it on: the finding itself is told by the next look at it. */
const TOLD_OTHERWISE: readonly string[] = ['unfinished', 'changed', 'protected', 'broken-off'];

/** An end that is in the journal, and whose message was lost. */
export function retold(entry: JournalEntry): readonly Result[] {
  const { outcome: ended } = entry;
  if (ended === undefined || TOLD_OTHERWISE.includes(ended.code)) return [];
  // What went while it was being changed was changed all the same.
  if (ended.result === 'gone' && ended.after === null) return [];
  return [resultOf(entry, toldOf(entry, ended))];
}

function toldOf({ id: journalId, undoes }: JournalEntry, { result, code, reason }: JournalOutcome): Outcome {
  if (result === 'failed') return { outcome: 'failed', code, reason };
  if (undoes === undefined) return { outcome: 'done', code, reason, journalId };
  return { outcome: 'skipped', code: result === 'gone' ? 'gone' : 'changed', reason };
}

export function resultOf(entry: JournalEntry, outcome: Outcome, resource?: Result['resource']): Result {
  const { partition, account, region, at, cause, actor } = entry;
  const by = actor === undefined ? '' : ` by ${actor.name}`;
  return {
    partition,
    account,
    region,
    resource: resource ?? { ...entry.resource, tags: new Map() },
    verdict: verdictOf(entry),
    outcome,
    notes: [`It was begun on ${at.toISOString()}, because of ${cause.name}${by}.`],
  };
}

/** The finding as it was when the change began; of an undo, whose wish it was. */
function verdictOf(entry: JournalEntry): Violation<Change> {
  const {
    reasonCode,
    undoes,
    actor,
    severity = 'medium',
    action,
    summary,
    fingerprint,
    before,
    undo,
    parameters,
  } = entry;
  const remedy: Change = { action, summary, fingerprint, before, undo, parameters };
  const who = safe(actor?.name ?? 'somebody unknown', 100);
  const reason = undoes === undefined ? entry.reason : `${who} asked for it: ${entry.reason}`;
  return { verdict: 'violation', reasonCode, reason, evidence: [], severity, remedy, advice: [] };
}
