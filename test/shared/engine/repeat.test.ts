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

it('B5.37 B5.38 what could not be delivered is told by the next sweep', async () => {
  const house = new House();
  house.add('hall', { switch: false, severity: 'high' });
  house.notify = () => {
    throw new Error('SNS is down');
  };
  const first = await house.run(sweep);
  house.notify = () => {};
  house.time += HOUR;
  await house.run(sweep);

  expect(first.undelivered).toBe(true);
  expect(house.told).toHaveLength(1);
  expect(house.told[0]?.pages).toHaveLength(1);
});

it('B5.37 B5.38 what died before its message was sent is told when Lambda tries again, a minute later', async () => {
  const house = new House();
  house.add('hall', { switch: false });
  house.notify = () => {
    throw new Error('the process is gone');
  };
  await house.run(sweep);
  house.notify = () => {};
  house.time += 60_000;
  await house.run(sweep);

  expect(house.told).toHaveLength(1);
});

it('B5.37 what was delivered but could not be noted is told again', async () => {
  const house = new House();
  house.add('hall', { switch: false });
  house.noteTold = () => {
    throw new Error('no table');
  };
  await house.run(sweep);
  house.time += HOUR;
  await house.run(sweep);

  expect(house.told).toHaveLength(2);
});

it('B5.38 of two runs at once only one tells', async () => {
  const house = new House();
  house.add('hall', { switch: false });
  await Promise.all([house.run(sweep), house.run(sweep)]);

  expect(house.told).toHaveLength(1);
});

it('B5.19 without time left the message comes first, and looking up what was told before is left out', async () => {
  const house = new House();
  house.add('hall', { switch: false });
  await house.run(sweep);
  let left = 300_000;
  house.remaining = () => left;
  house.onGather = () => {
    left = 4_999;
  };
  await house.run(sweep);

  expect(house.told).toHaveLength(2);
});
