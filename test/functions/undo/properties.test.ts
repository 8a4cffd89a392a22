import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leavesWhatOthersChanged, restoresExactly, sampleOf, survivesEveryCrash } from './laws.ts';
import { scenes } from './scenes.ts';

describe.each(scenes)('undo of %s', (_name, numRuns, scene) => {
  it('B6.18 restores the recorded state exactly, and a second time changes nothing', async () => {
    const law = fc.asyncProperty(scene, async (build) => restoresExactly(await build()));
    await fc.assert(law, { numRuns, endOnFailure: true });
  });

  it('B6.18 leaves what somebody else has taken in hand, and says what differs', async () => {
    await leavesWhatOthersChanged(await sampleOf(scene, 7)());
  });

  it('B5.17 killed after any call to AWS and started again ends the same', async () => {
    expect(await survivesEveryCrash(sampleOf(scene, 12))).toBeGreaterThan(2);
  });
});
