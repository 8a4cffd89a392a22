import { expect, it } from 'vitest';
import { House, named } from '../../support/lamps.ts';

it('B5.19 B4.38 a change that needs more time is queued, journaled with how far it came, and taken over', async () => {
  const house = new House();
  house.add('hall', { dims: 2 });
  house.add('attic');

  const first = await house.run();

  expect(first.results.find(({ resource }) => resource.id === 'hall')?.outcome).toEqual({
    outcome: 'queued',
    code: 'time',
    reason: 'hall is half dark.',
  });
  expect(first).toMatchObject({ state: 'partial', counts: { done: 1, queued: 1 } });
  expect(house.postponed).toMatchObject([
    {
      delaySeconds: 0,
      signal: { cause: { kind: 'continuation' }, scope: { resources: [{ id: 'hall' }] } },
    },
  ]);
  expect(house.journal.entries.find(({ resource }) => resource.id === 'hall')?.outcome).toMatchObject({
    result: 'failed',
    code: 'unfinished',
    after: { left: 1 },
  });

  const [next] = house.postponed;
  await house.run(next?.signal);
  const last = await house.run(house.postponed[1]?.signal);

  expect(last.counts).toMatchObject({ done: 1, queued: 0 });
  expect(house.litIds).toEqual([]);
});

it('an unfinished change is not read again, and one that cannot be queued is told as failed', async () => {
  const house = new House();
  house.add('hall', { dims: 1 });
  house.postpone = () => {
    throw new Error('the queue is gone');
  };

  const report = await house.run();

  expect(house.calls.filter((call) => call === 'find')).toHaveLength(1);
  expect(report.results[0]?.outcome).toMatchObject({
    outcome: 'failed',
    code: 'not-queued',
    reason: expect.stringContaining('hall is half dark. Queueing failed'),
  });
  expect(report.pages).toHaveLength(1);
});

it('B6.16 a journal that cannot take the interim outcome does not stop the continuation', async () => {
  const house = new House();
  house.add('hall', { dims: 1 });
  house.journal.broken.add('finish');

  const report = await house.run(named('hall'));

  expect(report.results[0]).toMatchObject({
    outcome: { outcome: 'queued' },
    notes: [expect.stringContaining('could not be written to the journal')],
  });
  expect(house.postponed).toHaveLength(1);
});

it('B4.25 a failure that is the last word stands, whatever reading again would show', async () => {
  const house = new House();
  house.add('hall', { refuses: { code: 'in-use', takesEffect: true, final: true } });

  const report = await house.run();

  expect(report.results[0]?.outcome).toMatchObject({
    outcome: 'failed',
    code: 'in-use',
    reason: 'It refuses.',
  });
  expect(house.calls.filter((call) => call === 'find')).toHaveLength(1);
});
