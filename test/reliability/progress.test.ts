import { expect, it } from 'vitest';
import { Progress } from './progress.ts';

function said(isTTY: boolean, all: number): readonly string[] {
  const lines: string[] = [];
  const progress = new Progress(all, { isTTY, write: (text: string) => lines.push(text) > 0 });
  for (let done = 0; done < all; done++) progress.add(done === 1 ? ['lost: i-1', 'wrong: i-2'] : []);
  return lines;
}

it('is one line of a terminal', () => {
  expect(said(true, 2)).toEqual([
    '\r1 of 2 tried, 0 violations',
    '\rlost: i-1\n',
    '\rwrong: i-2\n',
    '\r2 of 2 tried, 2 violations\n',
  ]);
});

it('is a line with each tenth elsewhere', () => {
  expect(said(false, 40)).toHaveLength(12);
  expect(said(false, 3).at(-1)).toBe('3 of 3 tried, 2 violations\n');
});
