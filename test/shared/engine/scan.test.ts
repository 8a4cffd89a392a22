import { expect, it } from 'vitest';
import { PlaceRefused } from '../../../shared/engine/ports.ts';
import { away, House, home, named, sweep } from '../../support/lamps.ts';

it('B5.26 B5.30 a place that cannot be entered is said, and stops no other', async () => {
  const house = new House();
  house.add('hall', { place: away });
  const closed = { ...home, region: 'ap-east-1' };
  const broken = { ...home, region: 'eu-north-1' };
  house.enter = ({ region }) => {
    if (region === closed.region)
      throw new PlaceRefused('skipped', 'not-opted-in', 'The region is not enabled.');
    if (region === broken.region)
      throw new PlaceRefused('failed', 'AccessDenied', 'The role may not be assumed.');
    if (region === home.region) throw new Error('socket hang up');
  };

  const report = await house.run(sweep, {}, [closed, broken, home, away]);

  expect(report.places).toEqual([
    { ...closed, state: 'skipped', reason: 'The region is not enabled.', scanned: 0, compliant: 0 },
    { ...broken, state: 'failed', reason: 'The role may not be assumed.', scanned: 0, compliant: 0 },
    {
      ...home,
      state: 'failed',
      reason: 'It could not be entered: socket hang up.',
      scanned: 0,
      compliant: 0,
    },
    { ...away, state: 'scanned', reason: undefined, scanned: 1, compliant: 0 },
  ]);
  expect(report.state).toBe('partial');
  expect(house.switchedOff).toEqual(['hall']);
});

it('a run that can read nothing at all has failed, and says so', async () => {
  const house = new House();
  house.enter = () => {
    throw new Error('no credentials');
  };
  expect(await house.run(sweep, {}, [home, away])).toMatchObject({ state: 'failed', counts: { scanned: 0 } });
  expect(house.told).toHaveLength(1);
});

it('B5.29 a page that fails keeps what was read before it', async () => {
  const house = new House();
  house.pageSize = 10;
  house.addMany(30);
  let pages = 0;
  house.onFind = () => {
    if (++pages === 2) throw new Error('InvalidNextToken');
  };
  const report = await house.run(sweep);
  expect(report).toMatchObject({ state: 'partial', counts: { scanned: 10, done: 10 } });
  expect(report.places[0]).toMatchObject({
    state: 'failed',
    reason: expect.stringContaining('InvalidNextToken'),
  });
});

it('one lamp that cannot be judged stops no other', async () => {
  const house = new House();
  house.add('cursed', { cursed: true });
  house.add('hall');
  const report = await house.run(sweep);
  expect(report.results.find(({ resource }) => resource.id === 'cursed')).toMatchObject({
    verdict: { verdict: 'unknown', reasonCode: 'judge-failed' },
    outcome: { outcome: 'skipped', code: 'unknown' },
  });
  expect(house.switchedOff).toEqual(['hall']);
  expect(report.state).toBe('partial');
});

it('facts that cannot be gathered make a page unknown, and it is left alone', async () => {
  const house = new House();
  house.pageSize = 2;
  house.addMany(4);
  let pages = 0;
  house.onGather = () => {
    if (++pages === 1) throw new Error('AccessDenied');
  };
  const report = await house.run(sweep);
  expect(report).toMatchObject({ state: 'partial', counts: { unknown: 2, done: 2 } });
  expect(report.results.map(({ verdict }) => verdict.reasonCode)).toContain('facts-unreadable');
});

it('B3.40 what is gone is nothing to tell', async () => {
  const house = new House();
  const report = await house.run(named('hall'));
  expect(report).toMatchObject({ state: 'complete', missing: [{ why: 'gone' }] });
  expect(house.told).toEqual([]);
});

it('B3.37 what is not visible yet is looked for after 1, 2 and 4 seconds', async () => {
  const house = new House();
  house.add('hall', { hidden: 3 });
  const report = await house.run(named('hall'));
  expect(house.calls.slice(0, 7)).toEqual([
    'find',
    'sleep 1000',
    'find',
    'sleep 2000',
    'find',
    'sleep 4000',
    'find',
  ]);
  expect(report.results[0]?.outcome.code).toBe('remedied');
});

it('B3.37 what never becomes visible is left to the sweep', async () => {
  const house = new House();
  house.add('hall', { hidden: 99 });
  const report = await house.run(named('hall'));
  expect(report).toMatchObject({ state: 'partial', missing: [{ why: 'not-visible' }], results: [] });
  expect(house.switchedOff).toEqual([]);
});

