import type { Carried } from './attempt.ts';
import { isFinal, isSettled, outcomeOf, sightOf } from './conclusion.ts';
import type { Run } from './context.ts';
import { settle } from './guard.ts';
import type { JournalOutcome } from './journal.ts';
import type { Result } from './outcome.ts';
import { groups, inParallel } from './parallel.ts';
import { type Again, readAgain } from './read.ts';
import { isSevere } from './severity.ts';
import { keyOf } from './signal.ts';
import type { Change, Resource } from './verdict.ts';
import { brief, called, where } from './words.ts';

/** Read the changed resources again, one `find` per place and try, until each shows its remedy or the waits are over. */
export async function verify<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  carried: readonly Carried<A, R, C>[],
): Promise<Result[]> {
  const results: Result[] = [];
  for (const inPlace of groups(carried, ({ target }) => where(target.around.place))) {
    const seen = await watch(run, inPlace);
    results.push(
      ...(await inParallel(inPlace, run.limits.parallel, (each) => conclude(run, each, seen.get(each)))),
    );
  }
  return results;
}

async function watch<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  carried: readonly Carried<A, R, C>[],
): Promise<Map<Carried<A, R, C>, Again<A, R, C>>> {
  const seen = new Map<Carried<A, R, C>, Again<A, R, C>>();
  for (const wait of [0, ...run.limits.waits]) {
    const open = carried.filter((each) => !isFinal(each) && !isSettled(seen.get(each)));
    const [first] = open;
    if (!first) break;
    if (wait > 0) {
      // A denied call will not show by waiting; and the outcome has to be written before the invocation ends.
      const hopeful = open.some(({ acted }) => acted.result !== 'failed' || acted.uncertain);
      if (!hopeful || run.ports.remainingMs() < wait + run.limits.reserveMs / 4) break;
      await run.ports.sleep(wait);
    }
    const resources = open.map(({ target }) => target.resource);
    const again = await readAgain(run, resources, first.target.around);
    for (const each of open) {
      const reading = again.get(keyOf(each.target.resource));
      if (reading) seen.set(each, reading);
    }
  }
  return seen;
}

async function conclude<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  carried: Carried<A, R, C>,
  again: Again<A, R, C> | undefined,
): Promise<Result> {
  const { target, intent, acted } = carried;
  const notes = [...carried.notes];
  for (const concern of (acted.result === 'done' && acted.attention) || []) {
    notes.push(concern);
    run.pages.add(`${called(target.resource)}: ${concern}`);
  }
  const sight = sightOf(again);
  if (sight === 'remainder' && again?.state === 'read') {
    const remains = `What remains: ${again.judged.verdict.reason}`;
    notes.push(remains);
    if (isSevere(again.judged.verdict)) run.pages.add(`${called(target.resource)}: ${remains}`);
  }
  const outcome = outcomeOf(carried, sight);
  const written: JournalOutcome = {
    result:
      // What was left on purpose is open to a later attempt, as what failed is.
      outcome.outcome === 'failed' || acted.result === 'left'
        ? 'failed'
        : outcome.outcome === 'skipped' || sight === 'gone'
          ? 'gone'
          : 'done',
    code: outcome.code,
    reason: outcome.reason,
    after: 'after' in acted ? (acted.after ?? null) : null,
    requestId: acted.result === 'done' ? acted.requestId : undefined,
    at: run.ports.now(),
  };
  try {
    await run.ports.journal.finish(intent, written);
    run.ended.push(intent);
  } catch (error) {
    run.ports.log.error('An outcome could not be journaled', { journalId: intent.id, error });
    const note = `The outcome could not be written to the journal (${intent.id}): ${brief(error)}.`;
    notes.push(note);
    run.warnings.add(note);
  }
  return settle(target, outcome, notes);
}
