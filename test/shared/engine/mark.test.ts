import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { dueAfter, type Mark, rule, sinceOf } from '../../../shared/engine/mark.ts';
import { House, noon, sweep } from '../../support/lamps.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const mark = (since: Date, graceMs: number, own: Partial<Mark> = {}): Mark => ({
  ...{ partition: 'aws', account: '111122223333', region: 'eu-west-1' },
  ...{ id: 'mark-1', policy: 'lights-out', finding: 'f', reasonCode: 'lit', fingerprint: 'l', summary: 'x' },
  resource: { type: 'Test::Lamp', id: 'hall', arn: 'arn:hall' },
  ...{ since, due: dueAfter(since, graceMs), told: true },
  ...own,
});

const moments = fc.date({
  min: new Date('2020-01-01T00:00:00Z'),
  max: new Date('2040-01-01T00:00:00Z'),
  noInvalidDate: true,
});
const graces = fc.integer({ min: 1, max: 90 * 24 }).map((hours) => hours * HOUR);
/** As far as AWS lets a clock be off. */
const drifts = fc.integer({ min: -5 * MINUTE, max: 5 * MINUTE });

it('B6.7 never acts before the grace is over in true time, whatever clocks that AWS believes say', () => {
  fc.assert(
    fc.property(moments, graces, drifts, drifts, fc.nat(), (begun, graceMs, slow, fast, part) => {
      // The last minutes are those that matter.
      const since = new Date(begun.getTime() + slow);
      const elapsed = graceMs - 1 - (part % (10 * MINUTE));
      const now = new Date(begun.getTime() + elapsed + fast);
      expect(rule(mark(since, graceMs), 'f', now, graceMs).state).toBe('waiting');
    }),
  );
});

it('B6.7 acts once the grace is over, within a quarter of an hour and the clocks’ difference', () => {
  fc.assert(
    fc.property(moments, graces, (since, graceMs) => {
      const now = new Date(since.getTime() + graceMs + 11 * MINUTE);
      expect(rule(mark(since, graceMs), 'f', now, graceMs).state).toBe('over');
    }),
  );
});

it('a date is a whole minute, the next one', () => {
  const after = (ms: number) => dueAfter(new Date(noon.getTime() + ms), HOUR).toISOString();
  expect([after(0), after(1)]).toEqual(['2026-11-20T13:10:00.000Z', '2026-11-20T13:11:00.000Z']);
});

it.each([
  { days: 35, state: 'over' },
  { days: 36, state: 'new' },
])('a date that passed $days days ago is $state', ({ days, state }) => {
  const { due, ...rest } = mark(noon, HOUR);
  const now = new Date(due.getTime() + days * 24 * HOUR);
  expect(rule({ ...rest, due }, 'f', now, HOUR).state).toBe(state);
});

it('a raised setting lengthens a grace that runs, a lowered one does not shorten it', () => {
  fc.assert(
    fc.property(moments, graces, graces, fc.nat(), (since, promised, set, part) => {
      const now = new Date(since.getTime() + (part % Math.max(promised, set)));
      expect(rule(mark(since, promised), 'f', now, set).state).toBe('waiting');
    }),
  );
});

it('a clock that jumps back begins no grace before the one whose place it takes', () => {
  fc.assert(
    fc.property(moments, moments, (now, before) => {
      const since = sinceOf(now, mark(before, HOUR));
      expect(since.getTime()).toBe(Math.max(now.getTime(), before.getTime()));
    }),
  );
});

it('another finding, or one that nobody was told of, counts for nothing', () => {
  fc.assert(
    fc.property(moments, graces, moments, (since, graceMs, now) => {
      expect(rule(mark(since, graceMs), 'other', now, graceMs).state).toBe('new');
      expect(rule(mark(since, graceMs, { told: false }), 'f', now, graceMs).state).not.toBe('over');
    }),
  );
});

it('B6.7 days of sweeps by clocks that jump: nothing is changed before its time by the latest clock that marked it', async () => {
  const jumps = fc.array(fc.integer({ min: -3 * 24, max: 24 }), { minLength: 2, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(jumps, graces, async (hours, graceMs) => {
      const house = new House();
      house.add('hall');
      let latest = 0;
      for (const jump of hours) {
        house.time += jump * HOUR;
        await house.run(sweep, { graceMs });
        const [held] = house.journal.marked.values();
        latest = Math.max(latest, held?.since.getTime() ?? 0);
        if (house.switchedOff.length > 0) break;
      }
      if (house.switchedOff.length > 0) expect(house.time).toBeGreaterThanOrEqual(latest + graceMs);
      expect(latest).toBeGreaterThanOrEqual(noon.getTime() - 3 * 24 * HOUR);
    }),
    { numRuns: 50 },
  );
});
