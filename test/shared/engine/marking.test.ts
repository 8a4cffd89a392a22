import { expect, it } from 'vitest';
import { dueOf } from '../../../shared/engine/outcome.ts';
import { House, home, named, noon, sweep } from '../../support/lamps.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const TAG = 'reeve:lights-out-after';
/** Two days, and more than any two clocks differ. */
const DUE = '2026-11-22T12:10:00.000Z';
const graced = { graceMs: 2 * DAY };

function houseWith(...ids: readonly string[]): House {
  const house = new House();
  house.kind = 'cost';
  for (const id of ids) house.add(id);
  return house;
}

/** A sweep so many hours after noon. */
function at(house: House, hours: number, guard: Parameters<House['run']>[1] = graced) {
  house.time = noon.getTime() + hours * HOUR;
  return house.run(sweep, guard);
}

/** Somebody lights the first lamp again, by an undo that exempts it until so many hours after noon. */
function takeBack(house: House, hours: number): void {
  const [entry] = house.journal.entries;
  const [hall] = house.lamps;
  if (entry === undefined || hall === undefined) throw new Error('nothing was switched off');
  hall.light = 'lit';
  const exemptUntil = new Date(noon.getTime() + hours * HOUR);
  const undo = { id: 'undo-1', undoes: entry.id, fingerprint: 'undo', at: house.now(), exemptUntil };
  const parameters = { action: entry.action };
  house.journal.entries.push({ ...entry, ...undo, parameters, reason: 'still reading' });
}

it('B2.13 B6.7 a finding is marked, told with its date and with how to stop it, and only then remedied', async () => {
  const house = houseWith('hall');

  const first = await at(house, 0);
  await at(house, 48);

  expect(house.litIds).toEqual(['hall']);
  expect(first.state).toBe('complete');
  expect(first.results[0]?.outcome).toEqual({
    outcome: 'queued',
    code: 'grace',
    due: new Date(DUE),
    reason: `Switch off hall: not before ${DUE}, and not at all if it is in order by then or exempt (tag reeve:exempt, e.g. "TICKET-123 until 2026-11-22").`,
  });
  expect(house.told[0]).toBeDefined();
  expect(house.lamps[0]?.tags.get(TAG)).toBe(DUE);
  expect([...house.journal.marked.values()]).toMatchObject([
    { reasonCode: 'lamp-lit', fingerprint: 'lighting-1', since: noon, due: new Date(DUE), told: true },
  ]);

  await at(house, 49);
  expect(house.litIds).toEqual([]);
  expect(house.journal.closed).toEqual(['remedied']);
  await at(house, 50);
  expect(house.lamps[0]?.tags.has(TAG)).toBe(false);
});

it('B2.13 B6.7 a later date that people read holds, though the grace is shortened again', async () => {
  const house = houseWith('hall');
  await at(house, 0);
  await at(house, 1, { graceMs: 5 * DAY });
  const [raised] = house.journal.marked.values();

  expect(raised).toMatchObject({ since: noon, due: new Date('2026-11-25T12:10:00.000Z'), told: true });
  expect(house.lamps[0]?.tags.get(TAG)).toBe('2026-11-25T12:10:00.000Z');
  await at(house, 100);
  expect(house.litIds).toEqual(['hall']);
  await at(house, 121);
  expect(house.litIds).toEqual([]);
});

it('B6.2 with the kill switch on no later date is promised', async () => {
  const house = houseWith('hall');
  await at(house, 0);
  house.killSwitch = () => 'on';
  const report = await at(house, 1, { graceMs: 5 * DAY });

  expect(report.results[0]?.outcome).toMatchObject({ outcome: 'skipped', code: 'kill-switch' });
  expect(house.lamps[0]?.tags.get(TAG)).toBe(DUE);
});

it('B6.7 a later date that cannot be kept is not told', async () => {
  const house = houseWith('hall');
  await at(house, 0);
  house.journal.broken.add('marks.put');
  const report = await at(house, 1, { graceMs: 5 * DAY });

  expect(report.results[0]?.outcome).toMatchObject({ outcome: 'failed', code: 'journal-unavailable' });
  expect(house.litIds).toEqual(['hall']);
});

it('B5.38 the same date is told once a day, another one at once', async () => {
  const house = houseWith('hall');
  for (const hours of [0, 1, 2, 25]) await at(house, hours);
  expect(house.told).toHaveLength(2);

  await at(house, 26, { graceMs: 5 * DAY });
  expect(house.told).toHaveLength(3);
});

