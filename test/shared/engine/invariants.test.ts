import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { House, type Lamp, lampArn, named, sweep } from '../../support/lamps.ts';

/** Random accounts: any light, tags, faults; random modes, caps, kinds, triggers. */
const lamps = fc.array(
  fc.record({
    light: fc.constantFrom<Lamp['light']>('off', 'lit', 'lit', 'lit', 'flicker'),
    severity: fc.constantFrom<Lamp['severity']>('low', 'medium', 'high', 'critical'),
    switch: fc.boolean(),
    stale: fc.nat(5),
    hidden: fc.constantFrom(0, 0, 0, 2, 9),
    cursed: fc.constantFrom(false, false, false, true),
    tag: fc.constantFrom('', '', 'keep', 'T-1 until 2026-12-01', 'T-1 until 2026-11-01', 'nonsense'),
    fault: fc.constantFrom('', '', '', 'Denied', 'Timeout', 'Effective', 'Throws'),
  }),
  { maxLength: 30 },
);
type Furniture = typeof lamps extends fc.Arbitrary<infer T> ? T : never;

const worlds = fc.record({
  lamps,
  kind: fc.constantFrom<House['kind']>('security', 'cost', 'tagging'),
  mode: fc.constantFrom<'report' | 'enforce'>('enforce', 'enforce', 'report'),
  cap: fc.integer({ min: 0, max: 40 }),
  percent: fc.integer({ min: 0, max: 100 }),
  whole: fc.boolean(),
  killSwitch: fc.constantFrom<'on' | 'off' | 'missing'>('off', 'off', 'off', 'on', 'missing'),
  minutes: fc.integer({ min: 0, max: 30 }),
});
type World = typeof worlds extends fc.Arbitrary<infer T> ? T : never;

function build({ lamps: furniture, kind, killSwitch, minutes }: World): House {
  const house = new House();
  house.kind = kind;
  house.pageSize = 7;
  house.killSwitch = () => killSwitch;
  let actions = minutes;
  house.onAct = () => actions--;
  house.remaining = () => (actions > 0 ? 60_000 : 10_000);
  for (const [index, each] of furniture.entries()) house.add(`lamp-${index}`, furnished(each));
  return house;
}

function furnished({ tag, fault, ...rest }: Furniture[number]): Partial<Lamp> {
  // An old reading of a lamp that is off from the start is a state of its own, not an old one.
  const lamp = rest.light === 'off' ? { ...rest, stale: 0 } : rest;
  const tags = new Map(tag === 'keep' ? [['keep', 'yes']] : tag === '' ? [] : [['reeve:exempt', tag]]);
  if (fault === '') return { ...lamp, tags };
  const refuses = {
    code: fault,
    uncertain: fault !== 'Denied',
    takesEffect: fault === 'Effective',
    throws: fault === 'Throws',
  };
  return { ...lamp, tags, refuses };
}

function start(house: House, { whole, mode, cap, percent }: World) {
  const signal = whole ? sweep : named(...house.lamps.map(({ id }) => id));
  const guard = { mode, caps: { count: cap, percent }, protect: { ids: [], names: [], tags: ['keep'] } };
  return house.run(signal, guard);
}

const acts = (house: House) => house.calls.filter((call) => call.startsWith('act '));

it('B6.1 B6.9 never acts on what is in order, unknown, exempt or protected, nor where it may not act at all', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async (world) => {
      const house = build(world);
      const untouchable = house.lamps
        .filter(
          ({ light, tags, cursed, switch: has }, index) =>
            light !== 'lit' ||
            cursed ||
            !has ||
            tags.has('keep') ||
            world.lamps[index]?.tag === 'T-1 until 2026-12-01' ||
            (world.lamps[index]?.tag === 'nonsense' && world.kind !== 'security'),
        )
        .map(({ id }) => `act ${id}`);
      await start(house, world);
      const done = acts(house);
      expect(done.filter((act) => untouchable.includes(act))).toEqual([]);
      if (world.mode === 'report' || world.killSwitch !== 'off') expect(done).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

it('B6.3 B6.4 never acts above a cap', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async (world) => {
      const house = build(world);
      const { counts } = await start(house, world);
      expect(acts(house).length).toBeLessThanOrEqual(world.cap);
      if (world.whole && counts.scanned >= 10)
        expect(acts(house).length).toBeLessThanOrEqual((counts.scanned * world.percent) / 100);
    }),
    { numRuns: 300 },
  );
});

it('B3.50 every lamp that burns ends acted on, queued, or reported with a reason', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async (world) => {
      const house = build(world);
      const burning = house.lamps.filter(({ light }) => light !== 'off').map(({ id }) => id);
      const report = await start(house, world);
      const told = [
        ...report.results.map(({ resource }) => resource.id),
        ...report.missing.map(({ ref }) => ref.id),
      ];
      const whole = house.postponed.some(({ signal }) => signal.scope.kind === 'sweep');
      const queued = house.postponed.flatMap(({ signal: { scope } }) =>
        scope.kind === 'resources' ? scope.resources.map(({ id }) => id) : [],
      );
      if (!whole && report.pages.every((page) => !page.includes('too short')))
        expect(burning.filter((id) => !told.includes(id) && !queued.includes(id))).toEqual([]);
      for (const { outcome } of report.results) expect(outcome.reason.length).toBeGreaterThan(5);
      const { done, skipped, failed, queued: later } = report.counts;
      expect(done + skipped + failed + later).toBe(report.results.length);
    }),
    { numRuns: 300 },
  );
});

it('B6.16 every action had its intent first, and no state is journaled as done twice', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, fc.integer({ min: 1, max: 3 }), async (world, deliveries) => {
      const house = build(world);
      house.onAct = (lamp) => {
        const intents = house.journal.entries.filter(({ resource }) => resource.arn === lampArn(lamp));
        expect(intents.some(({ outcome }) => outcome === undefined)).toBe(true);
      };
      house.remaining = () => 60_000;
      await Promise.all(Array.from({ length: deliveries }, () => start(house, world)));
      const done = house.journal.entries.filter(({ outcome }) => outcome?.result === 'done');
      const states = done.map(({ resource, fingerprint }) => `${resource.arn} ${fingerprint}`);
      expect(new Set(states).size).toBe(states.length);
    }),
    { numRuns: 200 },
  );
});

it('running again changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async (world) => {
      const house = build({ ...world, cap: 100, percent: 100 });
      const calm = { ...world, cap: 100, percent: 100 };
      house.remaining = () => 60_000;
      for (const lamp of house.lamps) {
        lamp.hidden = 0;
        lamp.stale = 0;
        delete lamp.refuses;
      }
      await start(house, calm);
      const off = [...house.switchedOff];
      const entries = house.journal.entries.length;
      await start(house, calm);
      expect(house.switchedOff).toEqual(off);
      expect(house.journal.entries).toHaveLength(entries);
    }),
    { numRuns: 200 },
  );
});
