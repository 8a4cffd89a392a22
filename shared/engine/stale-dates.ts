import type { Judged, Run } from './context.ts';
import { haltedBy } from './kill-switch.ts';
import type { Result } from './outcome.ts';
import { inParallel } from './parallel.ts';
import { tagKeyOf, tagOf } from './promise.ts';
import { closeMark, takeOff } from './unmarking.ts';
import type { Change, Resource, Verdict } from './verdict.ts';

/**
 * A resource may show the date of a grace that counts for nothing any more (a time of report mode, another finding by now),
 * and get no new one. Where the cap is reached, the old one comes off if it still says what we wrote; where somebody took the
 * change back, whose mark is closed as a rule, as it does from whatever is exempt. The mark goes last: the tag is known by it.
 */
export async function withdrawDates<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  judged: readonly Judged<A, R, Verdict<C>>[],
  held: readonly Result[],
): Promise<void> {
  const { grace, policy, limits, ports } = run;
  if (grace?.marks === undefined) return;
  const { marks } = grace;
  const codes = new Map(held.map(({ resource, outcome }) => [resource.arn, outcome.code]));
  const stale = judged.filter(({ resource: { arn, tags } }) => {
    const shown = tags.get(tagKeyOf(policy.name));
    const code = codes.get(arn);
    if (shown === undefined || (code !== 'cap' && code !== 'exempt')) return false;
    const mark = marks.get(arn);
    return mark === undefined ? code === 'exempt' : shown === tagOf(policy.name, mark).value;
  });
  if (stale.length === 0 || (await haltedBy(ports)) !== undefined) return;
  await inParallel(stale, limits.parallel, async (each) => {
    const mark = marks.get(each.resource.arn);
    if ((await takeOff(run, each)) && mark !== undefined) await closeMark(run, mark, 'withdrawn');
  });
}
