import pc from 'picocolors';
import { expect, it } from 'vitest';
import { grid } from '../../../cli/render/grid.ts';

const colors = pc.createColors(false);
const COLUMNS = [
  { title: 'WHAT', width: 10 },
  { title: 'WHY', width: 12 },
];

it('breaks cells at words, cuts nothing off, and leaves no blanks at the ends', () => {
  const rows = [
    ['a-name-of-23-characters', 'it says so at some length'],
    ['  reeve undo 0123456789-0123456789-0123456789'],
    ['名名名名', 'two\nlines'],
  ];
  expect(grid(COLUMNS, rows, colors)).toBe(
    [
      'WHAT        WHY',
      'a-name-of-  it says so',
      '23-charact  at some',
      'ers         length',
      '  reeve undo 0123456789-0123456789-0123456789',
      '名名名名    two',
      '            lines',
    ].join('\n'),
  );
});

it('goes on without its titles, and counts no cell for colours', () => {
  const { red } = pc.createColors(true);
  expect(grid(COLUMNS, [[red('high'), 'x']], colors, false)).toBe(`${red('high')}        x`);
});
