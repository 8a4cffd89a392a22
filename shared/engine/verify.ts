import type { Carried } from './attempt.ts';
import type { Run } from './context.ts';
import { settle } from './guard.ts';
import type { JournalOutcome } from './journal.ts';
import type { Outcome, Result } from './outcome.ts';
import { groups, inParallel } from './parallel.ts';
import { type Again, readAgain } from './read.ts';
import type { Change, Resource } from './verdict.ts';
import { brief, where } from './words.ts';

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
    const open = carried.filter((each) => !isSettled(seen.get(each)));
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
      const reading = again.get(each.target.resource.id);
      if (reading) seen.set(each, reading);
    }
  }
  return seen;
}

type Sight = 'gone' | 'in-order' | 'remainder' | 'violating' | 'unsure';

/** `remainder`: what still stands is nothing that the policy would remedy, so nothing of this change is left. */
function sightOf<A, R extends Resource, C extends Change>(again: Again<A, R, C> | undefined): Sight {
  if (!again || again.state === 'unreadable') return 'unsure';
  if (again.state === 'gone') return 'gone';
  const { verdict } = again.judged;
  if (verdict.verdict === 'unknown') return 'unsure';
  if (verdict.verdict !== 'violation') return 'in-order';
  return verdict.remedy ? 'violating' : 'remainder';
}

function isSettled<A, R extends Resource, C extends Change>(again: Again<A, R, C> | undefined): boolean {
  const sight = sightOf(again);
  return sight !== 'violating' && sight !== 'unsure';
}

async function conclude<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  carried: Carried<A, R, C>,
  again: Again<A, R, C> | undefined,
): Promise<Result> {
  const { target, intent, acted } = carried;
  const notes = [...carried.notes];
  const sight = sightOf(again);
  if (sight === 'remainder' && again?.state === 'read')
    notes.push(`What remains: ${again.judged.verdict.reason}`);
  const outcome = outcomeOf(carried, sight);
  const written: JournalOutcome = {
    result:
      outcome.outcome === 'failed'
        ? 'failed'
        : outcome.outcome === 'skipped' || sight === 'gone'
          ? 'gone'
          : 'done',
    code: outcome.code,
    reason: outcome.reason,
    after: acted.result === 'done' ? acted.after : null,
    requestId: acted.result === 'done' ? acted.requestId : undefined,
    at: run.ports.now(),
  };
  try {
    await run.ports.journal.finish(intent, written);
  } catch (error) {
    run.ports.log.error('An outcome could not be journaled', { journalId: intent.id, error });
    const note = `The outcome could not be written to the journal (${intent.id}): ${brief(error)}.`;
    notes.push(note);
    run.warnings.add(note);
  }
  return settle(target, outcome, notes);
}

/** What the call answered and what the second reading shows, together; the reading has the last word. */
function outcomeOf<A, R extends Resource, C extends Change>(
  { acted, intent, target }: Carried<A, R, C>,
  sight: Sight,
): Outcome {
  const { summary } = target.verdict.remedy;
  const journalId = intent.id;
  if (acted.result === 'failed' && !(acted.uncertain && (sight === 'in-order' || sight === 'remainder'))) {
    if (sight === 'gone')
      return { outcome: 'skipped', code: 'gone', reason: 'It is gone; nothing was left to change.' };
    if (sight === 'in-order')
      return {
        outcome: 'skipped',
        code: 'changed',
        reason: `Somebody else put it in order meanwhile (${acted.code}).`,
      };
    return { outcome: 'failed', code: acted.code, reason: acted.reason };
  }
  switch (sight) {
    case 'gone':
      return acted.result === 'done'
        ? {
            outcome: 'done',
            code: 'gone',
            reason: `${summary}: done; it is gone altogether by now.`,
            journalId,
          }
        : { outcome: 'skipped', code: 'gone', reason: 'It is gone; nothing was left to change.' };
    case 'in-order':
    case 'remainder':
      return acted.result === 'gone'
        ? { outcome: 'skipped', code: 'gone', reason: acted.reason }
        : {
            outcome: 'done',
            code: 'remedied',
            reason: `${summary}: done, and seen by reading again.`,
            journalId,
          };
    case 'violating':
      return {
        outcome: 'failed',
        code: 'still-violating',
        reason: `${summary}: carried out, but reading again shows it still, or again, out of policy.`,
      };
    case 'unsure':
      return {
        outcome: 'failed',
        code: 'unverified',
        reason: `${summary}: carried out, but it could not be read again to make sure.`,
      };
  }
}
