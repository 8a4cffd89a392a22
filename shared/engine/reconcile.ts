import { safe } from '../notify/escape.ts';
import { conclude, type Ending, retold, type Since } from './broken-off.ts';
import { concludeUndo } from './broken-off-undo.ts';
import { outOfTime, type Run } from './context.ts';
import { settle } from './guard.ts';
import { leaseEnd } from './intent.ts';
import type { JournalEntry } from './journal.ts';
import type { PlaceReport, Result } from './outcome.ts';
import { groups, inParallel } from './parallel.ts';
import { enter } from './place.ts';
import type { Shown } from './policy.ts';
import { postponeResources } from './postpone.ts';
import { type Again, readAgain } from './read.ts';
import { keyOf } from './signal.ts';
import { undoOf } from './taken-back.ts';
import type { Change, Resource } from './verdict.ts';
import { brief, where } from './words.ts';

/** More than any crash leaves; what is beyond is dealt with next time. */
const MOST = 100;

/** What earlier runs left open, and the place that stands for a journal that could not be read. */
export interface Reconciled {
  readonly results: readonly Result[];
  readonly places: readonly PlaceReport[];
}

/** Signals that look back first: a schedule of its own, and a person's sweep, which may have no such schedule. */
export function looksBack({
  signal: { cause, scope },
}: Pick<Run<never, never, never, never, never>, 'signal'>) {
  return cause.kind === 'reconciliation' || (cause.kind === 'command-line' && scope.kind === 'sweep');
}

/**
 * Close what earlier runs left open (B5.17): a change whose run broke off is looked at and its end written down, an end
 * that nobody was told about is told. Nothing is changed here; what is still out of policy goes the normal way.
 */
export async function reconcile<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
): Promise<Reconciled> {
  const { ports, policy, limits, signal } = run;
  let open: readonly JournalEntry[];
  try {
    open = await ports.journal.open(policy.name, ports.now(), MOST);
  } catch (error) {
    ports.log.error('What earlier runs left open could not be read', { error });
    const reason = `What earlier runs left open could not be read: ${brief(error)}.`;
    run.warnings.add(reason);
    const { partition, account, region } = signal;
    const place = { partition, account, region, state: 'failed', reason, scanned: 0, compliant: 0 } as const;
    return { results: [], places: signal.cause.kind === 'reconciliation' ? [place] : [] };
  }
  const ours = await inParallel(open, limits.parallel, async (entry) =>
    (await claimed(run, entry)) ? [entry] : [],
  );
  const [ended, broken] = partition(ours.flat(), ({ outcome }) => outcome !== undefined);
  run.ended.push(...ended);
  const looked = await inParallel(
    groups(broken, (entry) => where(entry)),
    limits.parallel,
    (inPlace) => lookInto(run, inPlace),
  );
  return { results: [...ended.flatMap(retold), ...looked.flat()], places: [] };
}

/** Of several runs that look back at once, one has each entry. */
async function claimed<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  entry: JournalEntry,
): Promise<boolean> {
  if (outOfTime(run)) return false;
  try {
    return await run.ports.journal.claim(entry, leaseEnd(run));
  } catch (error) {
    run.ports.log.warn('An open entry could not be taken in hand', { journalId: entry.id, error });
    return false;
  }
}

/** Read the resources of one place again, and end each entry by what they show. */
async function lookInto<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  entries: readonly JournalEntry[],
): Promise<readonly Result[]> {
  const [first] = entries;
  if (!first) return [];
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
    return lookedAt(run, entry, again);
  });
  return results.flat();
}

async function lookedAt<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
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
    // Whose doing it is cannot be told: it stays open until it can.
    run.ports.log.warn('What was done since could not be read', { journalId: entry.id, error });
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
  try {
    await run.ports.journal.finish(entry, written);
    run.ended.push(entry);
  } catch (error) {
    // Taken over by a run that acts on it, or the journal is gone: whichever it is, it stays open.
    run.ports.log.warn('An open entry could not be ended', { journalId: entry.id, error });
    return [];
  }
  // A sweep finds it again by itself.
  if (!stands || run.signal.scope.kind === 'sweep' || again.state !== 'read')
    return written.code === 'broken-off' ? [] : [result];
  const queued = await postponeResources(run, [again.judged], 'time', result.outcome.reason);
  if (written.code !== 'broken-off') return [result];
  return queued.map(({ outcome }) => settle(again.judged, outcome, result.notes));
}

function partition<T>(values: readonly T[], fits: (value: T) => boolean): readonly [T[], T[]] {
  return [values.filter(fits), values.filter((value) => !fits(value))];
}
