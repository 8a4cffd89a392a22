import { expect, it } from 'vitest';
import { House, home, named, sweep } from '../../support/lamps.ts';

it('one event ends with the lamp off, journaled, verified and told, in no more calls than needed', async () => {
  const house = new House();
  house.add('hall');

  const report = await house.run(named('hall'));

  expect(house.litIds).toEqual([]);
  expect(report).toMatchObject({
    state: 'complete',
    counts: { scanned: 1, violations: 1, done: 1 },
    pages: [],
  });
  expect(report.results[0]?.outcome).toMatchObject({ outcome: 'done', code: 'remedied' });
  expect(house.calls).toEqual([
    'find',
    'kill-switch',
    'journal.recent',
    'journal.begin',
    'act hall',
    'find',
    'journal.finish',
    'notify',
    'journal.told',
  ]);
});

it('B6.16 the journal holds who, why, before and how to take it back, first as intent, then with the outcome', async () => {
  const house = new House();
  house.add('hall');
  house.onAct = () =>
    expect(house.journal.entries).toMatchObject([{ outcome: undefined, before: { light: 'lit' } }]);

  await house.run(named('hall'));

  expect(house.journal.entries).toMatchObject([
    {
      ...home,
      policy: 'lights-out',
      resource: { id: 'hall' },
      action: 'switch-off',
      before: { light: 'lit' },
      undo: 'Switch hall on again.',
      reasonCode: 'lamp-lit',
      signalId: 'event-1',
      actor: { name: 'ana' },
      outcome: { result: 'done', code: 'remedied', after: { light: 'off' }, requestId: 'request-1' },
    },
  ]);
});

it('B6.1 reports only, unless enforcing was asked for', async () => {
  const house = new House();
  house.add('hall');

  const report = await house.run(sweep, { mode: 'report' });

  expect(house.switchedOff).toEqual([]);
  expect(house.journal.entries).toEqual([]);
  expect(report.results[0]?.outcome).toMatchObject({ outcome: 'skipped', code: 'report-mode' });
  expect(report.results[0]?.outcome.reason).toContain('Would: Switch off hall');
  expect(house.told).toHaveLength(1);
});

it('is quiet when all is in order', async () => {
  const house = new House();
  house.addMany(120, { light: 'off' });

  const report = await house.run(sweep);

  expect(report).toMatchObject({ state: 'complete', results: [], counts: { scanned: 120, compliant: 120 } });
  expect(house.told).toEqual([]);
});
