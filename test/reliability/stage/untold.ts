import { safe } from '../../../shared/notify/escape.ts';
import { type Entry, idOf } from './journal.ts';
import type { Letter, Told } from './letters.ts';

const DAY = 86_400_000;

/** Nothing was changed, or another run carries it on: what is to be known is the finding, as it stands then. */
const FINDING_TELLS: readonly string[] = ['unfinished', 'changed', 'protected', 'broken-off'];

/** Ends of changes that nobody was told of: each has to stand in a letter, with its own id or its own words. */
export function untold(entries: readonly Entry[], letters: readonly Letter[]): readonly Entry[] {
  return entries.filter((entry) => isOwed(entry) && !isTold(entry, entries, letters));
}

/** An undo answers whoever asked for it, and so does the command line. */
function isOwed({ outcome, undoes, cause }: Entry): boolean {
  if (outcome === undefined || undoes !== undefined || cause.kind === 'command-line') return false;
  // What was gone before it was touched was not changed.
  if (outcome.result === 'gone') return outcome.after !== null;
  return outcome.result === 'done' || !FINDING_TELLS.includes(outcome.code);
}

function isTold(entry: Entry, entries: readonly Entry[], letters: readonly Letter[]): boolean {
  const { outcome, policy } = entry;
  const at = outcome?.at.getTime() ?? 0;
  const id = idOf(entry.resource);
  const said = (since: number, says: (told: Told) => boolean) =>
    letters.some(
      (letter) =>
        letter.policy === policy &&
        letter.at >= since &&
        letter.told.some((told) => told.id === id && says(told)),
    );
  if (outcome?.result !== 'failed') return said(at, (told) => saysDone(told, entry));
  // The same end of the same finding is told once a day (B5.38).
  const reasons = entries.flatMap((other) =>
    other.resource.arn === entry.resource.arn && other.outcome?.code === outcome.code
      ? [safe(other.outcome.reason)]
      : [],
  );
  return said(at - DAY, ({ words }) => reasons.some((reason) => words.includes(reason)));
}

function saysDone({ heading, words }: Told, { id }: Entry): boolean {
  return heading === 'Done' && `${words}\n`.includes(`  Journal: ${id}\n`);
}

/** In how many messages people read that it was done. */
export function timesTold(entry: Entry, letters: readonly Letter[]): number {
  return letters.filter(({ told }) => told.some((one) => saysDone(one, entry))).length;
}
