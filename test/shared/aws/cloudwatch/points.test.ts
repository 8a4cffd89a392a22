import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { added, between, listed, pointsOf, spans } from '../../../../shared/aws/cloudwatch/points.ts';

const some = pointsOf([
  [30, 3],
  [10, 1],
  [20, 2],
]);

describe('datapoints', () => {
  it('stand in the order of their times', () => {
    expect(listed(some)).toEqual([
      [10, 1],
      [20, 2],
      [30, 3],
    ]);
  });

  it('told twice count once, as they were told last', () => {
    const twice = pointsOf([
      [10, 1],
      [20, 2],
      [10, 7],
    ]);
    expect(listed(twice)).toEqual([
      [10, 7],
      [20, 2],
    ]);
  });

  it.each([
    { from: 10, to: 30, times: [10, 20] },
    { from: 11, to: 31, times: [20, 30] },
    { from: 0, to: 10, times: [] },
    { from: 31, to: 99, times: [] },
    { from: 30, to: 10, times: [] },
  ])('between $from and $to: the start counts, the end does not', ({ from, to, times }) => {
    expect([...between(some, from, to).at]).toEqual(times);
    expect(between(some, from, to).values).toHaveLength(times.length);
  });

  it('are added time by time; what only one has stands alone', () => {
    const other = pointsOf([
      [20, 20],
      [40, 40],
    ]);
    expect(listed(added(some, other))).toEqual([
      [10, 1],
      [20, 22],
      [30, 3],
      [40, 40],
    ]);
  });

  it('fall into spans of a length since a time, before it too', () => {
    const times = (from: number, length: number) => spans(some, from, length).map(({ at }) => [...at]);
    expect(times(10, 10)).toEqual([[10], [20], [30]]);
    expect(times(10, 11)).toEqual([[10, 20], [30]]);
    expect(times(25, 10)).toEqual([[10], [20], [30]]);
    expect(times(30, 1000)).toEqual([[10, 20], [30]]);
  });

  it('are all in exactly one span, whatever the numbers are', () => {
    const points = fc.array(fc.tuple(fc.integer({ min: -500, max: 500 }), fc.double({ noNaN: true })));
    fc.assert(
      fc.property(
        points,
        fc.integer({ min: -99, max: 99 }),
        fc.integer({ min: 1, max: 50 }),
        (given, from, ms) => {
          const all = pointsOf(given);
          expect(spans(all, from, ms).flatMap(listed)).toEqual(listed(all));
        },
      ),
    );
  });
});
