import { expect, it } from 'vitest';
import { capOf } from '../../../shared/engine/caps.ts';
import { House, home, named, sweep } from '../../support/lamps.ts';

it.each([
  { scope: 'sweep', scanned: 9, count: 5, percent: 10, cap: 5 },
  { scope: 'sweep', scanned: 10, count: 5, percent: 10, cap: 1 },
  { scope: 'sweep', scanned: 49, count: 5, percent: 10, cap: 4 },
  { scope: 'sweep', scanned: 1000, count: 5, percent: 10, cap: 5 },
  { scope: 'resources', scanned: 1000, count: 5, percent: 0.1, cap: 5 },
] as const)(
  'B6.3 B6.4 $count and $percent % of $scanned in a $scope allow $cap',
  ({ scope, scanned, cap, ...caps }) => {
    expect(capOf(caps, scope, scanned)).toBe(cap);
  },
);

it('B6.3 above its cap a cost policy changes nothing, and calls for somebody', async () => {
  const house = new House();
  house.kind = 'cost';
  house.addMany(3);

  const report = await house.run(sweep, { caps: { count: 2, percent: 100 } });

  expect(house.switchedOff).toEqual([]);
  expect(house.calls).not.toContain('journal.begin');
  expect(report.results.map(({ outcome }) => outcome.code)).toEqual(['cap', 'cap', 'cap']);
  expect(report.pages).toEqual([expect.stringContaining('3 changes planned, 2 allowed')]);
});

it('B6.3 at its cap a cost policy acts', async () => {
  const house = new House();
  house.kind = 'cost';
  house.addMany(2);
  const report = await house.run(sweep, { caps: { count: 2, percent: 100 } });
  expect(report.counts.done).toBe(2);
  expect(report.pages).toEqual([]);
});

it('B3.50 B6.3 above its cap a security policy does the most severe and queues the rest by name', async () => {
  const house = new House();
  house.add('dim', { severity: 'low' });
  house.add('bright', { severity: 'critical' });
  house.add('usual');

  const report = await house.run(sweep, { caps: { count: 1, percent: 100 } });

  expect(house.switchedOff).toEqual(['bright']);
  expect(report).toMatchObject({ state: 'partial', counts: { done: 1, queued: 2 } });
  expect(report.pages).toEqual([expect.stringContaining('the rest is queued')]);
  expect(house.postponed).toEqual([
    {
      delaySeconds: 900,
      signal: {
        ...sweep,
        cause: { kind: 'continuation', name: 'daily' },
        scope: {
          kind: 'resources',
          resources: [
            { type: 'Test::Lamp', id: 'usual' },
            { type: 'Test::Lamp', id: 'dim' },
          ],
        },
      },
    },
  ]);
});

it('B3.50 200 groups changed at once are all dealt with by the runs that follow, none is lost', async () => {
  const house = new House();
  house.addMany(200);
  await house.run(named(...house.litIds), { caps: { count: 60, percent: 20 } });
  const left: number[] = [];
  for (let next = house.postponed.shift(); next; next = house.postponed.shift()) {
    left.push(house.litIds.length);
    await house.run(next.signal, { caps: { count: 60, percent: 20 } });
  }
  expect(left).toEqual([140, 80, 20]);
  expect(house.litIds).toEqual([]);
});

it('B6.3 what cannot be queued is said to have failed', async () => {
  const house = new House();
  house.addMany(3);
  house.postpone = () => {
    throw new Error('the queue is gone');
  };
  const report = await house.run(sweep, { caps: { count: 1, percent: 100 } });
  expect(report.counts).toMatchObject({ done: 1, failed: 2, queued: 0 });
  expect(report.pages.join()).toContain(
    '2 found out of policy could not be queued for later: the queue is gone',
  );
});

it('B6.3 B6.33 what a report has no room for still counts against the cap, and is told', async () => {
  const house = new House();
  house.kind = 'cost';
  house.addMany(12);

  const report = await house.run(sweep, { caps: { count: 11, percent: 100 } }, [home], { maxResults: 10 });

  expect(house.switchedOff).toEqual([]);
  expect(report).toMatchObject({
    omitted: 2,
    state: 'partial',
    counts: { scanned: 12, violations: 12, skipped: 10 },
  });
  expect(report.pages.join()).toContain('2 further violations found');
});

it('B6.33 5,000 lamps in order leave nothing behind but their count', async () => {
  const house = new House();
  house.addMany(5000, { light: 'off' });
  house.add('hall');
  const report = await house.run(sweep);
  expect(report).toMatchObject({
    results: { length: 1 },
    omitted: 0,
    counts: { scanned: 5001, compliant: 5000 },
  });
});
