import { expect, it } from 'vitest';
import { markChange } from '../../../functions/delete-stale-buckets/remedy.ts';
import { settings } from '../../../functions/delete-stale-buckets/settings.ts';
import { isSameChange } from '../../../shared/engine/planned.ts';
import { bucket, facts, NOW } from './builders.ts';

const tomorrow = new Date(NOW.getTime() + 86_400_000);
const ours = settings.parse({ windowDays: 180, waitDays: 14 });
const mark = (of = bucket(), digest = 'digest', now = NOW, chosen = ours) =>
  markChange(of, facts(), chosen, digest, now);

it('B6.21 a mark that was planned is still the same after midnight', () => {
  const fresh = mark(bucket(), 'digest', tomorrow);
  expect(fresh.fingerprint).not.toBe(mark().fingerprint);
  expect(isSameChange(mark(), fresh)).toBe(true);
});

it.each([
  { what: 'the bucket was made anew', fresh: mark(bucket({ createdAt: NOW })) },
  { what: 'its settings were changed', fresh: mark(bucket(), 'another') },
  { what: 'somebody tagged it', fresh: mark(bucket({ tag: { team: 'x' } })) },
  { what: 'the wait is another', fresh: mark(bucket(), 'digest', NOW, { ...ours, waitDays: 30 }) },
])('B6.21 another change: $what', ({ fresh }) => {
  expect(isSameChange(mark(), fresh)).toBe(false);
});
