import type { History } from './history.ts';
import type { Journal, JournalEntry } from './journal.ts';
import { groups, inParallel } from './parallel.ts';
import type { Ports } from './ports.ts';
import { takeBack } from './take-back.ts';
import type { UndoReport, UndoRequest, UndoResult } from './undo-outcome.ts';
import type { WayBack } from './way-back.ts';

/** Everything outside that an undo needs, injected. */
export interface UndoPorts<A>
  extends Pick<Ports<A>, 'now' | 'sleep' | 'random' | 'newId' | 'enter' | 'remainingMs' | 'log'> {
  readonly journal: Journal;
  readonly history: History;
  /** How a policy's changes are taken back; undefined for a policy that there is not (any more). */
  wayBack(policy: string): Promise<WayBack<A> | undefined>;
  /** A function does it, on somebody's word: what takes a person's own rights is refused. */
  readonly unattended?: boolean;
}

/** What every step of one undo shares. */
export interface Undoing<A> {
  readonly id: string;
  readonly request: UndoRequest;
  readonly exemptUntil: Date;
  readonly ports: UndoPorts<A>;
}

/** Resources at once. Each start takes five seconds to be seen through, and EC2 refills two starts a second. */
const AT_ONCE = 10;

/**
 * Take one entry, or all entries of a run, back: newest first, one that fails never stops the others. Undefined when the
 * journal knows no such entry or run. A person's act, so the kill switch, which stops Reeve's own, does not stop it.
 */
export async function undo<A>(request: UndoRequest, ports: UndoPorts<A>): Promise<UndoReport | undefined> {
  const startedAt = ports.now();
  const exemptUntil = new Date(startedAt.getTime() + request.exemptMs);
  const undoing: Undoing<A> = { id: ports.newId(), request, exemptUntil, ports };
  const results: UndoResult[] = [];
  let found = false;
  for await (const page of pagesOf(request.target, ports.history)) {
    found = true;
    results.push(...(await takePageBack(undoing, page)));
  }
  if (!found) return undefined;
  const count = (wanted: UndoResult['outcome']['outcome']) =>
    results.filter(({ outcome }) => outcome.outcome === wanted).length;
  return {
    run: undoing.id,
    request,
    startedAt,
    finishedAt: ports.now(),
    exemptUntil,
    results,
    counts: {
      undone: count('undone'),
      refused: count('refused'),
      failed: count('failed'),
      left: count('left'),
    },
  };
}

async function* pagesOf(target: string, history: History): AsyncGenerator<readonly JournalEntry[]> {
  const entry = await history.entry(target);
  if (entry !== undefined) yield [entry];
  else yield* history.ofRun(target);
}

/** Changes of one resource one after the other, newest first; of several at once. The order of the page is kept. */
async function takePageBack<A>(
  undoing: Undoing<A>,
  page: readonly JournalEntry[],
): Promise<readonly UndoResult[]> {
  const undos = await undoing.ports.history.undoneBy(page);
  const perResource = groups(page, ({ resource }) => resource.arn);
  const results = await inParallel(perResource, AT_ONCE, async (entries) => {
    const ended: UndoResult[] = [];
    for (const entry of entries) ended.push(await takeBack(undoing, entry, undos.get(entry.id)));
    return ended;
  });
  const order = new Map(page.map(({ id }, index) => [id, index]));
  return results.flat().sort((a, b) => (order.get(a.entry.id) ?? 0) - (order.get(b.entry.id) ?? 0));
}
