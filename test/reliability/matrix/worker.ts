import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { scenarios } from '../scenarios/all.ts';
import type { Draw } from '../soak/draws.ts';
import { Epoch, type Lived } from '../soak/epoch.ts';
import { type Point, type Rehearsed, rehearse } from './matrix.ts';

/** One thing to be tried: a point of the matrix, or an epoch of the soak. */
export type Work =
  | { readonly kind: 'point'; readonly scenario: string; readonly seed: number; readonly point: Point }
  | { readonly kind: 'epoch'; readonly draw: Draw };

/** What became of it. `heapMb`: what this thread holds once the epoch is forgotten. */
export type Tried =
  | (Extract<Work, { kind: 'point' }> & Omit<Rehearsed, 'calls'>)
  | (Extract<Work, { kind: 'epoch' }> & Lived & { readonly heapMb: number; readonly thread: number });

// Stacks of errors that are expected by the thousand cost more than what they are about.
Error.stackTraceLimit = 0;
setFlagsFromString('--expose-gc');
// The typed boundary to V8's own function.
const collect = runInNewContext('gc') as () => void;

// The typed boundary: only share.ts starts this file.
const { work, thread, until } = workerData as {
  readonly work: readonly Work[];
  readonly thread: number;
  readonly until: number;
};
for (const one of work) if (Date.now() < until) parentPort?.postMessage(await tryOne(one));

async function tryOne(one: Work): Promise<Tried> {
  if (one.kind === 'epoch') {
    const lived = await Epoch.live(one.draw);
    collect();
    return { ...one, ...lived, thread, heapMb: process.memoryUsage().heapUsed / 2 ** 20 };
  }
  const scenario = scenarios.find(({ name }) => name === one.scenario);
  if (scenario === undefined) throw new Error(`no scenario ${one.scenario}`);
  const { calls: _calls, ...tried } = await rehearse(scenario, one.seed, one.point);
  return { ...one, ...tried };
}
