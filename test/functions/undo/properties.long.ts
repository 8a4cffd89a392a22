import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { restoresExactly, sampleOf, survivesEveryCrash } from './laws.ts';
import { scenes } from './scenes.ts';

describe.each(scenes)('undo of %s', (_name, numRuns, scene) => {
  it('B6.18 restores the recorded state exactly, in many accounts', async () => {
    const law = fc.asyncProperty(scene, async (build) => restoresExactly(await build()));
    await fc.assert(law, { numRuns: numRuns * 6, endOnFailure: true });
  });

  it('B5.17 killed after any call to AWS and started again ends the same, in another account', async () => {
    await survivesEveryCrash(sampleOf(scene, 29));
  });
});
