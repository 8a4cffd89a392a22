import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../sandbox/core/random.ts';
import { after, behindPrefix, from, KeyIndex } from '../../../sandbox/services/s3/versions/key-index.ts';
import { compareKeys } from '../../../sandbox/services/s3/versions/utf8-order.ts';
import { serialOf, versionIdOf } from '../../../sandbox/services/s3/versions/version.ts';

const AWKWARD = [
  '',
  'a',
  'a/',
  'a/b',
  'a0',
  'Z',
  'é',
  '\ud7ff',
  '\ue000',
  '\uffee',
  '\uffff',
  '😀',
  '😀a',
  '𐀀',
  '\u{10ffff}',
];

it('orders keys as the bytes of UTF-8 do', () => {
  for (const a of AWKWARD) {
    for (const b of AWKWARD) {
      expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }
  }
});

describe('a row of keys', () => {
  const random = createRandom(7);
  const key = () => `${AWKWARD[random.int(AWKWARD.length)]}${random.int(4000)}`;

  it('is the same as a sorted set, whatever is put in and taken out', () => {
    const index = new KeyIndex<{ readonly key: string }>();
    const reference = new Set<string>();
    for (let step = 0; step < 30_000; step++) {
      const one = key();
      if (random.int(3) > 0) {
        index.set({ key: one });
        reference.add(one);
      } else {
        index.delete(one);
        reference.delete(one);
      }
    }
    const sorted = [...reference].sort(compareKeys);
    expect([...index.walk()].map((entry) => entry.key)).toEqual(sorted);
    for (const start of [...AWKWARD, ...sorted.slice(0, 50)]) {
      expect(index.get(start)?.key).toBe(reference.has(start) ? start : undefined);
      expect(index.first(from(start))?.key).toBe(sorted.find((each) => compareKeys(each, start) >= 0));
      expect(index.first(after(start))?.key).toBe(sorted.find((each) => compareKeys(each, start) > 0));
      const behind = sorted.find((each) => compareKeys(each, start) > 0 && !each.startsWith(start));
      expect(index.first(behindPrefix(start))?.key).toBe(behind);
    }
  });

  it('is empty once everything is taken out', () => {
    const index = new KeyIndex<{ readonly key: string }>();
    for (let count = 0; count < 3000; count++) index.set({ key: `k${count}` });
    for (let count = 2999; count >= 0; count--) index.delete(`k${count}`);
    expect([...index.walk()]).toEqual([]);
    expect(index.first(() => false)).toBeUndefined();
  });
});

it('a version id leads back to its version, and nothing else does', () => {
  const ids = Array.from({ length: 5000 }, (_, serial) => versionIdOf({ serial, isNull: false }));
  expect(new Set(ids).size).toBe(5000);
  expect(ids.map(serialOf)).toEqual([...ids.keys()]);
  expect(ids.every((id) => /^[\w.]{32}$/.test(id))).toBe(true);
  expect(serialOf('null')).toBeUndefined();
  expect(serialOf(ids[1]?.replace(/^./, '-') ?? '')).toBeUndefined();
});
