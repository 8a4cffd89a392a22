import { safe } from '../notify/escape.ts';
import { conclude, type Ending, type Since } from './broken-off.ts';
import { concludeUndo } from './broken-off-undo.ts';
import type { Run } from './context.ts';
import { settle } from './guard.ts';
import { type JournalEntry, TakenOver } from './journal.ts';
import type { Result } from './outcome.ts';
import { inParallel } from './parallel.ts';
import { enter } from './place.ts';
import type { Shown } from './policy.ts';
import { postponeResources } from './postpone.ts';
import { type Again, readAgain } from './read.ts';
import { keyOf } from './signal.ts';
import { undoOf } from './taken-back.ts';
import type { Change, Resource } from './verdict.ts';

/** What the journal did not let be dealt with. */
export interface Trouble {
  readonly entry: JournalEntry;
  readonly error: unknown;
}

export interface Look<A, S, R extends Resource, F, C extends Change> {
  readonly run: Run<A, S, R, F, C>;
  readonly trouble: (trouble: Trouble) => void;
}

/** Read the resources of one place again, and end each entry by what they show. */
export async function lookInto<A, S, R extends Resource, F, C extends Change>(
  look: Look<A, S, R, F, C>,
  entries: readonly JournalEntry[],
): Promise<readonly Result[]> {
  const [first] = entries;
  if (!first) return [];
  const { run } = look;
  const { partition, account, region } = first;
  const entered = await enter(run, { partition, account, region });
  const refs = new Map(entries.map(({ resource }) => [keyOf(resource), resource]));
  const seen = 'around' in entered ? await readAgain(run, [...refs.values()], entered.around) : undefined;
  const unread: Again<A, R, C> = {
    state: 'unreadable',
    reason: 'reason' in entered ? entered.reason : 'It was not found.',
  };
  const results = await inParallel(entries, run.limits.parallel, (entry) => {
    const again = seen?.get(keyOf(entry.resource)) ?? unread;
    return lookedAt(look, entry, again);
  });
  return results.flat();
}

async function lookedAt<A, S, R extends Resource, F, C extends Change>(
  { run, trouble }: Look<A, S, R, F, C>,
  entry: JournalEntry,
  again: Again<A, R, C>,
): Promise<readonly Result[]> {
  const { journal, now } = run.ports;
  try {
    if (entry.undoes !== undefined) {
      const all = await journal.recent(entry.resource.arn, new Date(0));
      const original = all.find(({ id }) => id === entry.undoes);
      return await end(run, entry, again, concludeUndo(entry, original, again, now()));
    }
    const later = await journal.recent(entry.resource.arn, entry.at);
    const known = { ...since(later, entry), shown: shownBy(run, entry, again) };
    return await end(run, entry, again, conclude(entry, again, now(), known));
  } catch (error) {
    // Taken over by a run that acts on it: that one tells.
    if (!(error instanceof TakenOver)) trouble({ entry, error });
    return [];
  }
}

/** What it shows; an entry that an older version wrote may be another's language, and is no proof of anything. */
function shownBy<A, S, R extends Resource, F, C extends Change>(
  { policy, ports }: Run<A, S, R, F, C>,
  entry: JournalEntry,
  again: Again<A, R, C>,
): Shown {
  if (again.state !== 'read' || policy.shows === undefined) return 'done';
  try {
    return policy.shows(again.judged.resource, entry);
  } catch (error) {
    ports.log.warn('What a journaled change did could not be compared', { journalId: entry.id, error });
    return 'neither';
  }
}

/** A later run did the same under a fingerprint of its own: one finding has one end (B5.16). Or a person took it back. */
function since(later: readonly JournalEntry[], entry: JournalEntry): Since {
  const { id, policy, action, repeatKey } = entry;
  const undo = undoOf(later, entry);
  const again = later.filter(
    (other) =>
      other.id !== id && other.policy === policy && other.action === action && other.repeatKey === repeatKey,
  );
  const doneAgain = again.some(({ outcome }) => outcome?.result === 'done');
  const begunAgain = again.some(({ outcome, at }) => outcome === undefined && at > entry.at);
  return {
    doneAgain,
    begunAgain,
    ...(undo && { takenBackBy: safe(undo.actor?.name ?? 'somebody unknown', 100) }),
  };
}

async function end<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  entry: JournalEntry,
  again: Again<A, R, C>,
  { written, result, stands }: Ending,
): Promise<readonly Result[]> {
  if (written === undefined) return [result];
  await run.ports.journal.finish(entry, written);
  run.ended.push(entry);
  // A sweep finds it again by itself.
  if (!stands || run.signal.scope.kind === 'sweep' || again.state !== 'read')
    return written.code === 'broken-off' ? [] : [result];
  const queued = await postponeResources(run, [again.judged], 'time', result.outcome.reason);
  if (written.code !== 'broken-off') return [result];
  return queued.map(({ outcome }) => settle(again.judged, outcome, result.notes));
}
