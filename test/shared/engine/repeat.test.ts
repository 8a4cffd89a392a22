import { expect, it } from 'vitest';
import { House, sweep } from '../../support/lamps.ts';

const HOUR = 3_600_000;

it('B5.38 an hourly sweep tells the same finding once a day', async () => {
  const house = new House();
  house.add('hall', { switch: false, severity: 'high' });
  for (let hour = 0; hour < 25; hour++) {
    await house.run(sweep);
    house.time += HOUR;
  }

  expect(house.told).toHaveLength(2);
  expect(house.told.map(({ pages }) => pages.length)).toEqual([1, 1]);
});

it('B5.38 a further finding is told alone; what was told before is only counted', async () => {
  const house = new House();
  house.add('hall', { switch: false });
  await house.run(sweep);
  house.add('attic', { switch: false });
  const report = await house.run(sweep);

  expect(house.told).toHaveLength(2);
  expect(report.results.map(({ resource, repeated = false }) => [resource.id, repeated])).toEqual([
    ['hall', true],
    ['attic', false],
  ]);
  expect(report.counts.violations).toBe(2);
});

it('B5.38 what was done is told each time', async () => {
  const house = new House();
  const lamp = house.add('hall');
  await house.run(sweep);
  house.light(lamp);
  await house.run(sweep);

  expect(house.told.map(({ counts }) => counts.done)).toEqual([1, 1]);
});

it('B5.38 the same finding with another end is news', async () => {
  const house = new House();
  house.add('hall', { refuses: { code: 'UnauthorizedOperation' } });
  await house.run(sweep);
  house.killSwitch = () => 'on';
  const report = await house.run(sweep);

  expect(house.told).toHaveLength(2);
  expect(report.results[0]?.outcome.code).toBe('kill-switch');
});

it('B5.38 is told again when it cannot be known whether it was', async () => {
  const house = new House();
  house.add('hall', { switch: false });
  house.firstTold = () => {
    throw new Error('no table');
  };
  await house.run(sweep);
  await house.run(sweep);

  expect(house.told).toHaveLength(2);
});
