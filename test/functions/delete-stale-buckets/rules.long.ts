import { PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { policy } from '../../../functions/delete-stale-buckets/policy.ts';
import { Attic } from './attic.ts';

/** A bucket of too many objects, marked, and being emptied by a rule since just now. */
async function ruled(count = 2500): Promise<Attic> {
  const attic = new Attic();
  attic.settings = { listPages: 1, windowDays: 30, unknownAccessDays: 30, giantObjects: 1500 };
  attic.stale('huge', count, {}, { versioning: 'Enabled' });
  await attic.days(40);
  await attic.sweep();
  await attic.days(15);
  await attic.sweep();
  expect(attic.tags('huge')).toHaveProperty('reeve:emptying');
  return attic;
}

const rules = (attic: Attic) => attic.state('huge').configurations.lifecycle;

it('B4.39 without the setting a giant is emptied by calls', async () => {
  const attic = new Attic();
  attic.settings = { listPages: 1, windowDays: 30, unknownAccessDays: 30 };
  attic.stale('huge', 2500, {}, { versioning: 'Enabled' });
  await attic.days(40);
  await attic.sweep();
  await attic.days(15);
  await attic.sweep();
  expect(attic.exists('huge')).toBe(false);
  expect(attic.calls()).not.toContain('PutBucketLifecycleConfiguration');
});

it('B4.39 a rule goes when the settings no longer ask for it, and calls do the rest', async () => {
  const attic = await ruled();
  attic.settings = { listPages: 1, windowDays: 30, unknownAccessDays: 30 };
  const report = await attic.sweep();
  expect(report.results).toMatchObject([
    { verdict: { reasonCode: 'rule-disputed', reason: expect.stringContaining('giantObjects') } },
  ]);
  expect(rules(attic)).toBeUndefined();
  await attic.sweep();
  expect(attic.exists('huge')).toBe(false);
});

it('B4.49 undo takes the rule away and uncovers what it hid, for a week', async () => {
  const attic = await ruled();
  await attic.days(3);
  expect(attic.keysIn('huge')).toEqual([]);
  const entry = attic.journal.entries.find(({ action }) => action === 'empty-by-rule');
  const before = JSON.parse(JSON.stringify(entry?.before));
  let asked = 0;
  const undo = (remainingMs = () => 900_000) => policy.undo?.(before, null, { ...attic.around, remainingMs });
  expect(await undo(() => (++asked > 1 ? 1 : 900_000))).toMatchObject({ result: 'unfinished' });
  // What tells that the undo is not over.
  expect(attic.tags('huge')).toHaveProperty('reeve:emptying');
  expect(await undo()).toMatchObject({
    result: 'done',
    attention: [expect.stringContaining('hidden are there again')],
  });
  expect(rules(attic)).toBeUndefined();
  expect(attic.keysIn('huge')).toHaveLength(2500);
  expect(attic.tags('huge')).not.toHaveProperty('reeve:emptying');
});

it.each(['DeleteObjects', 'ListObjectVersions'])(
  'B4.49 undo of a rule without the right to %s says so',
  async (operation) => {
    const attic = await ruled();
    await attic.days(3);
    const entry = attic.journal.entries.find(({ action }) => action === 'empty-by-rule');
    attic.world.faults.add({ operation, kind: 'denied' });
    expect(await policy.undo?.(JSON.parse(JSON.stringify(entry?.before)), null, attic.around)).toMatchObject({
      result: 'failed',
      code: 'AccessDenied',
      reason: expect.stringMatching(
        /rules that empty huge are gone, but what they hid could not be uncovered/,
      ),
    });
    expect(rules(attic)).toBeUndefined();
  },
);

it('B4.25 a rule takes nothing that was written after the bucket was judged', async () => {
  const attic = await ruled();
  await attic.s3.send(new PutObjectCommand({ Bucket: 'huge', Key: 'zzz-new' }));
  await attic.days(4);
  const { versions } = attic.state('huge');
  expect(versions.isEmpty).toBe(false);
});

describe('B4.24 B4.39 a rule of ours goes', () => {
  it.each<{ when: string; happens: (attic: Attic) => void }>([
    { when: 'all tags are taken off', happens: (attic) => attic.state('huge').tags.clear() },
    {
      when: 'all tags but one are taken off',
      happens: (attic) => {
        attic.state('huge').tags.delete('reeve:delete-after');
        attic.state('huge').tags.delete('reeve:emptying');
      },
    },
    {
      when: 'the date becomes a word',
      happens: (attic) => void attic.state('huge').tags.set('reeve:delete-after', 'never'),
    },
    {
      when: 'the date is put off',
      happens: (attic) => void attic.state('huge').tags.set('reeve:delete-after', '2027-12-01'),
    },
    {
      when: 'an exemption is set',
      happens: (attic) => void attic.state('huge').tags.set('reeve:exempt', 'T-1 until 2027-01-01'),
    },
    {
      when: 'an exemption is set that cannot be read',
      happens: (attic) => void attic.state('huge').tags.set('reeve:exempt', 'please'),
    },
  ])('when $when', async ({ happens }) => {
    const attic = await ruled();
    happens(attic);
    await attic.sweep();
    expect(rules(attic)).toBeUndefined();
    expect(attic.tags('huge')).not.toHaveProperty('reeve:emptying');
  });
});
