import { expect, it } from 'vitest';
import { wayBack } from '../../../functions/delete-stale-buckets/way-back.ts';
import { endings, takeBackIn } from '../../support/take-back.ts';
import { Attic } from '../delete-stale-buckets/attic.ts';

it('B6.18 a mark that a person took back and somebody else put on again is no mark', async () => {
  const attic = new Attic();
  attic.stale('old-logs');
  const { run } = await attic.sweep();
  const marked = attic.tags('old-logs');
  const { report } = await takeBackIn(attic, wayBack, run);
  expect(endings(report)).toEqual([['old-logs', 'undone']]);
  expect(attic.tags('old-logs')).toEqual({});

  for (const [key, value] of Object.entries(marked)) attic.state('old-logs').tags.set(key, value);
  await attic.days(20);
  const later = await attic.sweep();

  expect(later.results[0]?.outcome.reason).toContain('The journal knows nothing of a mark on old-logs');
  expect(attic.exists('old-logs')).toBe(true);
});

it('B6.19 a mark that a person took back is not set again before the exemption is over', async () => {
  const attic = new Attic();
  attic.stale('old-logs');
  const { run } = await attic.sweep();
  await takeBackIn(attic, wayBack, run);
  const again = await attic.sweep();
  expect(again.results[0]?.outcome).toMatchObject({ outcome: 'skipped', code: 'exempt' });
  expect(attic.tags('old-logs')).toEqual({});

  await attic.days(2);
  await attic.sweep();
  expect(attic.tags('old-logs')).toHaveProperty('reeve:delete-after');
});
