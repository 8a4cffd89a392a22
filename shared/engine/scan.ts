import { assess } from './assess.ts';
import { type Judged, outOfTime, type Run } from './context.ts';
import type { PlaceReport } from './outcome.ts';
import { ahead, inParallel } from './parallel.ts';
import { enter, refusalIn } from './place.ts';
import type { Missing, Surroundings } from './policy.ts';
import { postponePlace } from './postpone.ts';
import { readNamed, refsIn } from './read.ts';
import type { Place } from './signal.ts';
import { Tray } from './tray.ts';
import { bearsMark } from './unmarking.ts';
import type { Change, Resource, Verdict } from './verdict.ts';
import { brief, where } from './words.ts';

/** What all places hold: the verdicts to deal with, and how far each place was read. */
export interface Scan<A, R extends Resource, C extends Change> {
  readonly tray: Tray<A, R, C>;
  readonly places: readonly PlaceReport[];
}

/** Read and judge all places; one that fails never stops the others. */
export async function scan<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  places: readonly Place[],
): Promise<Scan<A, R, C>> {
  const tray = new Tray<A, R, C>(run.limits.maxResults, (resource) => bearsMark(run, resource));
  const alone = places.length === 1;
  const reports = await inParallel(places, run.limits.parallel, async (place): Promise<PlaceReport> => {
    const tally = { scanned: 0, compliant: 0 };
    const end = await scanPlace(run, place, tray, alone, (page) => {
      tally.scanned += page.length;
      tally.compliant += tray.add(page);
    });
    return { ...place, ...end, ...tally };
  });
  return { tray, places: reports };
}

type End = Pick<PlaceReport, 'state' | 'reason'>;

async function scanPlace<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  place: Place,
  tray: Tray<A, R, C>,
  alone: boolean,
  take: (page: readonly Judged<A, R, Verdict<C>>[]) => void,
): Promise<End> {
  if (outOfTime(run))
    return await outOfTimeFor(run, place, tray, alone && run.signal.cause.kind === 'continuation');
  const entered = await enter(run, place);
  if (!('around' in entered)) return unread(run, tray, place, entered);
  try {
    for await (const page of readPlace(run, entered.around, tray)) {
      // A sweep of one place gets the whole invocation: queueing it again would never end. A person who stops it may go on.
      if (page === 'out-of-time')
        return await outOfTimeFor(run, place, tray, alone && run.signal.cause.kind !== 'command-line');
      take(page);
    }
    return { state: 'scanned', reason: undefined };
  } catch (error) {
    run.ports.log.error('A place could not be read to its end', { ...place, error });
    const refused = refusalIn(error);
    if (refused) return unread(run, tray, place, refused);
    return unread(run, tray, place, {
      state: 'failed',
      reason: `It could not be read to its end: ${brief(error)}.`,
    });
  }
}

async function* readPlace<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  around: Surroundings<A>,
  tray: Tray<A, R, C>,
): AsyncGenerator<readonly Judged<A, R, Verdict<C>>[] | 'out-of-time'> {
  const { scope } = run.signal;
  if (scope.kind === 'resources') {
    const named = await readNamed(run, refsIn(scope.resources, around.place), around);
    yield await assess(run, named.resources, around);
    yield lastResort(run, around, named.missing, tray);
    return;
  }
  const signal = { ...run.signal, ...around.place };
  // The next page is on its way while this one is judged.
  for await (const page of ahead(run.policy.find(signal, run.settings, around))) {
    if (outOfTime(run)) {
      yield 'out-of-time';
      return;
    }
    tray.miss(page.missing);
    yield await assess(run, page.resources, around);
  }
}

/** What never became visible may still be proven by the event's own record (B3.37); the rest is left to the sweep. */
function lastResort<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  around: Surroundings<A>,
  missing: readonly Missing[],
  tray: Tray<A, R, C>,
): Judged<A, R, Verdict<C>>[] {
  return missing.flatMap((each) => {
    const seen = each.why === 'not-visible' ? run.policy.unseen?.(each, run.signal, run.settings) : undefined;
    if (!seen) tray.miss([each]);
    const notes = ['It never became visible; the record of the event itself was relied on.'];
    return seen ? [{ around, ...seen, readAt: run.ports.now(), notes, provenBy: each.ref }] : [];
  });
}

/** A named resource in a place that could not be read is told about, never silently lost. */
function unread<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  tray: Tray<A, R, C>,
  place: Place,
  end: { readonly state: PlaceReport['state']; readonly reason: string },
): End {
  const { scope } = run.signal;
  if (scope.kind === 'resources')
    tray.miss(refsIn(scope.resources, place).map((ref) => ({ ref, why: 'unreadable', reason: end.reason })));
  return end;
}

async function outOfTimeFor<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  place: Place,
  tray: Tray<A, R, C>,
  hopeless: boolean,
): Promise<End> {
  if (!hopeless) {
    tray.postponed++;
    return { state: 'skipped', reason: await postponePlace(run, place) };
  }
  const reason = 'One invocation is too short to read it to its end: raise the time-out of the function.';
  run.pages.add(`${where(place)}: ${reason}`);
  return unread(run, tray, place, { state: 'failed', reason });
}
