import { expect, it } from 'vitest';
import { cellsIn, wrapped } from '../../../cli/render/wrap.ts';

it.each([
  ['one two three', 9, '', 'one two\nthree'],
  ['one two three', 11, '  ', '  one two\n  three'],
  ['abcdefghijkl', 10, '  ', '  abcdefgh\n  ijkl'],
  // Two cells each.
  ['名名名名名', 8, '', '名名名名\n名'],
  ['ok', 8, '', 'ok'],
  ['', 8, '', ''],
  // The blanks between columns stay.
  ['when  what', 20, '', 'when  what'],
])('%j in %i cells', (text, columns, indent, lines) => {
  expect(wrapped(text, columns, indent)).toBe(lines);
});

it('counts no cell for colours, and two for a picture', () => {
  const esc = String.fromCharCode(27);
  expect(cellsIn(`${esc}[31mred${esc}[39m 🚀`)).toBe(6);
});
