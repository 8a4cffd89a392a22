import { untagCommands } from '../notify/untag-command.ts';
import { type Judged, outOfTime, type Run } from './context.ts';
import { haltedBy } from './kill-switch.ts';
import type { Lapse, Mark } from './mark.ts';
import { inParallel } from './parallel.ts';
import { tagKeyOf, tagOf } from './promise.ts';
import type { Scan } from './scan.ts';
import { regimeOf, type Shrinkage } from './shrinkage.ts';
import { closeMark, goneMarks, takeOff } from './unmarking.ts';
import type { Change, Resource, Verdict } from './verdict.ts';
import { brief, count } from './words.ts';

/** As many as a sentence can name. */
const NAMED = 5;

/**
 * Where no grace is given any more, what was promised in one counts no more: whoever asks for it again gives the time,
 * and tells of it, anew. In `enforce` the tags that say so come off, where they still say what we wrote; `report`
 * changes nothing, so there they are told with the command that takes them off. The first sweep after the change sees
 * to it; true once nothing is left to do.
 */
export async function lapseMarks<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  scan: Scan<A, R, C>,
  shrunk: Shrinkage,
): Promise<boolean> {
  const why = lapseOf(run);
  if (why === undefined) return true;
  if (why === 'not-ours') return false;
  const key = tagKeyOf(run.policy.name);
  const seen = [...scan.tray.judged, ...scan.tray.inOrder];
  const bearers = new Map(
    seen.filter(({ resource }) => resource.tags.has(key)).map((each) => [each.resource.arn, each]),
  );
  const open = hasChanged(run, shrunk) ? await openMarks(run, why) : [];
  const settled = open === undefined ? [false] : await lapseAll(run, scan, why, open, bearers);
  tellLeft(run, [...bearers.values()]);
  return settled.every(Boolean);
}

async function lapseAll<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  scan: Scan<A, R, C>,
  why: Lapse,
  open: readonly Mark[],
  bearers: Map<string, Judged<A, R, Verdict<C>>>,
): Promise<readonly boolean[]> {
  const gone = new Set(goneMarks(run, new Map(open.map((mark) => [mark.resource.arn, mark])), scan));
  const met = new Set([...scan.tray.judged, ...scan.tray.inOrder].map(({ resource }) => resource.arn));
  const mayWrite = why === 'no-grace' && open.length > 0 && (await haltedBy(run.ports)) === undefined;
  return inParallel(open, run.limits.parallel, async (mark) => {
    if (outOfTime(run)) return false;
    const { arn } = mark.resource;
    const bearer = bearers.get(arn);
    const { key, value } = tagOf(run.policy.name, mark);
    const isTagged = bearer?.resource.tags.get(key) === value;
    if (!isTagged && (met.has(arn) || gone.has(arn))) return closeMark(run, mark, why);
    // Until its tag is off, or where it could not be looked at, the mark stays to know the tag by, without effect.
    if (!(await lapse(run, mark, why))) return false;
    if (why === 'report-mode') return true;
    if (!mayWrite || bearer === undefined || !(await takeOff(run, bearer))) return false;
    bearers.delete(arn);
    return closeMark(run, mark, why);
  });
}

/** Why no grace is given by this run; undefined where one is. A person who only looks ends no promise of the functions'. */
function lapseOf<A, S, R extends Resource, F, C extends Change>({
  guard: { mode, graceMs },
  signal: { scope, cause },
}: Run<A, S, R, F, C>): Lapse | 'not-ours' | undefined {
  if (scope.kind !== 'sweep' || cause.kind === 'reconciliation') return 'not-ours';
  if (mode === 'enforce') return graceMs === undefined ? 'no-grace' : undefined;
  return cause.kind === 'command-line' ? 'not-ours' : 'report-mode';
}

/** The last sweep of one of these places dealt with what it found in another way, so that something may be left of it. */
function hasChanged<A, S, R extends Resource, F, C extends Change>(
  { guard }: Run<A, S, R, F, C>,
  { news, last }: Shrinkage,
): boolean {
  return [...news.keys()].some((place) => {
    const before = last?.get(place)?.regime;
    return before !== undefined && before !== regimeOf(guard);
  });
}

/** That an exemption ended is told, and waited for, without a grace too. */
async function openMarks<A, S, R extends Resource, F, C extends Change>(
  { ports, policy, warnings }: Run<A, S, R, F, C>,
  why: Lapse,
): Promise<readonly Mark[] | undefined> {
  try {
    const open = await ports.journal.marks.open(policy.name);
    return open.filter(({ notice }) => why === 'report-mode' || notice !== true);
  } catch (error) {
    ports.log.error('What is left of an earlier grace could not be read', { error });
    warnings.add(`What is left of an earlier grace could not be read: ${brief(error)}.`);
    return undefined;
  }
}

/** False where it could not be written. */
async function lapse<A, S, R extends Resource, F, C extends Change>(
  { ports, warnings }: Run<A, S, R, F, C>,
  mark: Mark,
  why: Lapse,
): Promise<boolean> {
  if (mark.lapsed !== undefined) return true;
  try {
    return await ports.journal.marks.put({ ...mark, told: false, lapsed: why }, mark);
  } catch (error) {
    warnings.add(`That ${mark.resource.id} is not in a grace any more could not be noted: ${brief(error)}.`);
    return false;
  }
}

function tellLeft<A, S, R extends Resource, F, C extends Change>(
  { policy, warnings }: Run<A, S, R, F, C>,
  left: readonly Judged<A, R, Verdict<C>>[],
): void {
  if (left.length === 0) return;
  const key = tagKeyOf(policy.name);
  const named = left
    .slice(0, NAMED)
    .map(({ resource: { arn }, around }) => ({ arn, region: around.place.region }));
  const more = left.length > named.length ? ' (reeve pending lists all)' : '';
  warnings.add(
    `The tag ${key}, which announces what is not going to be done, is left on ${count(left.length, 'resource')}. ` +
      `To take it off: ${untagCommands(named, key).join('; ')}${more}`,
  );
}
