import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson, isSameChange, onlyPlanned, plannedItems } from '../../../shared/engine/planned.ts';
import type { Change } from '../../../shared/engine/verdict.ts';
import { away, House, home, named, sweep } from '../../support/lamps.ts';

/** What a run in report mode over this house would change. */
async function planned(house: House) {
  const { results } = await house.run(sweep, { mode: 'report' }, [home, away]);
  return plannedItems(results);
}

it('B6.20 a plan holds just what would be changed: no exempt, protected or merely told lamp', async () => {
  const house = new House();
  house.add('hall');
  house.add('dark', { light: 'off' });
  house.add('odd', { light: 'flicker' });
  house.add('wired', { switch: false });
  house.add('spare', { tags: new Map([['reeve:exempt', 'TICKET-1 until 2026-12-01']]) });

  expect(await planned(house)).toMatchObject([
    {
      ...home,
      resource: { id: 'hall' },
      reasonCode: 'lamp-lit',
      severity: 'medium',
      change: { action: 'switch-off', fingerprint: 'lighting-1', before: { light: 'lit' } },
    },
  ]);
});

it('B6.21 only what is in the plan, and still the same, is done; each place by itself', async () => {
  const house = new House();
  const [, relit] = [house.add('same'), house.add('relit'), house.add('same', { place: away })];
  const plan = (await planned(house)).filter(({ region }) => region === home.region);
  house.light(relit);
  house.add('new');
  house.notPlanned = onlyPlanned(plan);

  const report = await house.run(sweep, {}, [home, away]);

  expect(house.switchedOff).toEqual(['same']);
  const told = report.results.map(({ region, resource, outcome }) => [region, resource.id, outcome.code]);
  expect(told.sort()).toEqual([
    ['eu-west-1', 'new', 'not-planned'],
    ['eu-west-1', 'relit', 'not-planned'],
    ['eu-west-1', 'same', 'remedied'],
    ['us-east-1', 'same', 'not-planned'],
  ]);
});

it('B6.21 what changes between the first reading and the act is left alone, plan or not', async () => {
  const house = new House();
  const lamp = house.add('hall');
  house.notPlanned = onlyPlanned(await planned(house));
  let finds = 0;
  house.onFind = () => {
    if (++finds === 2) house.light(lamp);
  };

  const report = await house.run(named('hall'), {}, [home], { freshMs: -1 });

  expect(house.switchedOff).toEqual([]);
  expect(report.results[0]?.outcome).toMatchObject({ outcome: 'skipped', code: 'not-planned' });
});

it('resources of several places are each looked for in their own', async () => {
  const house = new House();
  house.add('hall');
  house.add('attic', { place: away });
  const at = (id: string, place: typeof home) => ({ type: 'Test::Lamp', id, place });
  const resources = [at('hall', home), at('attic', away), at('cellar', away)];

  const report = await house.run({ ...sweep, scope: { kind: 'resources', resources } }, {}, [home, away]);

  expect(report.missing.map(({ ref }) => ref.id)).toEqual(['cellar']);
  expect(house.litIds).toEqual([]);
});

it('a place that cannot be entered speaks for its own resources only', async () => {
  const house = new House();
  house.add('hall');
  house.enter = ({ region }) => {
    if (region === away.region) throw new Error('no way in');
  };
  const at = (id: string, place: typeof home) => ({ type: 'Test::Lamp', id, place });
  const resources = [at('hall', home), at('attic', away)];

  const report = await house.run({ ...sweep, scope: { kind: 'resources', resources } }, {}, [home, away]);

  expect(report.missing).toMatchObject([{ ref: { id: 'attic' }, why: 'unreadable' }]);
  expect(house.switchedOff).toEqual(['hall']);
});

const change: Change = {
  action: 'stop',
  summary: 'Stop it',
  fingerprint: 'launch 1',
  before: { state: 'running', tags: [{ Key: 'a', Value: 'b' }] },
  undo: 'Start it.',
  parameters: { hibernate: false, ids: ['i-1'] },
};

it.each<{ what: string; fresh: Partial<Change>; same: boolean }>([
  { what: 'nothing', fresh: {}, same: true },
  { what: 'the order of keys', fresh: { parameters: { ids: ['i-1'], hibernate: false } }, same: true },
  { what: 'the wording', fresh: { summary: 'Halt it', undo: 'Start it again.' }, same: true },
  { what: 'the action', fresh: { action: 'hibernate' }, same: false },
  { what: 'the fingerprint', fresh: { fingerprint: 'launch 2' }, same: false },
  { what: 'a parameter', fresh: { parameters: { hibernate: true, ids: ['i-1'] } }, same: false },
  { what: 'the state before', fresh: { before: { state: 'running', tags: [] } }, same: false },
  { what: 'the key of the plan', fresh: { planKey: 'other' }, same: false },
])('B6.21 a change of which $what differs: same $same', ({ fresh, same }) => {
  expect(isSameChange(change, { ...change, ...fresh })).toBe(same);
});

it('B6.21 where a fingerprint has time in it, the plan is held to its own key and to the state', () => {
  const timed = { ...change, planKey: 'tag Owner=ana' };
  const later = { fingerprint: 'a quarter of an hour later', parameters: { until: 'later' } };
  expect(isSameChange(timed, { ...timed, ...later })).toBe(true);
  expect(isSameChange(timed, { ...timed, ...later, before: null })).toBe(false);
  expect(isSameChange(timed, { ...timed, planKey: 'tag Owner=ben' })).toBe(false);
});

it('canonical JSON reads back to the same value, and knows no order of keys', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      expect(canonicalJson(JSON.parse(text))).toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: 50 },
  );
  const odd = JSON.parse('{"b":1,"__proto__":{"d":1,"c":2},"a":[{"z":1,"y":2}]}') as unknown;
  expect(canonicalJson(odd)).toBe('{"__proto__":{"c":2,"d":1},"a":[{"y":2,"z":1}],"b":1}');
});
