import { added, between, type Points } from '../../shared/aws/cloudwatch/points.ts';
import type { Activity, Lookup } from './facts.ts';
import { DAY_SECONDS, expectedPoints } from './metrics.ts';
import type { Settings } from './settings.ts';

/** The metrics of a window, each only as far as enough of its datapoints are there. */
export function readings(activity: Activity, { coveragePercent }: Settings) {
  const raw = (key: string, from = activity.from): Lookup<Points> => {
    const found = activity.metrics.get(key);
    if (found === undefined || 'unknown' in found) return found ?? { unknown: `${key} was not read` };
    return { value: between(found.value, from, activity.to) };
  };
  const covered = (key: string, expected: number, from?: number): Lookup<Points> => {
    const found = raw(key, from);
    if ('unknown' in found) return found;
    const { length } = found.value.at;
    if (length === 0) return { unknown: `${key} has no datapoints` };
    if (length * 100 >= expected * coveragePercent) return found;
    return { unknown: `${key} has ${length} of ${expected} datapoints (${coveragePercent} % needed)` };
  };
  const points = (key: string) => covered(key, expectedPoints(activity));
  return {
    raw,
    points,
    /** A day each; CloudWatch's days may begin before the window does. */
    peaks: () => {
      const days = expectedPoints({ ...activity, periodSeconds: DAY_SECONDS });
      return covered('cpu-peak', days, activity.from - DAY_SECONDS * 1000 + 1);
    },
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
