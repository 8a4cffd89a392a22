import { expect, it } from 'vitest';
import { dueOf } from '../../../shared/engine/outcome.ts';
import type { GuardSettings } from '../../../shared/engine/ports.ts';
import type { Signal } from '../../../shared/engine/signal.ts';
import { away, enforcing, House, home, lampArn, noon, sweep } from '../../support/lamps.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const TAG = 'reeve:lights-out-after';
const DUE = '2026-11-22T12:10:00.000Z';
const graced = { graceMs: 2 * DAY };
const reporting = { ...graced, mode: 'report' as const };

/** A house with lamps that were marked, and told of, at noon. */
async function marked(...ids: readonly string[]): Promise<House> {
  const house = new House();
  house.kind = 'cost';
  for (const id of ids) house.add(id);
  await at(house, 0, graced);
  house.calls.length = 0;
  return house;
}

/** A sweep so many hours after noon. */
function at(house: House, hours: number, guard: Partial<GuardSettings>, signal: Signal = sweep) {
  house.time = noon.getTime() + hours * HOUR;
  return house.run(signal, guard);
}

it.each([
  { off: 'report mode', guard: reporting },
  { off: 'no grace', guard: {} },
])(
  'B2.13 B6.7 a date that passed in the time of $off is not acted on: the time is given, and told, anew',
  async ({ guard }) => {
    const house = await marked('hall');
    const [hall] = house.lamps;
    // Seen in order when the settings change, and just as it was when they are changed back.
    if (hall) hall.light = 'off';
    await at(house, 1, guard);
    if (hall) hall.light = 'lit';
    const back = await at(house, 24 * 14, graced);

    expect(house.litIds).toEqual(['hall']);
    expect(back.results.map(({ outcome }) => dueOf(outcome))).toEqual([new Date('2026-12-06T12:10:00Z')]);
    expect(house.told.at(-1)?.results.map(({ resource }) => resource.id)).toEqual(['hall']);
    await at(house, 24 * 16, graced);
    expect(house.litIds).toEqual(['hall']);
    await at(house, 24 * 16 + 1, graced);
    expect(house.litIds).toEqual([]);
  },
);

it('B6.7 the notice of an ended exemption, too, is given anew after a time of report mode', async () => {
  const house = new House();
  house.add('hall', { tags: new Map([['reeve:exempt', 'T-1 until 2026-11-20T11:00Z']]) });
  const guard = { exemption: { ...enforcing.exemption, noticeMs: HOUR } };
  await at(house, 0, guard);
  await at(house, 1, { ...guard, mode: 'report' });
  const back = await at(house, 48, guard);

  expect(back.results.map(({ outcome }) => outcome.code)).toEqual(['exemption-ended']);
  expect(house.litIds).toEqual(['hall']);
});

it('B6.7 without a grace that notice goes on to be given once only', async () => {
  const house = new House();
  house.add('hall', { tags: new Map([['reeve:exempt', 'T-1 until 2026-11-20T11:00Z']]) });
  const guard = { exemption: { ...enforcing.exemption, noticeMs: HOUR } };
  for (const hours of [0, 1, 2]) await at(house, hours, guard);
  expect(house.litIds).toEqual([]);
  expect(house.journal.marked.size).toBe(1);
});

it('without a grace the tags of an earlier one come off, where they are still ours', async () => {
  const house = await marked('hall', 'edited', 'dark');
  const [, edited, dark] = house.lamps;
  edited?.tags.set(TAG, '2030-01-01');
  if (dark) dark.light = 'off';
  const report = await at(house, 1, { protect: { ids: ['hall', 'edited'], names: [], tags: [] } });

  expect(house.lamps.map(({ tags }) => tags.get(TAG))).toEqual([undefined, '2030-01-01', undefined]);
  expect(house.journal.marked.size).toBe(0);
  expect(report.warnings).toEqual([expect.stringContaining(`left on 1 resource. To take it off: aws `)]);
  expect(report.warnings[0]).toContain(lampArn(edited ?? { id: '', place: sweep }));
  // Written down first: a crash in between leaves a mark without effect, and the tag to the next sweep.
  const writes = house.calls.filter((call) => /withdraw|marks\.(put|close)/.test(call));
  expect(writes.slice(0, 1)).toEqual(['journal.marks.put']);
  expect(writes.filter((call) => call.startsWith('withdraw'))).toHaveLength(2);
});

