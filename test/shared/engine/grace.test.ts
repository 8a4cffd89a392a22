import { expect, it } from 'vitest';
import { House, named, noon, sweep } from '../../support/lamps.ts';

const later = (minutes: number) => new Date(noon.getTime() + minutes * 60_000);

it('B2.12 B2.13 what is found too early is queued until its time, quietly, and then remedied', async () => {
  const house = new House();
  house.add('hall', { notBefore: later(10) });
  house.add('attic');

  const first = await house.run(named('hall', 'attic'));

  expect(first.results.find(({ resource }) => resource.id === 'hall')?.outcome).toEqual({
    outcome: 'queued',
    code: 'grace',
    reason: 'It is looked at again after 2026-11-20T12:10:00.000Z, in case it comes right by itself.',
  });
  expect(house.litIds).toEqual(['hall']);
  expect(house.postponed).toMatchObject([
    { delaySeconds: 600, signal: { time: noon, scope: { resources: [{ id: 'hall' }] } } },
  ]);

  house.time = later(10).getTime();
  await house.run(house.postponed[0]?.signal);

  expect(house.litIds).toEqual([]);
});

it('B2.13 a wait that is longer than a queue holds a message takes several turns', async () => {
  const house = new House();
  house.add('hall', { notBefore: later(20) });

  await house.run();
  house.time = later(15).getTime();
  await house.run(house.postponed[0]?.signal);

  expect(house.postponed.map(({ delaySeconds }) => delaySeconds)).toEqual([900, 300]);
  expect(house.litIds).toEqual(['hall']);
});

it.each([
  ['in report mode', { mode: 'report' as const }, true],
  ['without a remedy', {}, false],
])('tells nobody about it before its time, %s', async (_case, guard, hasSwitch) => {
  const house = new House();
  house.add('hall', { notBefore: later(10), switch: hasSwitch });

  await house.run(named('hall'), guard);

  expect(house.told).toEqual([]);
  expect(house.postponed).toHaveLength(1);
});

it('a sweep leaves it to the next sweep', async () => {
  const house = new House();
  house.add('hall', { notBefore: later(10) });

  const report = await house.run(sweep);

  expect(report.results[0]?.outcome).toMatchObject({ outcome: 'skipped', code: 'grace' });
  expect(house.postponed).toEqual([]);
  expect(house.told).toEqual([]);
});

it('what cannot be queued is told', async () => {
  const house = new House();
  house.add('hall', { notBefore: later(10) });
  house.postpone = () => {
    throw new Error('no queue');
  };

  const report = await house.run();

  expect(report.results[0]?.outcome).toMatchObject({ outcome: 'failed', code: 'not-queued' });
  expect(house.told).toHaveLength(1);
});

it('B2.18 what is undone each time is done so often a day and then only told', async () => {
  const house = new House();
  house.mostADay = 3;
  const lamp = house.add('hall');
  for (let hours = 0; hours < 3; hours++) {
    await house.run();
    house.time += 2 * 3_600_000;
    house.light(lamp);
  }

  const fourth = await house.run();

  expect(fourth.results[0]?.outcome).toMatchObject({ outcome: 'skipped', code: 'breaker' });
  expect(fourth.pages.join()).toContain('managed elsewhere');
  expect(house.switchedOff).toHaveLength(3);

  house.time += 24 * 3_600_000;
  await house.run();

  expect(house.switchedOff).toHaveLength(4);
});
