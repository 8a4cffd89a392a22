import { UNDO, undoFingerprint } from './history.ts';
import type { Intent, JournalEntry, JournalOutcome } from './journal.ts';
import type { Undoing } from './undo.ts';
import type { UndoOutcome } from './undo-outcome.ts';
import { refused } from './undo-refusal.ts';
import { brief } from './words.ts';

/** An undo that died is free to be taken up again after this time at the latest, ms. */
const LEASE_MS = 120_000;

/** The intent is the exemption too: in one write, before anything is changed (B6.16, B6.19). */
export async function beginUndo<A>(
  { ports, request, id: run, exemptUntil }: Undoing<A>,
  entry: JournalEntry,
  will: string,
): Promise<{ readonly intent: Intent } | UndoOutcome> {
  const at = ports.now();
  const { partition, account, region, policy, resource, repeatKey } = entry;
  const intent: Intent = {
    ...{ partition, account, region, policy, resource },
    id: ports.newId(),
    run,
    fingerprint: undoFingerprint(entry.id),
    ...(repeatKey !== undefined && { repeatKey }),
    action: UNDO,
    summary: `Take back: ${entry.summary}`,
    parameters: { entry: entry.id, action: entry.action, will, force: request.force },
    before: entry.outcome?.after ?? null,
    undo: `The policy acts again by itself after ${exemptUntil.toISOString()}.`,
    reasonCode: 'taken-back',
    reason: request.reason ?? 'No reason was given.',
    signalId: request.signalId,
    cause: request.cause,
    actor: request.actor,
    at,
    leaseUntil: new Date(at.getTime() + Math.min(ports.remainingMs(), LEASE_MS)),
    undoes: entry.id,
    exemptUntil,
  };
  try {
    const begun = await ports.journal.begin(intent);
    if (begun === 'begun') return { intent };
    return begun === 'already-done'
      ? refused('already-undone', 'It was taken back a moment ago.')
      : refused('under-way', 'Another undo of it is under way; try again in a few minutes.');
  } catch (error) {
    ports.log.error('The journal could not be used', { entry: entry.id, error });
    const reason = `Nothing was changed, because the journal could not be used: ${brief(error)}.`;
    return { outcome: 'failed', code: 'journal-unavailable', reason };
  }
}

/** Write the end of an undo; what cannot be written is a note. */
export async function finishUndo<A>(
  { ports }: Undoing<A>,
  intent: Intent,
  { outcome, code, reason }: UndoOutcome,
  after: JournalOutcome['after'],
  notes: string[],
): Promise<void> {
  const result = outcome === 'undone' ? 'done' : outcome === 'refused' && code === 'gone' ? 'gone' : 'failed';
  const requestId = undefined;
  try {
    await ports.journal.finish(intent, { result, code, reason, after, requestId, at: ports.now() }, 'told');
  } catch (error) {
    ports.log.error('An outcome could not be journaled', { journalId: intent.id, error });
    notes.push(`The end could not be written to the journal (${intent.id}): ${brief(error)}.`);
  }
}
