import type { World } from './world.ts';

/** Reproducible randomness from a seed (mulberry32): the same seed gives the same ids in the same order. */
export function createRandom(seed: number): World['random'] {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const hex = (length: number): string => {
    let digits = '';
    while (digits.length < length) digits += next().toString(16).padStart(8, '0');
    return digits.slice(0, length);
  };
  return {
    hex,
    int: (below) => Math.floor((next() / 2 ** 32) * below),
    uuid: () => {
      const variant = '89ab'.charAt(next() & 3);
      return `${hex(8)}-${hex(4)}-4${hex(3)}-${variant}${hex(3)}-${hex(12)}`;
    },
  };
}
