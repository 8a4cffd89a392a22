import { expect, it } from 'vitest';
import { away, House, home, lampArn, named, sweep } from '../../support/lamps.ts';

const HOUR = 3_600_000;

/** A house whose last sweep read so many lamps, all dark; then so many are left, and one of them is lit. */
async function shrunken(before: number, after: number): Promise<House> {
  const house = new House();
  house.addMany(before, { light: 'off' });
  await house.run(sweep);
  house.lamps.length = after;
  if (house.lamps[0]) house.light(house.lamps[0]);
  house.calls.length = 0;
  return house;
}

it.each([
  { before: 100, after: 20, brakes: true },
  { before: 100, after: 21, brakes: false },
  { before: 10, after: 2, brakes: true },
  // Of few a share says nothing (B6.4).
  { before: 9, after: 1, brakes: false },
  { before: 20, after: 40, brakes: false },
])('B6.6 $after read where there were $before: brakes $brakes', async ({ before, after, brakes }) => {
  const house = await shrunken(before, after);
  const report = await house.run(sweep);
  expect(house.switchedOff).toEqual(brakes ? [] : ['lamp-0']);
  expect(report.results).toMatchObject([{ outcome: { code: brakes ? 'few-scanned' : 'remedied' } }]);
  if (!brakes) return;
  expect(house.journal.entries).toEqual([]);
  expect(report.pages).toEqual([
    expect.stringContaining(
      `111122223333, eu-west-1: Only ${after} resources read where there were ${before}`,
    ),
  ]);
});

it.each([1, 5])('B6.6 nothing read where there were %i calls somebody', async (before) => {
  const house = await shrunken(before, 0);
  const report = await house.run(sweep);
  expect(report.pages).toEqual([expect.stringContaining('Only 0 resources read')]);
  expect(house.told).toHaveLength(1);
});

it('B6.6 the first sweep of a place has nothing to compare with, and the same again costs one read', async () => {
  const house = new House();
  expect((await house.run(sweep)).pages).toEqual([]);
  house.addMany(3, { light: 'off' });
  await house.run(sweep);
  house.calls.length = 0;
  await house.run(sweep);
  expect(house.calls.filter((call) => call.startsWith('journal'))).toEqual(['journal.lastScans']);
});

it('B6.6 one place that looks wrong stops no other, and an event is not in question', async () => {
  const house = new House();
  house.addMany(20, { light: 'off' });
  house.add('abroad', { place: away, light: 'off' });
  await house.run(sweep, {}, [home, away]);
  house.lamps.splice(0, 18);
  for (const lamp of house.lamps) house.light(lamp);
  expect((await house.run(sweep, {}, [home, away])).counts).toMatchObject({ done: 1, skipped: 2 });
  expect(house.switchedOff).toEqual(['abroad']);
  const [event] = house.litIds;
  expect((await house.run(named(event ?? ''))).counts.done).toBe(1);
});

it('B6.6 it is believed after three days of sweeps that agree; until then somebody is called once a day', async () => {
  const house = await shrunken(100, 20);
  const pages: number[] = [];
  let hours = 0;
  for (; house.switchedOff.length === 0 && hours < 100; hours++) {
    pages.push((await house.run(sweep)).pages.length);
    house.time += HOUR;
  }
  expect(hours).toBe(3 * 24 + 1);
  expect(pages.filter((page) => page > 0)).toHaveLength(3);
  expect((await house.run(sweep)).pages).toEqual([]);
});

it('B6.6 a sweep that reads all again ends the doubt, and the next one begins anew', async () => {
  const house = await shrunken(100, 20);
  const [lit] = house.lamps;
  for (let days = 0; days < 4; days++) {
    await house.run(sweep);
    house.addMany(80, { light: 'off' });
    await house.run(sweep);
    expect(house.switchedOff).toHaveLength(days + 1);
    if (lit) house.light(lit);
    house.lamps.length = 20;
    house.time += 25 * HOUR;
  }
  expect((await house.run(sweep)).results).toMatchObject([{ outcome: { code: 'few-scanned' } }]);
});

it('B6.6 only a complete sweep counts', async () => {
  const house = await shrunken(100, 100);
  house.pageSize = 10;
  let reads = 0;
  house.onFind = () => {
    if (++reads > 1) throw new Error('throttled for ever');
  };
  await house.run(sweep);
  house.onFind = () => {};
  expect(house.journal.scans.get('lights-out')?.get('111122223333, eu-west-1')).toEqual({
    scanned: 100,
    regime: 'enforce',
  });
});

it('B6.6 without knowing what was read before, a sweep changes nothing', async () => {
  const house = await shrunken(3, 3);
  house.journal.broken.add('lastScans');
  const report = await house.run(sweep);
  expect(house.switchedOff).toEqual([]);
  expect(report).toMatchObject({
    state: 'partial',
    results: [{ outcome: { outcome: 'failed', code: 'last-scan-unreadable' } }],
  });
  expect(report.warnings).toHaveLength(1);
});

it('B6.6 it is told in report mode too, and what cannot be noted leaves the older number', async () => {
  const house = await shrunken(100, 10);
  expect((await house.run(sweep, { mode: 'report' })).pages).toHaveLength(1);
  house.addMany(90);
  house.journal.broken.add('noteScans');
  expect((await house.run(sweep, { mode: 'report' })).state).toBe('complete');
  expect(house.journal.entries.map(({ resource }) => resource.arn)).not.toContain(lampArn(house.add('x')));
});

it('B6.6 one thing that never can be read takes the brake off nowhere', async () => {
  const house = new House();
  house.unreadable = ['vault'];
  house.addMany(100, { light: 'off' });
  await house.run(sweep);
  house.lamps.length = 20;
  for (const lamp of house.lamps) house.light(lamp);
  expect((await house.run(sweep)).counts).toMatchObject({ done: 0, skipped: 20 });
});

it.each([
  { read: 50, noted: 100 },
  { read: 120, noted: 120 },
])(
  'B6.6 a sweep that could not read all raises what is noted, and never lowers it: $read',
  async ({ read, noted }) => {
    const house = await shrunken(100, Math.min(read, 100));
    house.addMany(read - house.lamps.length);
    house.unreadable = ['vault'];
    await house.run(sweep);
    expect(house.journal.scans.get('lights-out')?.get('111122223333, eu-west-1')).toEqual({
      scanned: noted,
      regime: 'enforce',
    });
  },
);

it('B6.6 a doubt that is over does not make the next one old, whatever could not be read', async () => {
  const house = await shrunken(100, 20);
  await house.run(sweep);
  house.addMany(80, { light: 'off' });
  house.unreadable = ['vault'];
  await house.run(sweep);
  for (const lamp of house.lamps) house.light(lamp);
  house.lamps.length = 20;
  house.time += 4 * 24 * HOUR;
  expect((await house.run(sweep)).counts).toMatchObject({ done: 0, skipped: 20 });
});
