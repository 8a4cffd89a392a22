import { expect, it } from 'vitest';
import { House, named, sweep } from '../../support/lamps.ts';

it.each([
  { position: 'on' as const, says: 'is on' },
  { position: 'missing' as const, says: 'is missing' },
  { position: 'broken' as const, says: 'could not be read' },
])('B6.2 a kill switch that is $position stops all action', async ({ position, says }) => {
  const house = new House();
  house.add('hall');
  house.killSwitch = () => {
    if (position === 'broken') throw new Error('denied');
    return position;
  };

  const report = await house.run(named('hall'));

  expect(house.switchedOff).toEqual([]);
  expect(house.journal.entries).toEqual([]);
  expect(report.results[0]?.outcome).toMatchObject({
    code: 'kill-switch',
    reason: expect.stringContaining(says),
  });
  expect(report.warnings).toHaveLength(1);
  expect(house.told).toHaveLength(1);
});

it('B6.2 the kill switch is read again every ten actions', async () => {
  const house = new House();
  house.addMany(35);
  house.killSwitch = () => (house.switchedOff.length < 20 ? 'off' : 'on');
  const report = await house.run(sweep);
  expect(house.calls.filter((call) => call === 'kill-switch')).toHaveLength(3);
  expect(report.counts).toMatchObject({ done: 20, skipped: 15 });
});

it.each(['recent', 'begin'] as const)('B6.16 without a journal (%s fails) nothing is done', async (call) => {
  const house = new House();
  house.add('hall', { severity: 'high' });
  house.journal.broken.add(call);
  const report = await house.run(named('hall'));
  expect(house.switchedOff).toEqual([]);
  expect(report.results[0]?.outcome).toMatchObject({ outcome: 'failed', code: 'journal-unavailable' });
  expect(report).toMatchObject({
    state: 'partial',
    pages: [expect.stringContaining('the table cannot be reached')],
  });
});

it('B6.16 an outcome that cannot be written does not unsay what was done', async () => {
  const house = new House();
  house.add('hall');
  house.journal.broken.add('finish');
  const report = await house.run(named('hall'));
  expect(report.results[0]).toMatchObject({
    outcome: { outcome: 'done' },
    notes: [expect.stringContaining('journal')],
  });
  expect(report.warnings).toHaveLength(1);
  expect(house.journal.entries).toMatchObject([{ before: { light: 'lit' }, outcome: undefined }]);
});

it('B5.15 B3.34 B3.35 a second delivery, also out of order, finds all done and is quiet', async () => {
  const house = new House();
  house.add('hall');
  await house.run(named('hall'));
  const report = await house.run(named('hall'));
  expect(house.switchedOff).toEqual(['hall']);
  expect(report).toMatchObject({ state: 'complete', results: [] });
  expect(house.told).toHaveLength(1);
});

it('B5.16 B5.15 event and sweep at once act once between them', async () => {
  const house = new House();
  house.add('hall', { stale: 2 });
  const reports = await Promise.all([house.run(named('hall')), house.run(sweep), house.run(named('hall'))]);
  expect(reports.reduce((sum, { counts }) => sum + counts.done, 0)).toBe(1);
  expect(house.switchedOff).toEqual(['hall']);
  expect(house.journal.entries).toHaveLength(1);
});

it('B5.15 a reading that is still old after a remedy does not act again', async () => {
  const house = new House();
  const hall = house.add('hall');
  await house.run(named('hall'));
  hall.stale = 1;
  const report = await house.run(named('hall'));
  expect(report.results[0]?.outcome).toMatchObject({ outcome: 'skipped', code: 'already-done' });
  expect(report.pages).toEqual([]);
  expect(house.told).toHaveLength(1);
});

it('what the journal has as done and still stands the next day calls for somebody', async () => {
  const house = new House();
  const hall = house.add('hall');
  await house.run(named('hall'));
  hall.stale = 1;
  house.time += 25 * 3_600_000;
  const report = await house.run(sweep);
  expect(report.results[0]?.outcome.code).toBe('already-done');
  expect(report.pages).toEqual([expect.stringContaining('a person has to look')]);
});

it('B5.17 what a dead invocation left as intent is looked at again and taken over once its lease is over', async () => {
  const house = new House();
  const hall = house.add('hall', { refuses: { code: 'Timeout', throws: true } });
  house.journal.broken.add('finish');
  await house.run(named('hall'));
  house.journal.broken.clear();
  delete hall.refuses;

  expect((await house.run(named('hall'))).results[0]?.outcome.code).toBe('in-progress');
  const [again] = house.postponed;
  expect(again).toMatchObject({ signal: { scope: { resources: [{ id: 'hall' }] } } });
  expect(house.journal.entries[0]?.outcome).toBeUndefined();

  house.time += (again?.delaySeconds ?? 0) * 1000;
  expect((await house.run(again?.signal)).results[0]?.outcome.code).toBe('remedied');
  expect(house.journal.entries).toMatchObject([{ outcome: { result: 'done' } }]);
});

it('B5.21 the event of our own change finds the lamp off', async () => {
  const house = new House();
  house.add('hall');
  await house.run(named('hall'));
  const echo = { ...named('hall'), id: 'event-2', cause: { kind: 'api-call', name: 'SwitchOff' } } as const;
  expect(await house.run(echo)).toMatchObject({ counts: { compliant: 1 }, results: [] });
});

