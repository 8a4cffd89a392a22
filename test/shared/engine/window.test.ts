import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { House, named, sweep } from '../../support/lamps.ts';

const HOUR = 3_600_000;
const upTo = (count: number) => ({ caps: { count: 1000, percent: 100, window: { minutes: 60, count } } });
const codes = (report: Awaited<ReturnType<House['run']>>) =>
  report.results.map(({ outcome }) => outcome.code);

it('B6.5 many events at once change as much as the window allows together, the rest is queued until it is over', async () => {
  const house = new House();
  house.addMany(12);
  const reports = await Promise.all(house.litIds.map((id) => house.run(named(id), upTo(5))));

  expect(house.switchedOff).toHaveLength(5);
  expect(reports.flatMap(codes).filter((code) => code === 'cap')).toHaveLength(7);
  expect(house.journal.entries).toHaveLength(5);
  expect(house.postponed).toHaveLength(7);
  expect(house.postponed[0]).toMatchObject({ delaySeconds: 900 });
  expect(reports.flatMap(({ pages }) => pages)).toContainEqual(
    expect.stringMatching(/5 changes allowed until 2026-11-20T13:00:00.000Z, over all runs/),
  );

  // Still within the window: back into the queue, and nobody is called again.
  const [first] = house.postponed.splice(0, 1);
  expect(await house.run(first?.signal, upTo(5))).toMatchObject({ counts: { queued: 1 }, pages: [] });
  house.time += HOUR;
  for (const { signal } of house.postponed.splice(0)) await house.run(signal, upTo(5));
  expect(house.switchedOff).toHaveLength(10);
});

it('B6.5 B3.50 of a plan that does not fit a security policy does the most severe', async () => {
  const house = new House();
  house.add('dim', { severity: 'low' });
  house.add('bright', { severity: 'critical' });
  house.add('usual');
  const report = await house.run(sweep, upTo(2));
  expect(house.switchedOff.sort()).toEqual(['bright', 'usual']);
  expect(report).toMatchObject({ state: 'partial', counts: { done: 2, queued: 1 } });
  expect(report.pages).toEqual([expect.stringMatching(/1 change queued\.$/)]);
  // It fits by the end of the window, and no message waits longer than it has to.
  house.time += 55 * 60_000;
  await house.run(named('dim'), upTo(2));
  expect(house.postponed.at(-1)).toMatchObject({ delaySeconds: 300 });
});

it.each(['cost', 'tagging'] as const)(
  'B6.5 of a plan that does not fit a %s policy does nothing',
  async (kind) => {
    const house = new House();
    house.kind = kind;
    house.addMany(3);
    await house.run(named('lamp-0'), upTo(3));
    house.add('new');
    house.add('newer');
    const report = await house.run(sweep, upTo(3));
    expect(house.switchedOff).toEqual(['lamp-0']);
    expect(codes(report)).toEqual(['cap', 'cap', 'cap', 'cap']);
    expect(report.pages).toEqual([
      expect.stringMatching(/^The cap was reached: 3 changes allowed .*\. 4 changes left\.$/),
    ]);
    // What fits is done, and calls nobody.
    expect(await house.run(named('new', 'newer'), upTo(3))).toMatchObject({ counts: { done: 2 }, pages: [] });
    expect(codes(await house.run(named('lamp-2'), upTo(3)))).toEqual(['cap']);
  },
);

it('B6.5 the same change tried again is counted once', async () => {
  const house = new House();
  const [stuck, other] = house.addMany(2, { refuses: { code: 'Denied' } });
  for (let tries = 0; tries < 3; tries++) {
    expect(codes(await house.run(sweep, upTo(2)))).toEqual(['Denied', 'Denied']);
    expect(codes(await house.run(named('lamp-0'), upTo(2)))).toEqual(['Denied']);
  }
  for (const lamp of [stuck, other]) delete lamp?.refuses;
  expect(await house.run(sweep, upTo(2))).toMatchObject({ counts: { done: 2 } });
  // The same lamp, lit anew, is another.
  if (stuck) house.light(stuck);
  expect(codes(await house.run(named('lamp-0'), upTo(2)))).toEqual(['cap']);
});

it('B6.5 what cannot be counted is not done', async () => {
  const house = new House();
  house.addMany(2);
  house.journal.broken.add('reserve');
  const report = await house.run(sweep, upTo(5));
  expect(house.switchedOff).toEqual([]);
  expect(house.journal.entries).toEqual([]);
  expect(report).toMatchObject({ state: 'partial', counts: { failed: 2 } });
  expect(codes(report)).toEqual(['window-unreadable', 'window-unreadable']);
});

it('B6.5 one change is counted with its intent, in order costs nothing, and a kill switch takes nothing', async () => {
  const house = new House();
  house.add('hall');
  house.killSwitch = () => 'on';
  await house.run(named('hall'), upTo(1));
  expect(house.journal.taken.size).toBe(0);
  house.killSwitch = () => 'off';
  expect(await house.run(named('hall'), upTo(1))).toMatchObject({ counts: { done: 1 } });
  expect(house.calls).not.toContain('journal.reserve');
  house.calls.length = 0;
  await house.run(named('hall'), upTo(1));
  expect(house.calls).toEqual(['find']);
});

it('B6.5 no run at any time changes more than a window allows', async () => {
  const steps = fc.array(
    fc.record({
      minutes: fc.nat(50),
      lit: fc.array(fc.nat(9), { maxLength: 6 }),
      named: fc.array(fc.array(fc.nat(9), { minLength: 1, maxLength: 4 }), { maxLength: 3 }),
      whole: fc.boolean(),
    }),
    { maxLength: 8 },
  );
  const kinds = fc.constantFrom<House['kind']>('security', 'cost');
  await fc.assert(
    fc.asyncProperty(steps, kinds, fc.integer({ min: 1, max: 5 }), async (given, kind, most) => {
      const house = new House();
      house.kind = kind;
      house.addMany(10, { light: 'off' });
      const perHour = new Map<number, number>();
      house.onAct = () => {
        const hour = Math.floor(house.time / HOUR);
        perHour.set(hour, (perHour.get(hour) ?? 0) + 1);
      };
      for (const { minutes, lit, named: events, whole } of given) {
        house.time += minutes * 60_000;
        for (const index of lit) {
          const lamp = house.lamps[index];
          if (lamp?.light === 'off') house.light(lamp);
        }
        const signals = events.map((ids) => named(...new Set(ids.map((id) => `lamp-${id}`))));
        const runs = [...signals, ...(whole ? [sweep] : [])].map((signal) => house.run(signal, upTo(most)));
        await Promise.all(runs);
      }
      for (const changes of perHour.values()) expect(changes).toBeLessThanOrEqual(most);
    }),
    { numRuns: 150 },
  );
});
