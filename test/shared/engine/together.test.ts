import { expect, it } from 'vitest';
import { defaultLimits } from '../../../shared/engine/context.ts';
import type { Acted, Doing, Policy } from '../../../shared/engine/policy.ts';
import { run } from '../../../shared/engine/run.ts';
import type { Change, Resource } from '../../../shared/engine/verdict.ts';
import { enforcing, House, home, lampArn, sweep } from '../../support/lamps.ts';

type Together = (changes: readonly Doing<Resource, Change>[], house: House) => ReadonlyMap<string, Acted>;

const done: Acted = { result: 'done', after: { light: 'off' }, requestId: 'request-1' };

/** Switches a whole row of lamps at once. */
function rowPolicy(actAll: Together): Policy<House, object, Resource, boolean, Change> {
  return {
    name: 'lights-out',
    title: 'No lamp burns',
    kind: 'security',
    batch: 25,
    async *find(signal, _settings, { aws }) {
      const { scope } = signal;
      const wanted = (id: string) =>
        scope.kind === 'sweep' || scope.resources.some((resource) => resource.id === id);
      const resources = aws.lamps
        .filter(({ id }) => wanted(id))
        .map((lamp) => ({
          type: 'Test::Lamp',
          id: lamp.id,
          arn: lampArn(lamp),
          name: undefined,
          tags: lamp.tags,
        }));
      yield { resources, missing: [] };
    },
    gather: async (resources, _settings, { aws }) =>
      new Map(resources.map(({ id }) => [id, aws.litIds.includes(id)])),
    judge: ({ id }, lit) =>
      lit
        ? {
            verdict: 'violation',
            reasonCode: 'lamp-lit',
            reason: `${id} is lit.`,
            severity: 'medium',
            evidence: [],
            advice: [],
            remedy: {
              action: 'switch-off',
              summary: `Switch off ${id}`,
              fingerprint: 'lighting-1',
              before: { light: 'lit' },
              undo: `Switch ${id} on again.`,
              parameters: {},
            },
          }
        : { verdict: 'compliant', reasonCode: 'dark', reason: 'It is dark.', evidence: [] },
    act: async () => {
      throw new Error('one by one is not asked of a policy that acts on all');
    },
    actAll: async (changes, { aws }) => {
      aws.calls.push(`act on ${changes.length}`);
      return actAll(changes, aws);
    },
  };
}

function switchOff(house: House, id: string): Acted {
  for (const lamp of house.lamps) if (lamp.id === id) lamp.light = 'off';
  return done;
}

const everyOne: Together = (changes, house) =>
  new Map(changes.map(({ resource: { id } }) => [id, switchOff(house, id)]));

function rowOf(count: number): House {
  const house = new House();
  for (let index = 0; index < count; index++) house.add(`lamp-${index}`);
  return house;
}

const runRow = (house: House, actAll: Together, mode: 'enforce' | 'report' = 'enforce') =>
  run(rowPolicy(actAll), sweep, [home], {}, { ...enforcing, mode }, house.ports, defaultLimits);

it('B6.16 changes that go together are journaled each on its own, all before the first is made', async () => {
  const house = rowOf(3);

  const report = await runRow(house, everyOne);

  expect(report.counts).toMatchObject({ done: 3, failed: 0 });
  const acting = house.calls.indexOf('act on 3');
  const begun = house.calls.flatMap((call, index) => (call === 'journal.begin' ? [index] : []));
  expect(begun).toHaveLength(3);
  expect(Math.max(...begun)).toBeLessThan(acting);
  expect(house.journal.entries).toMatchObject([1, 2, 3].map(() => ({ outcome: { result: 'done' } })));
});

it('B6.2 the policy says how many go together, and the kill switch is read before each batch', async () => {
  const house = rowOf(60);

  await runRow(house, everyOne);

  expect(house.calls.filter((call) => /kill|act on/.test(call))).toEqual([
    'kill-switch',
    'act on 25',
    'kill-switch',
    'act on 25',
    'kill-switch',
    'act on 10',
  ]);
});

it('B6.16 one whose intent cannot be written is kept out, the others go on', async () => {
  const house = rowOf(3);
  const { begin } = house.ports.journal;
  house.ports.journal.begin = async (intent) => {
    if (intent.resource.id === 'lamp-1') throw new Error('the table cannot be reached');
    return begin(intent);
  };

  const report = await runRow(house, everyOne);

  expect(house.litIds).toEqual(['lamp-1']);
  expect(report.counts).toMatchObject({ done: 2, failed: 1 });
});

it('one that the batch says nothing about has failed, unless reading shows otherwise', async () => {
  const house = rowOf(3);
  const forgetful: Together = (changes, aws) => {
    everyOne(changes.slice(0, 2), aws);
    return new Map([['lamp-0', done]]);
  };

  const report = await runRow(house, forgetful);

  expect(house.litIds).toEqual(['lamp-2']);
  const outcomes = new Map(report.results.map(({ resource, outcome }) => [resource.id, outcome.outcome]));
  expect(outcomes).toEqual(
    new Map([
      ['lamp-0', 'done'],
      ['lamp-1', 'done'],
      ['lamp-2', 'failed'],
    ]),
  );
});

it('a batch that breaks off fails what it did not do, and is told', async () => {
  const house = rowOf(2);

  const report = await runRow(house, (changes, aws) => {
    everyOne(changes.slice(0, 1), aws);
    throw new Error('the line broke');
  });

  expect(report.counts).toMatchObject({ done: 1, failed: 1 });
  expect(house.logged).toContain('Remedies broke off');
  expect(report.results.find(({ outcome }) => outcome.outcome === 'failed')?.outcome.reason).toContain(
    'the line broke',
  );
});

it('B1.46 what was left on purpose is skipped with its reason, and open to the next attempt', async () => {
  const house = rowOf(1);
  const left: Acted = { result: 'left', code: 'changed', reason: 'Its tags changed.' };

  const report = await runRow(house, () => new Map([['lamp-0', left]]));

  expect(report.results[0]?.outcome).toEqual({
    outcome: 'skipped',
    code: 'changed',
    reason: 'Its tags changed.',
  });
  expect(house.journal.entries).toMatchObject([{ outcome: { result: 'failed', code: 'changed' } }]);
  expect(house.calls.filter((call) => call.startsWith('sleep'))).toEqual([]);

  expect((await runRow(house, everyOne)).counts).toMatchObject({ done: 1 });
});

it('a policy is lent the journal only where it may act', async () => {
  const house = rowOf(1);
  const lent: unknown[] = [];
  const policy = rowPolicy(everyOne);
  const watching = {
    ...policy,
    gather: async (...given: Parameters<typeof policy.gather>) => {
      lent.push(given[2].history);
      return policy.gather(...given);
    },
  };
  for (const mode of ['report', 'enforce'] as const) {
    await run(watching, sweep, [home], {}, { ...enforcing, mode }, house.ports, defaultLimits);
  }

  expect(lent[0]).toBeUndefined();
  expect(lent[1]).toBeTypeOf('function');
});
