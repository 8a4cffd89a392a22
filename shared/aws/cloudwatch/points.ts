/** Datapoints, oldest first, in two columns: a sweep holds more than a million of them. */
export interface Points {
  /** Start of the period, epoch ms. */
  readonly at: Float64Array;
  readonly values: Float64Array;
}

/** Packs datapoints in any order; of several at the same time the last one stands. */
export function pointsOf(points: Iterable<readonly [at: number, value: number]>): Points {
  const sorted = [...new Map(points)].sort(([one], [other]) => one - other);
  return {
    at: new Float64Array(sorted.map(([at]) => at)),
    values: new Float64Array(sorted.map(([, value]) => value)),
  };
}

/** The same from two columns of one length, without sorting what is in order. */
export function pointsIn(times: readonly number[], values: readonly number[]): Points {
  const points = { at: new Float64Array(times), values: new Float64Array(values) };
  const inOrder = points.at.every((time, index, at) => index === 0 || time > (at[index - 1] ?? time));
  return inOrder ? points : pointsOf(listed(points));
}

/** One by one, as times and values. */
export function listed({ at, values }: Points): readonly (readonly [at: number, value: number])[] {
  return Array.from(at, (time, index) => [time, values[index] ?? Number.NaN]);
}

/** Those from a time on and before another, without copying them. */
export function between({ at, values }: Points, from: number, to: number): Points {
  const [start, end] = [firstFrom(at, from), firstFrom(at, to)];
  return { at: at.subarray(start, end), values: values.subarray(start, end) };
}

/** The sums at each time; what only one of them has stands alone. */
export function added(one: Points, other: Points): Points {
  const [times, sums]: [number[], number[]] = [[], []];
  let [left, right] = [0, 0];
  while (left < one.at.length || right < other.at.length) {
    const [before, after] = [one.at[left] ?? Infinity, other.at[right] ?? Infinity];
    const time = Math.min(before, after);
    times.push(time);
    sums.push(
      (before === time ? (one.values[left++] ?? 0) : 0) + (after === time ? (other.values[right++] ?? 0) : 0),
    );
  }
  return pointsIn(times, sums);
}

/** The points of each span of a length, counted from a time on; spans without any are left out. */
export function spans(points: Points, from: number, lengthMs: number): readonly Points[] {
  const parts: Points[] = [];
  let start = 0;
  while (start < points.at.length) {
    const span = Math.floor(((points.at[start] ?? 0) - from) / lengthMs);
    const end = firstFrom(points.at, from + (span + 1) * lengthMs, start);
    parts.push({ at: points.at.subarray(start, end), values: points.values.subarray(start, end) });
    start = end;
  }
  return parts;
}

function firstFrom(at: Float64Array, time: number, start = 0): number {
  let index = start;
  while (index < at.length && (at[index] ?? 0) < time) index++;
  return index;
}
