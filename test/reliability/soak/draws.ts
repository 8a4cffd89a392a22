import * as fc from 'fast-check';
import type { Rules } from './rules.ts';

/** How an epoch is drawn. */
export interface Draw {
  readonly seed: number;
  readonly hours: number;
  /** Hours after that in which nothing goes wrong and nobody does anything. */
  readonly calm: number;
  readonly mode: Rules['mode'];
  readonly cap: number;
  /** Calls of Reeve's that go wrong, percent. */
  readonly faults: number;
  /** Events that come twice, percent. */
  readonly twice: number;
  /** Latest arrival of an event, minutes: they come in any order. */
  readonly lateMinutes: number;
  /** Things that people do in an hour, at most. */
  readonly deeds: number;
  /** Of these, what they do to Reeve itself, percent: undos, the kill switch, other settings. */
  readonly onReeve: number;
  /** Hours of grace that settings are drawn from; 0: none is given. */
  readonly graces: readonly number[];
  /** Whether buckets are archived before they are deleted. */
  readonly archives: boolean;
}

/** Any short epoch: settings, faults, and the order in which events come. */
export const anyDraw: fc.Arbitrary<Draw> = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  hours: fc.integer({ min: 1, max: 4 }),
  calm: fc.constant(3),
  mode: fc.constantFrom<Draw['mode']>('enforce', 'enforce', 'enforce', 'report'),
  cap: fc.integer({ min: 1, max: 6 }),
  faults: fc.constantFrom(0, 5, 15),
  twice: fc.constantFrom(0, 30, 100),
  lateMinutes: fc.constantFrom(0, 30, 120),
  deeds: fc.integer({ min: 1, max: 8 }),
  onReeve: fc.constantFrom(0, 20, 50),
  graces: fc.constantFrom([0], [0, 1, 2]),
  archives: fc.boolean(),
});

/** The epochs of a soak: ten days each, 5 % of all calls going wrong, then a day in which all comes to rest. */
export function soakOf(hours: number, seed: number): readonly Draw[] {
  const length = 240;
  return Array.from({ length: Math.ceil(hours / length) }, (_, index) => ({
    seed: seed * 100_000 + index,
    hours: Math.min(length, hours - index * length),
    calm: 26,
    mode: 'enforce',
    cap: 5,
    faults: 5,
    twice: 20,
    lateMinutes: 30,
    deeds: 3,
    onReeve: 20,
    // Over within the calm at the end, but for the longest.
    graces: [0, 0, 0, 1, 2, 7, 30],
    archives: index % 3 > 0,
  }));
}
