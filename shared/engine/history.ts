import type { JournalEntry } from './journal.ts';

/** Reading the journal back, newest first and page by page, so that a year of it needs no more memory than a page. */
export interface History {
  /** What was written from `since` up to `until`. */
  between(since: Date, until: Date): AsyncIterable<readonly JournalEntry[]>;
  ofRun(run: string): AsyncIterable<readonly JournalEntry[]>;
  ofResource(arn: string, since: Date): AsyncIterable<readonly JournalEntry[]>;
  entry(id: string): Promise<JournalEntry | undefined>;
  /** The undo of each of these entries, where one was begun, by the id of what it takes back. */
  undoneBy(entries: readonly JournalEntry[]): Promise<ReadonlyMap<string, JournalEntry>>;
}

/** The action under which an undo is journaled, whatever it takes back. */
export const UNDO = 'undo';

/** An undo is the same for the same entry, so that nothing is taken back twice. */
export function undoFingerprint(entryId: string): string {
  return `${UNDO} ${entryId}`;
}

/** Newest first; of the same moment by resource, and then by id: the same entries always come in the same order. */
export function newestFirst(entries: readonly JournalEntry[]): readonly JournalEntry[] {
  const byText = (one: string, other: string) => Number(one > other) - Number(one < other);
  return entries.toSorted(
    (one, other) =>
      other.at.getTime() - one.at.getTime() ||
      byText(one.resource.arn, other.resource.arn) ||
      byText(one.id, other.id),
  );
}