it('the mark is in the journal before the tag, and both before anything is told', async () => {
  const house = houseWith('hall');
  await at(house, 0);

  const order = ['journal.marks.put', 'announce hall', 'notify', 'journal.marks.told'];
  expect(house.calls.filter((call) => order.includes(call))).toEqual(order);
});

it.each<{ how: string; cancel: (house: House) => void; why: string }>([
  {
    how: 'put in order',
    cancel: ({ lamps: [lamp] }) => lamp && Object.assign(lamp, { light: 'off' }),
    why: 'compliant',
  },
  {
    how: 'exempt',
    cancel: ({ lamps: [lamp] }) => lamp?.tags.set('reeve:exempt', 'T-1 until 2026-11-21'),
    why: 'exempt',
  },
  { how: 'protected', cancel: ({ lamps: [lamp] }) => lamp?.tags.set('keep', 'yes'), why: 'protected' },
  {
    how: 'without a switch',
    cancel: ({ lamps: [lamp] }) => lamp && Object.assign(lamp, { switch: false }),
    why: 'alert-only',
  },
  { how: 'gone', cancel: (house) => house.lamps.splice(0, 1), why: 'gone' },
])('B6.7 a grace ends for what is $how, and begins anew afterwards', async ({ cancel, why }) => {
  const house = houseWith('hall', 'attic');
  const guard = { ...graced, protect: { ids: [], names: [], tags: ['keep'] } };
  await at(house, 0, guard);
  cancel(house);
  await at(house, 1, guard);

  expect(house.journal.closed).toEqual([why]);
  const [hall] = house.lamps;
  expect(why === 'gone' || hall?.tags.has(TAG) === false).toBe(true);

  house.lamps.splice(0, house.lamps.length);
  house.add('hall');
  await at(house, 2, guard);
  await at(house, 50, guard);
  expect(house.litIds).toEqual(['hall']);
  await at(house, 51, guard);
  expect(house.litIds).toEqual([]);
});

it('B2.13 another finding under the same id has a grace of its own', async () => {
  const house = houseWith('hall');
  const [hall] = house.lamps;
  await at(house, 0);
  if (hall) house.light(hall);
  const again = await at(house, 47);
  await at(house, 49);

  expect(again.results.map(({ outcome }) => dueOf(outcome))).toEqual([new Date('2026-11-24T11:10:00Z')]);
  expect(house.litIds).toEqual(['hall']);
});

it('B6.8 a tag that somebody wrote, changed or took away shortens nothing', async () => {
  const house = houseWith('forged', 'edited', 'bare');
  house.lamps[0]?.tags.set(TAG, '2020-01-01T00:00:00.000Z');
  await at(house, 0);
  house.lamps[1]?.tags.set(TAG, '2020-01-01T00:00:00.000Z');
  house.lamps[2]?.tags.delete(TAG);
  await at(house, 47);

  expect(house.litIds).toEqual(['forged', 'edited', 'bare']);
  await at(house, 49);
  expect(house.litIds).toEqual([]);
});

it('B6.16 a tag that cannot be written is told, and the mark holds all the same', async () => {
  const house = houseWith('hall');
  house.onAnnounce = () => {
    throw new Error('no room for a tag');
  };
  const first = await at(house, 0);
  await at(house, 49);

  expect(first.results[0]?.notes).toEqual(['No tag on it tells so: no room for a tag.']);
  expect(house.litIds).toEqual([]);
});

it.each(['marks.open', 'marks.put'] as const)('B6.16 without %s nothing is changed', async (call) => {
  const house = houseWith('hall');
  if (call === 'marks.open') await at(house, 0);
  house.journal.broken.add(call);
  const report = await at(house, 72);

  expect(house.litIds).toEqual(['hall']);
  expect(report.results[0]?.outcome).toMatchObject({ outcome: 'failed', code: 'journal-unavailable' });
});

it.each<{ what: string; spoil: (house: House) => void; mend: (house: House) => void }>([
  {
    what: 'the message was lost',
    spoil: (house) => {
      house.notify = () => {
        throw new Error('no topic');
      };
    },
    mend: (house) => {
      house.notify = () => {};
    },
  },
  {
    what: 'it could not be noted',
    spoil: ({ journal }) => journal.broken.add('marks.told'),
    mend: ({ journal }) => journal.broken.delete('marks.told'),
  },
])('B5.37 the grace begins only once people were told: $what', async ({ spoil, mend }) => {
  const house = houseWith('hall');
  spoil(house);
  await at(house, 0);
  mend(house);
  await at(house, 40);
  await at(house, 49);
  expect(house.litIds).toEqual(['hall']);
  expect(house.told.length).toBeGreaterThan(0);

  await at(house, 89);
  expect(house.litIds).toEqual([]);
});