it('B6.2 with the kill switch on no tag comes off, and what was promised counts no more all the same', async () => {
  const house = await marked('hall');
  house.killSwitch = () => 'on';
  await at(house, 1, {});
  expect(house.lamps[0]?.tags.get(TAG)).toBe(DUE);
  expect([...house.journal.marked.values()]).toMatchObject([{ told: false, lapsed: 'no-grace' }]);
  house.killSwitch = () => 'off';
  await at(house, 2, { protect: { ids: ['hall'], names: [], tags: [] } });
  expect(house.lamps[0]?.tags.has(TAG)).toBe(false);
  expect(house.journal.marked.size).toBe(0);
});

it('in report mode nothing is written on resources: the tag is told, with the command that takes it off', async () => {
  const house = await marked('hall');
  const report = await at(house, 1, reporting);
  const again = await at(house, 2, reporting);

  expect(house.lamps[0]?.tags.get(TAG)).toBe(DUE);
  expect(house.calls.filter((call) => call.startsWith('withdraw'))).toEqual([]);
  expect(report.warnings).toEqual([
    `The tag ${TAG}, which announces what is not going to be done, is left on 1 resource. To take it off: ` +
      `aws resourcegroupstaggingapi untag-resources --region eu-west-1 --tag-keys ${TAG} --resource-arn-list ${lampArn({ id: 'hall', place: sweep })}`,
  ]);
  expect(again.warnings).toEqual(report.warnings);
  expect(house.calls.filter((call) => call === 'journal.marks.put')).toHaveLength(1);

  expect(house.calls.filter((call) => call === 'journal.marks.open')).toHaveLength(1);
  // Asked to act again, it takes back what it wrote.
  await at(house, 3, { protect: { ids: ['hall'], names: [], tags: [] } });
  expect(house.lamps[0]?.tags.has(TAG)).toBe(false);
  expect(house.journal.closed).toEqual(['no-grace']);
});

it('what cannot be looked at just now counts no more either', async () => {
  const house = new House();
  house.add('hall');
  house.add('abroad', { place: away });
  await house.run(sweep, graced, [home, away]);
  house.enter = ({ region }) => {
    if (region === away.region) throw new Error('no way in');
  };
  await house.run(sweep, reporting, [home, away]);
  house.enter = () => {};
  house.time += 14 * DAY;
  await house.run(sweep, graced, [home, away]);
  expect(house.litIds).toEqual(['hall', 'abroad']);
});

it.each([
  { who: 'an event', signal: { ...sweep, scope: { kind: 'resources', resources: [] } } as const },
  {
    who: 'a person who only looks',
    signal: { ...sweep, cause: { kind: 'command-line', name: 'reeve sweep' } } as const,
  },
])('$who ends no promise', async ({ signal }) => {
  const house = await marked('hall');
  const report = await at(house, 1, reporting, signal);
  expect(house.calls.filter((call) => call.includes('marks'))).toEqual([]);
  expect(report.warnings).toEqual([]);
  await at(house, 49, graced);
  expect(house.litIds).toEqual([]);
});

it.each(['marks.open', 'marks.put'] as const)(
  'B6.16 without %s it is said, and no tag comes off',
  async (call) => {
    const house = await marked('hall');
    house.journal.broken.add(call);
    const report = await at(house, 1, { protect: { ids: ['hall'], names: [], tags: [] } });
    expect(report.warnings[0]).toMatch(/could not be (read|noted): the table cannot be reached/);
    expect(house.lamps[0]?.tags.get(TAG)).toBe(DUE);
  },
);
