import { expect, it } from 'vitest';
import { measures } from '../../../shared/engine/metrics.ts';
import { House, named, sweep } from '../../support/lamps.ts';

it('counts findings, remedies, failures and skips by reason', async () => {
  const house = new House();
  house.add('hall');
  house.add('stubborn', { refuses: { code: 'Denied' } });
  house.add('attic', { light: 'flicker' });
  house.add('kept', { tags: new Map([['keep', '']]) });
  house.add('vault', { switch: false });
  house.add('dark', { light: 'off' });
  const report = await house.run(sweep, { protect: { ids: [], names: [], tags: ['keep'] } });
  expect(measures(report)).toEqual({
    findings: 4,
    remediations: 1,
    failures: 1,
    queued: 0,
    unknown: 1,
    skipped: { unknown: 1, protected: 1, 'alert-only': 1 },
    scanned: 6,
    pages: 0,
    undelivered: 0,
    secondsToRemediation: undefined,
  });
});

it('B5.23 measures from the event’s own time to its remedy, never below zero', async () => {
  const house = new House();
  house.add('hall');
  house.time += 4000;
  expect(measures(await house.run(named('hall'))).secondsToRemediation).toBe(4);

  const early = new House();
  early.add('hall');
  early.time -= 4000;
  expect(measures(await early.run(named('hall'))).secondsToRemediation).toBe(0);
});