it('B5.16 an event in between neither acts nor marks it a second time', async () => {
  const house = houseWith('hall');
  await at(house, 0);
  await house.run(named('hall'), graced);

  expect(house.calls.filter((call) => call === 'journal.marks.put')).toHaveLength(1);
  expect(house.litIds).toEqual(['hall']);
  house.time = new Date(DUE).getTime();
  await house.run(named('hall'), graced);
  expect(house.litIds).toEqual([]);
});

it('B5.16 of two runs at once one marks it, and whoever tells it says so', async () => {
  const house = houseWith('hall');
  await Promise.all([at(house, 0), at(house, 0)]);

  expect(house.journal.marked.size).toBe(1);
  const [mark] = house.journal.marked.values();
  expect(mark?.told).toBe(true);
  await at(house, 49);
  expect(house.switchedOff).toEqual(['hall']);
});

it('B6.2 the kill switch holds marks and their tags back too', async () => {
  const house = houseWith('hall');
  house.killSwitch = () => 'on';
  const report = await at(house, 0);

  expect(report.results[0]?.outcome.code).toBe('kill-switch');
  expect(house.journal.marked.size).toBe(0);
  expect(house.calls).not.toContain('announce hall');

  house.killSwitch = () => 'off';
  await at(house, 1);
  house.killSwitch = () => 'on';
  const [hall] = house.lamps;
  if (hall) hall.light = 'off';
  await at(house, 2);
  expect(house.journal.closed).toEqual(['compliant']);
  expect(hall?.tags.has(TAG)).toBe(true);

  house.killSwitch = () => 'off';
  await at(house, 3);
  expect(hall?.tags.has(TAG)).toBe(false);
});

it('what failed when its time had come is tried again by the next run, without another grace', async () => {
  const house = houseWith('hall');
  const [hall] = house.lamps;
  await at(house, 0);
  if (hall) hall.refuses = { code: 'Busy' };
  const failed = await at(house, 49);
  if (hall) delete hall.refuses;
  await at(house, 50);

  expect(failed.results[0]?.outcome.outcome).toBe('failed');
  expect(house.litIds).toEqual([]);
});

it('what cannot be told apart for now keeps its grace', async () => {
  const house = houseWith('hall');
  const [hall] = house.lamps;
  await at(house, 0);
  if (hall) hall.light = 'flicker';
  await at(house, 49);
  expect(house.switchedOff).toEqual([]);
  if (hall) hall.light = 'lit';
  await at(house, 50);
  expect(house.switchedOff).toEqual(['hall']);
});

it('B6.3 what is in its grace does not use up the cap', async () => {
  const house = houseWith('hall');
  const caps = { count: 1, percent: 100 };
  await at(house, 0, { ...graced, caps });
  house.add('attic');
  house.add('cellar');
  await at(house, 49, { ...graced, caps });

  expect(house.litIds).toEqual(['attic', 'cellar']);
});

it.each([
  ['without the setting', {}, []],
  ['in report mode', { ...graced, mode: 'report' as const }, ['hall']],
])('nothing of it is asked or written %s', async (_case, guard, lit) => {
  const house = houseWith('hall');
  await at(house, 0, guard);

  expect(house.litIds).toEqual(lit);
  expect(house.calls.filter((call) => call.includes('marks') || call.startsWith('announce'))).toEqual([]);
});

it('B6.21 what is out of policy for another reason by the last look is left to a grace of its own', async () => {
  const house = houseWith('hall');
  const [hall] = house.lamps;
  await at(house, 0);
  let reads = 0;
  house.onFind = () => {
    if (++reads === 2 && hall) hall.reasonCode = 'lamp-smokes';
  };
  house.time = noon.getTime() + 49 * HOUR;
  const report = await house.run(sweep, graced, [home], { freshMs: -1 });

  expect(report.results[0]?.outcome).toMatchObject({ outcome: 'skipped', code: 'changed' });
  expect(house.litIds).toEqual(['hall']);
});

it('B5.35 B5.37 a date that found no room in the message is told by the next one, and waits for that', async () => {
  const house = houseWith('hall', 'attic');
  house.noRoomFor = ({ resource }) => resource.id === 'attic';
  await at(house, 0);
  house.noRoomFor = () => false;
  const second = await at(house, 12);
  expect(second.results.filter(({ repeated }) => !repeated).map(({ resource }) => resource.id)).toEqual([
    'attic',
  ]);

  await at(house, 49);
  expect(house.litIds).toEqual(['attic']);
  await at(house, 61);
  expect(house.litIds).toEqual([]);
});