it('B3.41 B5.22 from the 3rd time a day it tells who and which stack, from the 10th an hour it only tells', async () => {
  const house = new House();
  const hall = house.add('hall', { tags: new Map([['aws:cloudformation:stack-name', 'lighting']]) });
  const told: [string, number][] = [];
  for (let time = 1; time <= 11; time++) {
    const report = await house.run(named('hall'));
    told.push([report.results[0]?.outcome.code ?? 'quiet', report.pages.length]);
    if (time === 3) expect(report.pages[0]).toMatch(/3 times within a day.*put back by ana.*stack lighting/);
    if (time === 10) expect(report.pages[0]).toMatch(/9 times within an hour/);
    house.time += 60_000;
    house.light(hall);
  }
  const paged = Array.from({ length: 7 }, () => ['remedied', 1]);
  expect(told).toEqual([['remedied', 0], ['remedied', 0], ...paged, ['breaker', 1], ['breaker', 1]]);
});

it('B3.41 B5.15 of two deliveries only the one that acts tells about a repetition', async () => {
  const house = new House();
  const hall = house.add('hall');
  for (let time = 1; time < 3; time++) {
    await house.run(named('hall'));
    house.light(hall);
  }
  const reports = await Promise.all([house.run(named('hall')), house.run(named('hall'))]);
  expect(reports.flatMap(({ pages }) => pages)).toHaveLength(1);
});

it('B3.41 the same on the next day counts anew', async () => {
  const house = new House();
  const hall = house.add('hall');
  for (let day = 0; day < 4; day++) {
    expect((await house.run(named('hall'))).pages).toEqual([]);
    house.time += 25 * 3_600_000;
    house.light(hall);
  }
});

it('B5.19 without time for one more the rest is queued by name', async () => {
  const house = new House();
  house.addMany(25);
  house.remaining = () => (house.switchedOff.length < 12 ? 60_000 : 19_999);
  const report = await house.run(sweep, {}, undefined, { parallel: 1 });
  expect(report).toMatchObject({ state: 'partial', counts: { done: 12, queued: 13 } });
  expect(house.postponed).toMatchObject([
    { delaySeconds: 0, signal: { scope: { resources: { length: 13 } } } },
  ]);
  house.remaining = () => 60_000;
  for (const { signal } of house.postponed) await house.run(signal);
  expect(house.litIds).toEqual([]);
});

it('B6.21 B6.20 what was read over a minute ago is read again, and only what is unchanged is changed', async () => {
  const house = new House();
  const [same, dark, relit, tagged, gone, flicker] = [
    'same',
    'dark',
    'relit',
    'tagged',
    'gone',
    'flicker',
  ].map((id) => house.add(id));
  house.onGather = () => {
    house.onGather = () => {};
    house.time += 61_000;
    if (!same || !dark || !relit || !tagged || !gone || !flicker)
      throw new Error('the house is not furnished');
    house.onFind = () => {
      dark.light = 'off';
      relit.lighting++;
      tagged.tags = new Map([['keep', 'yes']]);
      flicker.light = 'flicker';
      house.lamps.splice(house.lamps.indexOf(gone), 1);
      house.onFind = () => {};
    };
  };
  // The clock turns after the reading: assess notes the time first.
  const report = await house.run(sweep, { protect: { ids: [], names: [], tags: ['keep'] } });
  expect(house.switchedOff).toEqual(['same']);
  expect(
    Object.fromEntries(report.results.map(({ resource, outcome }) => [resource.id, outcome.code])),
  ).toEqual({
    same: 'remedied',
    dark: 'changed',
    relit: 'changed',
    tagged: 'protected',
    gone: 'gone',
    flicker: 'unknown',
  });
});

it('B6.21 what was read a minute ago is fresh enough', async () => {
  const house = new House();
  house.add('hall');
  house.onGather = () => {
    house.onGather = () => {};
    house.time += 60_000;
  };
  await house.run(sweep);
  expect(house.calls.filter((call) => call === 'find')).toHaveLength(2);
});

it('B6.21 what cannot be read again just before acting is not acted on', async () => {
  const house = new House();
  house.add('hall');
  house.onGather = () => {
    house.time += 61_000;
    house.onFind = () => {
      throw new Error('AccessDenied');
    };
  };
  const report = await house.run(sweep);
  expect(house.switchedOff).toEqual([]);
  expect(report.results[0]?.outcome).toMatchObject({ outcome: 'failed', code: 'unreadable' });
});

it('B5.37 a message that cannot be delivered changes nothing about the result', async () => {
  const house = new House();
  house.add('hall');
  house.notify = () => {
    throw new Error('KMS access denied');
  };
  const report = await house.run(named('hall'));
  expect(report).toMatchObject({ state: 'complete', counts: { done: 1 } });
  expect(report.warnings).toEqual([expect.stringContaining('KMS access denied')]);
  expect(house.logged).toContain('The notification could not be delivered');
});

it('B5.38 many findings make one message', async () => {
  const house = new House();
  house.addMany(200);
  await house.run(sweep);
  expect(house.told).toHaveLength(1);
});

it('B6.36 B6.34 an error is told in short and without secrets', async () => {
  const house = new House();
  house.add('hall');
  house.enter = () => {
    throw new Error(
      `denied for AKIAIOSFODNN7EXAMPLE\nEncoded authorization failure message: ${'x'.repeat(5000)}`,
    );
  };
  const [place] = (await house.run(sweep)).places;
  expect(place?.reason?.length).toBeLessThan(300);
  expect(place?.reason).not.toMatch(/AKIA|\n/);
});
