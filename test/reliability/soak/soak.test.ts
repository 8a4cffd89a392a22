import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyDraw } from './draws.ts';
import { Epoch } from './epoch.ts';

it('B5.15 B5.16 B5.21 B6.1 B6.3 B6.9 B6.14 B6.16 whatever happens, in whatever order, all invariants hold', async () => {
  await fc.assert(
    fc.asyncProperty(anyDraw, async (draw) => {
      expect((await Epoch.live(draw)).violations).toEqual([]);
    }),
    { numRuns: 2, seed: 1 },
  );
});
