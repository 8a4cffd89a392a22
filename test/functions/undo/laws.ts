import * as fc from 'fast-check';
import { expect } from 'vitest';
import { endings, takeBackIn } from '../../support/take-back.ts';
import type { Scene } from './scenes.ts';

/** Run, then undo: as it was. Undo again: nothing. */
export async function restoresExactly(one: Scene): Promise<void> {
  const before = await one.state();
  const { run } = await one.run();
  const { entries } = one.workplace.journal;
  const done = entries.length;
  expect(done).toBeGreaterThan(0);
  const { report } = await takeBackIn(one.workplace, one.wayBack, run);
  expect(endings(report).filter(([, code]) => code !== 'undone')).toEqual([]);
  expect(report?.results.length ?? 0).toBe(done);
  expect(await one.state()).toEqual(before);

  const written = entries.length;
  const again = await takeBackIn(one.workplace, one.wayBack, run);
  expect(endings(again.report).filter(([, code]) => code !== 'already-undone')).toEqual([]);
  expect(entries.length).toBe(written);
  expect(await one.state()).toEqual(before);
}

/** What somebody else has changed since is left as he made it, with a sentence that says so. */
export async function leavesWhatOthersChanged(one: Scene): Promise<void> {
  const { run } = await one.run();
  await one.meddle();
  const state = await one.state();
  const { report } = await takeBackIn(one.workplace, one.wayBack, run);
  for (const { outcome } of report?.results ?? []) {
    expect(['changed', 'as-before']).toContain(outcome.code);
    expect(outcome.reason.length).toBeGreaterThan(20);
  }
  expect(await one.state()).toEqual(state);
}

/** For every call to AWS that an undo makes: the process dies as it has taken effect, and the undo is started again. */
export async function survivesEveryCrash(build: () => Promise<Scene>): Promise<number> {
  for (let killAfter = 1; ; killAfter++) {
    const one = await build();
    const before = await one.state();
    const { run } = await one.run();
    const { killed } = await takeBackIn(one.workplace, one.wayBack, run, { killAfter });
    await one.pass();
    const { report } = await takeBackIn(one.workplace, one.wayBack, run);
    expect(endings(report).filter(([, code]) => !['undone', 'already-undone'].includes(code))).toEqual([]);
    expect(await one.state()).toEqual(before);
    if (!killed) return killAfter - 1;
  }
}

/** The same account each time. */
export function sampleOf(scene: fc.Arbitrary<() => Promise<Scene>>, seed: number): () => Promise<Scene> {
  const [build] = fc.sample(scene, { numRuns: 1, seed });
  if (build === undefined) throw new Error('there is no scene');
  return build;
}
