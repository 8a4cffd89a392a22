import { expect, it } from 'vitest';
import { House, named, noon, sweep } from '../../support/lamps.ts';

const MINUTE = 60_000;
const at = (minutes: number) => noon.getTime() + minutes * MINUTE;

function houseWith(id: string): House {
  const house = new House();
  house.add(id, { afterSightMs: 10 * MINUTE });
  return house;
}

it.each([
  { minutes: 9, lit: ['hall'] },
  { minutes: 10, lit: [] },
])(
  'B2.12 what nobody tells the age of is changed $minutes minutes after a sweep saw it first: $lit left',
  async ({ minutes, lit }) => {
    const house = houseWith('hall');

    const first = await house.run(sweep);
    house.time = at(minutes);
    await house.run(sweep);

    expect(first.results[0]?.outcome).toMatchObject({ outcome: 'skipped', code: 'grace' });
    expect(house.litIds).toEqual(lit);
  },
);

it('B2.12 an event about it counts from its own time, and sweeps wait from then on', async () => {
  const house = houseWith('hall');
  await house.run(sweep);
  house.time = at(60);
  const [lamp] = house.lamps;
  if (lamp) lamp.notBefore = new Date(at(70));

  await house.run(named('hall'));
  if (lamp) delete lamp.notBefore;
  house.time = at(69);
  await house.run(sweep);

  expect(house.litIds).toEqual(['hall']);
  house.time = at(70);
  await house.run(house.postponed[0]?.signal);
  expect(house.litIds).toEqual([]);
});

it('B6.16 a sight that cannot be looked up changes nothing, and is told', async () => {
  const house = houseWith('hall');
  house.journal.broken.add('seen');

  const report = await house.run(sweep);

  expect(house.litIds).toEqual(['hall']);
  expect(report.results[0]?.outcome.code).toBe('grace');
  expect(report.warnings.join()).toContain('the table cannot be reached');
});

it('a report needs no memory of what it saw', async () => {
  const house = houseWith('hall');

  const report = await house.run(sweep, { mode: 'report' });

  expect(report.results[0]?.outcome.code).toBe('report-mode');
  expect(house.calls).not.toContain('journal.seen');
});

it('B6.3 what is left for now does not use up the cap', async () => {
  const house = houseWith('hall');
  house.addMany(2, { afterSightMs: 10 * MINUTE });
  house.kind = 'tagging';
  house.add('attic');

  await house.run(sweep, { caps: { count: 1, percent: 100 } });

  expect(house.litIds).not.toContain('attic');
});

it('B2.12 a person who names a resource tells nothing of its age: it waits as in a sweep, and nothing is queued', async () => {
  const house = houseWith('hall');
  const asked = { ...named('hall'), cause: { kind: 'command-line', name: 'reeve apply' } } as const;

  const first = await house.run(asked);
  house.time = at(10);
  await house.run(asked);

  expect(first.results[0]?.outcome).toMatchObject({ outcome: 'skipped', code: 'grace' });
  expect(house.postponed).toEqual([]);
  expect(house.litIds).toEqual([]);
});