it('B3.37 what never becomes visible but is proven by the event is guarded, journaled and remedied', async () => {
  const house = new House();
  house.add('hall', { hidden: 4 });
  house.add('vault', { hidden: 4, tags: new Map([['keep', 'yes']]) });
  house.unseen = () => true;
  const report = await house.run(named('hall', 'vault'), { protect: { ids: [], names: [], tags: ['keep'] } });
  expect(report.results.map(({ outcome }) => outcome.code)).toEqual(['remedied', 'protected']);
  expect(report.results[0]?.notes).toEqual([expect.stringContaining('the record of the event')]);
  expect(house.journal.entries).toHaveLength(1);
});

it('B5.19 places for which no time is left get a run of their own', async () => {
  const house = new House();
  house.add('hall');
  house.add('porch', { place: away });
  let reads = 0;
  house.onFind = () => reads++;
  house.remaining = () => (reads === 0 ? 60_000 : 19_999);

  const report = await house.run(sweep, {}, [home, away], { parallel: 1 });

  expect(report).toMatchObject({ state: 'partial', places: [{ state: 'skipped' }, { state: 'skipped' }] });
  house.remaining = () => 60_000;
  for (const { signal } of house.postponed.splice(0)) await house.run(signal, {}, [signal]);
  expect(house.litIds).toEqual([]);
});

it('B5.19 a place that takes longer than an invocation is not queued for ever', async () => {
  const house = new House();
  house.pageSize = 1;
  house.addMany(3);
  let reads = 0;
  house.onFind = () => reads++;
  // The next page is asked for while one is judged: the third reading is that of the page after the second.
  house.remaining = () => (reads < 3 ? 60_000 : 19_999);
  const report = await house.run(sweep);
  expect(report.pages).toEqual([expect.stringContaining('too short')]);
  expect(report.places[0]?.state).toBe('failed');
  expect(house.postponed).toMatchObject([{ signal: { scope: { kind: 'resources' } } }]);
});

it('B5.19 an event that comes with no time left is queued once, not in circles', async () => {
  const house = new House();
  house.add('hall');
  house.remaining = () => 10_000;
  await house.run(named('hall'));
  expect(house.postponed).toMatchObject([{ signal: { cause: { kind: 'continuation' } }, delaySeconds: 0 }]);

  const [first] = house.postponed.splice(0);
  if (!first) throw new Error('nothing was postponed');
  const report = await house.run(first.signal);
  expect(house.postponed).toEqual([]);
  expect(report).toMatchObject({ state: 'failed', missing: [{ why: 'unreadable' }], pages: { length: 1 } });
});

it('B5.24 a second run starts from nothing that the first one knew', async () => {
  const house = new House();
  house.add('hall');
  await house.run(sweep, { mode: 'report' });
  const report = await house.run(sweep);
  expect(report).toMatchObject({ pages: [], warnings: [], counts: { scanned: 1, done: 1 } });
});

it('B5.19 a place that can neither be read in time nor be queued calls for somebody', async () => {
  const house = new House();
  house.remaining = () => 10_000;
  house.postpone = () => {
    throw new Error('the queue is gone');
  };
  const report = await house.run(sweep, {}, [home, away]);
  expect(report.pages).toHaveLength(2);
  expect(report.places[0]?.reason).toMatch(/could not be queued: the queue is gone/);
});

it('B6.33 what could not be read is kept up to the bound and counted beyond it', async () => {
  const house = new House();
  const report = await house.run(named('a', 'b', 'c'), {}, [home], { maxResults: 2 });
  expect(report).toMatchObject({ missing: { length: 2 }, omitted: 1 });
});

it('B3.37 what only the event proves keeps the words of the event when it is queued', async () => {
  const house = new House();
  house.add('hall');
  house.add('porch', { hidden: 99 });
  house.unseen = () => true;
  const signal = named('hall');
  const ref = { type: 'Test::Lamp', id: 'porch', hint: { lit: true } };
  const scope = {
    kind: 'resources',
    resources: [{ type: 'Test::Lamp', id: 'hall', hint: {} }, ref],
  } as const;
  await house.run({ ...signal, scope }, { caps: { count: 0, percent: 0 } });
  expect(house.postponed.map((each) => each.signal.scope)).toEqual([
    { kind: 'resources', resources: [{ type: 'Test::Lamp', id: 'hall' }, ref] },
  ]);
});

it.each([
  ['not-enabled', 'skipped'],
  ['denied-by-organisation', 'skipped'],
  ['denied', 'failed'],
] as const)('B5.30 a reading that is %s leaves its place %s', async (kind, state) => {
  const house = new House();
  house.add('hall');
  house.onFind = () => {
    throw Object.assign(new Error('refused'), { kind });
  };
  const report = await house.run(sweep);

  expect(report.places).toMatchObject([{ state }]);
  expect(report.state).toBe(state === 'failed' ? 'failed' : 'complete');
});
