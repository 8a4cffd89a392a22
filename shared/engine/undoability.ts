import { UNDO } from './history.ts';
import type { JournalEntry } from './journal.ts';

/** Whether an entry can be taken back, as far as the journal alone tells; the state of the resource has the last word. */
export interface Undoability {
  /** `maybe`: its end is not known, so what there is now has to be looked at by a person. */
  readonly can: 'yes' | 'no' | 'maybe';
  readonly code: 'standing' | 'an-undo' | 'undone' | 'under-way' | 'nothing-changed' | 'unknown-end';
  /** A few words, for a table. */
  readonly sentence: string;
}

/** What the journal says about taking this entry back; `undo` is the undo that was begun, if there is one. */
export function undoability(entry: JournalEntry, undo: JournalEntry | undefined, now: Date): Undoability {
  const { outcome, leaseUntil } = entry;
  if (entry.action === UNDO) return { can: 'no', code: 'an-undo', sentence: 'is an undo itself' };
  if (undo?.outcome?.result === 'done') {
    const sentence = `undone ${undo.outcome.at.toISOString().slice(0, 16).replace('T', ' ')}`;
    return { can: 'no', code: 'undone', sentence };
  }
  if (undo !== undefined && undo.outcome === undefined && undo.leaseUntil > now)
    return { can: 'no', code: 'under-way', sentence: 'its undo is under way' };
  if (outcome === undefined && leaseUntil > now)
    return { can: 'no', code: 'under-way', sentence: 'still under way' };
  if (outcome === undefined)
    return { can: 'maybe', code: 'unknown-end', sentence: 'its end is not known: look first' };
  if (outcome.result === 'gone' && outcome.after === null)
    return { can: 'no', code: 'nothing-changed', sentence: 'nothing was changed' };
  // Whoever closed an entry that was left open saw the state, not who had made it so.
  if (outcome.code === 'found-in-order')
    return { can: 'maybe', code: 'unknown-end', sentence: 'its run broke off: look first' };
  if (outcome.result === 'failed')
    return { can: 'maybe', code: 'unknown-end', sentence: 'it failed: look first' };
  return { can: 'yes', code: 'standing', sentence: 'if nobody changed it since' };
}
