import { expect, it } from 'vitest';
import { count, dollars } from '../../../../shared/notify/html/amounts.ts';

it.each([
  [0, '0'],
  [4506, '4,506'],
  [999_999, '999,999'],
  [1_234_567, '1.23M'],
])('counts %i as %s', (amount, said) => {
  expect(count(amount)).toBe(said);
});

it.each([
  [0, '$0.00'],
  [0.005, '$0.01'],
  [999.5, '$999.50'],
  [39_055.2, '$39,055'],
  [123_456, '$123K'],
  [2_345_678, '$2.35M'],
])('says %d dollars as %s', (amount, said) => {
  expect(dollars(amount)).toBe(said);
});
