import { parentPort, workerData } from 'node:worker_threads';
import { scenarios } from '../scenarios/all.ts';
import type { Violation } from '../stage/audit.ts';
import { type Point, rehearse } from './matrix.ts';

/** What one worker is given: points of one scenario. */
export interface Share {
  readonly seed: number;
  readonly work: readonly { readonly scenario: string; readonly point: Point }[];
}

/** What became of one point. */
export interface Tried {
  readonly scenario: string;
  readonly point: Point;
  readonly violations: readonly Violation[];
  readonly struck: number;
  readonly done: number;
  readonly invocations: number;
}

// Stacks of errors that are expected by the thousand, and files that are not there, cost half of the time.
Error.stackTraceLimit = 0;

// The typed boundary: only share.ts starts this file.
const { seed, work } = workerData as Share;
for (const { scenario: name, point } of work) {
  const scenario = scenarios.find((each) => each.name === name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  const { violations, struck, done, invocations } = await rehearse(scenario, seed, point);
  const tried: Tried = { scenario: name, point, violations, struck, done, invocations };
  parentPort?.postMessage(tried);
}
