import type { Judged, Run } from './context.ts';
import type { Guarded } from './guard.ts';
import { haltedBy } from './kill-switch.ts';
import type { Mark } from './mark.ts';
import type { Result } from './outcome.ts';
import { inParallel } from './parallel.ts';
import { tagKeyOf } from './promise.ts';
import type { Scan } from './scan.ts';
import type { Change, Resource, Verdict } from './verdict.ts';
import { brief } from './words.ts';

/** What of a run ends a grace: seen in order, exempt, protected, or left to a person. */
interface Cancelled<A, R extends Resource> {
  readonly judged: Judged<A, R, Verdict>;
  readonly why: string;
}

const CANCELS: readonly string[] = ['compliant', 'exempt', 'protected', 'alert-only'];

/** Of what was guarded, what ends a grace. */
export function cancelled<A, R extends Resource, C extends Change>(
  judged: readonly Judged<A, R, Verdict<C>>[],
  guarded: readonly Guarded<A, R, C>[],
): readonly Cancelled<A, R>[] {
  return judged.flatMap((each, index) => {
    const end = guarded[index];
    const why = end && 'settled' in end ? end.settled.outcome.code : undefined;
    return why !== undefined && CANCELS.includes(why) ? [{ judged: each, why }] : [];
  });
}

/** Something of a grace is left on it, in the journal or as a tag: once it is in order, that goes. */
export function bearsMark<A, S, R extends Resource, F, C extends Change>(
  { grace, policy }: Run<A, S, R, F, C>,
  { arn, tags }: Resource,
): boolean {
  return grace?.marks?.has(arn) === true || tags.has(tagKeyOf(policy.name));
}

/**
 * Closes the marks of what is in order, exempt, protected, gone or done, and takes their tags off. A mark that is closed
 * for nothing only lets a grace begin anew.
 */
export async function closeMarks<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  scan: Scan<A, R, C>,
  guarded: readonly Cancelled<A, R>[],
  acted: readonly Result[],
): Promise<void> {
  const { grace, limits } = run;
  if (grace?.marks === undefined) return;
  const inOrder = scan.tray.inOrder.map((judged) => ({ judged, why: 'compliant' }));
  const ended = [...inOrder, ...guarded].filter(({ judged }) => bearsMark(run, judged.resource));
  const whys = new Map([
    ...goneMarks(run, grace.marks, scan).map((arn) => [arn, 'gone'] as const),
    ...ended.map(({ judged, why }) => [judged.resource.arn, why] as const),
    ...acted.flatMap(({ resource, outcome }) =>
      isOver(outcome) ? [[resource.arn, outcome.code] as const] : [],
    ),
  ]);
  await inParallel([...whys], limits.parallel, async ([arn, why]) => {
    const mark = grace.marks?.get(arn);
    if (mark !== undefined) await closeMark(run, mark, why);
  });
  await withdraw(
    run,
    ended.map(({ judged }) => judged),
  );
}

/** Nothing of the finding is left to be done; what failed keeps its mark, and is tried again by the next run. */
function isOver({ outcome, code }: Result['outcome']): boolean {
  return outcome === 'done' || ['gone', 'changed', 'already-done', ...CANCELS].includes(code);
}

/** The marks of what is not there any more: named and missing, or not met in a place that was read to its end. */
export function goneMarks<A, S, R extends Resource, F, C extends Change>(
  { signal }: Run<A, S, R, F, C>,
  marks: ReadonlyMap<string, Mark>,
  { tray, places }: Scan<A, R, C>,
): readonly string[] {
  const gone = new Set(tray.missing.flatMap(({ ref, why }) => (why === 'gone' ? [ref.id] : [])));
  const met = new Set([...tray.judged, ...tray.inOrder].map(({ resource }) => resource.arn));
  const { violation, exempt, unknown } = tray.omitted;
  const isWhole = signal.scope.kind === 'sweep' && violation + exempt + unknown === 0;
  const wasRead = ({ account, region }: Mark) =>
    places.some((place) => place.account === account && place.region === region && place.state === 'scanned');
  return [...marks.values()]
    .filter(
      (mark) =>
        gone.has(mark.resource.id) ||
        gone.has(mark.resource.arn) ||
        (isWhole && !met.has(mark.resource.arn) && wasRead(mark)),
    )
    .map(({ resource }) => resource.arn);
}

/** Closes a mark in the journal; false, and said, where that cannot be noted. */
export async function closeMark<A, S, R extends Resource, F, C extends Change>(
  { ports, warnings }: Run<A, S, R, F, C>,
  mark: Mark,
  why: string,
): Promise<boolean> {
  try {
    await ports.journal.marks.close(mark, why, ports.now());
    return true;
  } catch (error) {
    ports.log.error('A grace could not be closed', { id: mark.resource.id, error });
    warnings.add(
      `The grace of ${mark.resource.id} is over (${why}), which could not be noted: ${brief(error)}.`,
    );
    return false;
  }
}

async function withdraw<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  ended: readonly Judged<A, R, Verdict>[],
): Promise<void> {
  const { policy, ports, limits } = run;
  const tagged = ended.filter(({ resource }) => resource.tags.has(tagKeyOf(policy.name)));
  if (tagged.length === 0 || policy.withdraw === undefined || (await haltedBy(ports)) !== undefined) return;
  await inParallel(tagged, limits.parallel, (each) => takeOff(run, each));
}

/** Takes the tag of a mark off a resource, as it was read; false, and said, where that cannot be. */
export async function takeOff<A, S, R extends Resource, F, C extends Change>(
  { policy, warnings }: Run<A, S, R, F, C>,
  { resource, around }: Judged<A, R, Verdict>,
): Promise<boolean> {
  const key = tagKeyOf(policy.name);
  try {
    await policy.withdraw?.(resource, { key, value: resource.tags.get(key) ?? '' }, around);
    return policy.withdraw !== undefined;
  } catch (error) {
    warnings.add(`The tag ${key} could not be taken off ${resource.id}: ${brief(error)}.`);
    return false;
  }
}