it('B2.13 a run that takes long to tell what it marked shortens no grace', async () => {
  const house = houseWith('hall');
  house.notify = () => {
    house.time += 20 * HOUR;
  };
  await at(house, 0);
  house.notify = () => {};

  const second = await at(house, 49);
  expect(second.results.map(({ outcome }) => dueOf(outcome))).toEqual([new Date('2026-11-23T08:10:00Z')]);
  expect(house.litIds).toEqual(['hall']);
  await at(house, 69);
  expect(house.litIds).toEqual([]);
});

it('B6.19 what somebody took back is announced anew only once its exemption is over', async () => {
  const house = houseWith('hall');
  await at(house, 0);
  await at(house, 49);
  takeBack(house, 150);

  const after = await at(house, 60);
  expect(after.results.map(({ outcome }) => outcome.code)).toEqual(['exempt']);
  expect(house.journal.marked.size).toBe(0);

  const over = await at(house, 151);
  expect(over.results.map(({ outcome }) => outcome.code)).toEqual(['grace']);
  await at(house, 198);
  expect(house.litIds).toEqual(['hall']);
  await at(house, 200);
  expect(house.litIds).toEqual([]);
});

it.each([
  { kind: 'cost', marked: 0, wait: 'None was announced' },
  { kind: 'tagging', marked: 0, wait: 'None was announced' },
  { kind: 'security', marked: 2, wait: 'later runs announce the rest' },
] as const)('B6.3 no run announces more than its cap: a $kind policy marks $marked of 3', async (row) => {
  const house = houseWith('hall', 'attic');
  house.add('vault', { severity: 'critical' });
  house.kind = row.kind;
  const guard = { ...graced, caps: { count: 2, percent: 100 } };
  const report = await at(house, 0, guard);

  expect(house.journal.marked.size).toBe(row.marked);
  expect(house.lamps.filter(({ tags }) => tags.has(TAG))).toHaveLength(row.marked);
  expect(house.lamps[2]?.tags.has(TAG)).toBe(row.marked > 0);
  expect(report.pages).toEqual([expect.stringContaining(row.wait)]);
  expect(report.results.filter(({ outcome }) => outcome.code === 'cap')).toHaveLength(3 - row.marked);
});

it('B6.4 as many as the cap are announced, and further ones by the next run', async () => {
  const house = houseWith('hall', 'attic');
  const guard = { ...graced, caps: { count: 2, percent: 100 } };
  await at(house, 0, guard);
  house.add('cellar');
  const report = await at(house, 1, guard);
  expect(house.journal.marked.size).toBe(3);
  expect(report.pages).toEqual([]);
});

it.each([
  { since: 'a time of report mode', mode: 'report' as const },
  { since: 'the finding is another one', mode: undefined },
])(
  'B6.3 a date that counts for nothing since $since comes off where the cap lets none be given',
  async ({ mode }) => {
    const house = houseWith('hall', 'attic');
    await at(house, 0);
    if (mode) await at(house, 1, { ...graced, mode });
    else for (const lamp of house.lamps) lamp.reasonCode = 'other';
    const [, attic] = house.lamps;
    // Whoever wrote another date did so himself.
    attic?.tags.set(TAG, '2030-01-01');
    const capped = { ...graced, caps: { count: 1, percent: 100 } };
    const report = await at(house, 2, capped);

    expect(report.results.map(({ outcome }) => outcome.code)).toEqual(['cap', 'cap']);
    expect(house.lamps.map(({ tags }) => tags.get(TAG))).toEqual([undefined, '2030-01-01']);
    expect([...house.journal.marked.values()].map(({ resource }) => resource.id)).toEqual(['attic']);
  },
);

it('B6.2 with the kill switch on it stays, and its mark, by which it is known, with it', async () => {
  const house = houseWith('hall', 'attic');
  await at(house, 0);
  await at(house, 1, { ...graced, mode: 'report' });
  const capped = { ...graced, caps: { count: 1, percent: 100 } };
  house.killSwitch = () => 'on';
  await at(house, 2, capped);
  expect(house.lamps.map(({ tags }) => tags.get(TAG))).toEqual([DUE, DUE]);
  expect(house.journal.marked.size).toBe(2);
  house.killSwitch = () => 'off';
  await at(house, 3, capped);
  expect(house.lamps.map(({ tags }) => tags.get(TAG))).toEqual([undefined, undefined]);
});

it('B6.19 what somebody took back shows the date of its change no more', async () => {
  const house = houseWith('hall');
  await at(house, 0);
  await at(house, 49);
  takeBack(house, 150);
  expect(house.lamps[0]?.tags.get(TAG)).toBe(DUE);
  await at(house, 60);
  expect(house.lamps[0]?.tags.has(TAG)).toBe(false);
});
