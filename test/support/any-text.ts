import * as fc from 'fast-check';

const codePoint = fc.integer({ min: 0, max: 0x10ffff }).map(
  (code) => String.fromCodePoint(code),
  // So that fast-check mixes in and shrinks to the texts it knows to be dangerous, such as `__proto__`.
  (text) => {
    const [only = '', ...more] = typeof text === 'string' ? text : '';
    if (only === '' || more.length > 0) throw new Error('not one code point');
    return only.codePointAt(0) ?? 0;
  },
);

/** Texts of any code points, halves of pairs too; fast-check's own unit `binary` takes a second to write them all down. */
export function anyText(
  bounds: { readonly minLength?: number; readonly maxLength?: number } = {},
): fc.Arbitrary<string> {
  return fc.string({ ...bounds, unit: codePoint });
}
