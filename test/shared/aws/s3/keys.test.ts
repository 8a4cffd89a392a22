import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { carrierOf, decodeKey, fitsPath } from '../../../../shared/aws/s3/keys.ts';
import { anyText } from '../../../support/any-text.ts';

it.each([
  ['B4.28 a+b', 'a b'],
  ['a%2Bb', 'a+b'],
  ['a%2520b', 'a%20b'],
  ['%E2%98%83', '☃'],
  ['plain/key', 'plain/key'],
  ['B4.30 %0D%0A', '\r\n'],
])('B4.28 %s is the key %j', (listed, key) => {
  const plain = listed.replace(/^B4\.\d+ /, '');
  expect(decodeKey(plain)).toBe(key);
});

it.each(['%E2%98', '%', '%ED%A0%80'])('B4.33 %s is no key', (listed) => {
  expect(decodeKey(listed)).toBeUndefined();
});

it('B4.28 what was encoded comes back, whatever it was (property)', () => {
  const anyKey = anyText().filter((key) => key.isWellFormed());
  fc.assert(fc.property(anyKey, (key) => decodeKey(encodeURIComponent(key).replaceAll('%20', '+')) === key));
});

it.each<[string, string, string]>([
  ['B4.27', 'a\u0001b', 'single'],
  ['B4.27', 'a\uFFFEb', 'single'],
  ['B4.27', '\u0000', 'single'],
  ['B4.30', 'a\r\nb', 'batch'],
  ['B4.30', 'tab\t', 'batch'],
  ['B4.31', '../x', 'batch'],
  ['B4.31', '.', 'batch'],
  ['B4.31', 'a/./b', 'batch'],
  ['B4.31', '../\u0001', 'none'],
  ['B4.31', '\u0001/..', 'none'],
  ['B4.32', 'folder/', 'batch'],
  ['B4.32', '/lead', 'batch'],
  ['B4.32', 'a//b', 'batch'],
  ['B4.32', '…', 'batch'],
  ['B4.33', 'half \uD800', 'none'],
])('%s the key %j goes by %s', (_case, key, carrier) => {
  expect(carrierOf(key)).toBe(carrier);
});

it('B4.31 a path takes no dot segments', () => {
  expect(['a/../b', '..', 'a/.', '\uD800'].map(fitsPath)).toEqual([false, false, false, false]);
  expect(['a..b', '.hidden', 'a/...', '\u0001'].map(fitsPath)).toEqual([true, true, true, true]);
});
