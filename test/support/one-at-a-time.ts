import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const BUILD = join(import.meta.dirname, '../../.build');

/** Whoever holds a lock for longer has died over it. */
const STALE_MS = 120_000;

/**
 * Runs `work` while no other test file does the same, in whatever thread: `serverless package` collects everything in one
 * `.serverless` folder before it moves it, and two at once would get each other's bundles.
 */
export async function oneAtATime<T>(name: string, work: () => Promise<T>): Promise<T> {
  const lock = join(BUILD, `${name}.lock`);
  mkdirSync(BUILD, { recursive: true });
  while (!taken(lock)) await sleep(50);
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** Making a folder is atomic: it succeeds for one. */
function taken(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - since > STALE_MS) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}
