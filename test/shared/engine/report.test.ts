import { expect, it } from 'vitest';
import { isWorthTelling } from '../../../shared/engine/report.ts';
import { away, House, sweep } from '../../support/lamps.ts';

const ref = { type: 'Test::Lamp', id: 'hall' };

it('B5.38 says nothing when there is nothing to say, and speaks up for each thing that there may be', async () => {
  const house = new House();
  house.add('hall', { light: 'off' });
  house.add('kept', { tags: new Map([['reeve:exempt', 'T-1 until 2026-12-01']]) });
  const quiet = await house.run(sweep);
  expect(quiet.results).toHaveLength(1);
  expect(isWorthTelling(quiet)).toBe(false);

  for (const why of ['gone', 'not-visible', 'unreadable', 'unresolved'] as const) {
    const missing = [{ ref, why, reason: 'Not there.' }];
    expect(isWorthTelling({ ...quiet, missing })).toBe(why === 'unreadable' || why === 'unresolved');
  }
  for (const state of ['scanned', 'skipped', 'failed'] as const) {
    const places = [{ ...away, state, reason: undefined, scanned: 0, compliant: 0 }];
    expect(isWorthTelling({ ...quiet, places })).toBe(state === 'failed');
  }
  expect(isWorthTelling({ ...quiet, omitted: 1 })).toBe(true);
  expect(isWorthTelling({ ...quiet, pages: ['look'] })).toBe(true);
  expect(house.told).toEqual([]);
});
