import { added, between, type Points } from '../../shared/aws/cloudwatch/points.ts';
import type { Activity, Lookup, TypeFacts } from './facts.ts';
import { DAY_SECONDS, expectedPoints } from './metrics.ts';
import type { Settings } from './settings.ts';

/** The metrics of a window, each only as far as enough of its datapoints are there. */
export function readings(activity: Activity, { coveragePercent }: Settings) {
  const within = (found: Lookup<Points>, from = activity.from): Lookup<Points> =>
    'unknown' in found ? found : { value: between(found.value, from, activity.to) };
  const raw = (key: string, from?: number): Lookup<Points> =>
    within(activity.metrics.get(key) ?? { unknown: `${key} was not read` }, from);
  const enough = (key: string, found: Lookup<Points>, expected: number): Lookup<Points> => {
    if ('unknown' in found) return found;
    const { length } = found.value.at;
    if (length === 0) return { unknown: `${key} has no datapoints` };
    if (length * 100 >= expected * coveragePercent) return found;
    return { unknown: `${key} has ${length} of ${expected} datapoints (${coveragePercent} % needed)` };
  };
  const expected = expectedPoints(activity);
  const points = (key: string) => enough(key, raw(key), expected);
  return {
    raw,
    points,
    /** A day each; CloudWatch's days may begin before the window does. */
    peaks: () => {
      const days = expectedPoints({ ...activity, periodSeconds: DAY_SECONDS });
      return enough('cpu-peak', raw('cpu-peak', activity.from - DAY_SECONDS * 1000 + 1), days);
    },
    gpus: () =>
      [...(activity.gpus ?? [])].map(([index, load]) => enough(`GPU ${index}`, within(load), expected)),
    together: (one: string, other: string) => {
      const pair = both(points(one), points(other));
      return 'unknown' in pair ? pair : { value: added(...pair.value) };
    },
  };
}

/** Both, or why one of them is not known. */
export function both<A, B>(a: Lookup<A>, b: Lookup<B>): Lookup<readonly [A, B]> {
  if ('unknown' in a) return a;
  return 'unknown' in b ? b : { value: [a.value, b.value] };
}

/** Whether every GPU is told of: with one of four silent, a person decides (B1.18). */
export function tellsOfAllGpus({ gpus }: Activity, { gpus: count }: TypeFacts): boolean {
  return gpus !== undefined && count !== undefined && gpus.size >= count;
}
