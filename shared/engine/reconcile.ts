import { retold } from './broken-off.ts';
import { outOfTime, type Run } from './context.ts';
import { leaseEnd } from './intent.ts';
import type { JournalEntry } from './journal.ts';
import { type Look, lookInto, type Trouble } from './look-back.ts';
import type { PlaceReport, Result } from './outcome.ts';
import { groups, inParallel } from './parallel.ts';
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
  const { ports, policy, limits } = run;
  let open: readonly JournalEntry[];
  try {
    open = await ports.journal.open(policy.name, ports.now(), MOST);
  } catch (error) {
    ports.log.error('What earlier runs left open could not be read', { error });
    return failed(run, `What earlier runs left open could not be read: ${brief(error)}.`);
  }
  // Without the journal nothing of it can be told: it stays open until it can, and that a person has to know.
  const troubles: Trouble[] = [];
  const look: Look<A, S, R, F, C> = { run, trouble: (trouble) => void troubles.push(trouble) };
  const ours = await inParallel(open, limits.parallel, async (entry) =>
    (await claimed(look, entry)) ? [entry] : [],
  );
  const [ended, broken] = partition(ours.flat(), ({ outcome }) => outcome !== undefined);
  run.ended.push(...ended);
  const looked = await inParallel(
    groups(broken, (entry) => where(entry)),
    limits.parallel,
    (inPlace) => lookInto(look, inPlace),
  );
  const results = [...ended.flatMap(retold), ...looked.flat()];
  const [trouble] = troubles;
  if (trouble === undefined) return { results, places: [] };
  for (const { entry, error } of troubles)
    ports.log.warn('An open entry could not be dealt with', { journalId: entry.id, error });
  const reason = `What an earlier run left open could not be dealt with: ${brief(trouble.error)}.`;
  return { results, places: failed(run, reason).places };
}

/** A run that only looks back has failed, and Lambda tries it again; another goes on, with a warning. */
function failed<A, S, R extends Resource, F, C extends Change>(
  { warnings, signal }: Run<A, S, R, F, C>,
  reason: string,
): Reconciled {
  warnings.add(reason);
  const { partition, account, region } = signal;
  const place = { partition, account, region, state: 'failed', reason, scanned: 0, compliant: 0 } as const;
  return { results: [], places: signal.cause.kind === 'reconciliation' ? [place] : [] };
}

/** Of several runs that look back at once, one has each entry. */
async function claimed<A, S, R extends Resource, F, C extends Change>(
  { run, trouble }: Look<A, S, R, F, C>,
  entry: JournalEntry,
): Promise<boolean> {
  if (outOfTime(run)) return false;
  try {
    return await run.ports.journal.claim(entry, leaseEnd(run));
  } catch (error) {
    trouble({ entry, error });
    return false;
  }
}

function partition<T>(values: readonly T[], fits: (value: T) => boolean): readonly [T[], T[]] {
  return [values.filter(fits), values.filter((value) => !fits(value))];
}
