import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Aws } from '../../shared/aws/access.ts';
import { whoTagged } from '../../shared/aws/who-tagged.ts';
import type { Log, Ports } from '../../shared/engine/ports.ts';
import { progressText } from '../render/progress.ts';
import type { Terminal } from '../terminal.ts';
import type { Brakes } from './brakes.ts';
import type { OpenAccount } from './open.ts';

/** Waiting and chance, passed in so that a command can be rehearsed. */
export type Outside = Pick<Ports<Aws>, 'sleep' | 'random' | 'newId'>;

const REAL: Outside = { sleep: (ms) => wait(ms), random: Math.random, newId: randomUUID };

/** What a run of one policy needs, for a person at a terminal: no queue, no messages, Ctrl-C as the end of time. */
export function portsFor(
  policy: string,
  { caller, enter }: OpenAccount,
  { journal, killSwitch }: Brakes,
  stop: AbortSignal,
  terminal: Terminal,
  { sleep, random, newId }: Outside = REAL,
): Ports<Aws> {
  return {
    now: caller.now,
    sleep,
    random,
    newId,
    enter,
    journal,
    killSwitch,
    whoTagged: async ({ id, tags }, key, place) =>
      whoTagged(await enter(place), id, key, tags.get(key) ?? ''),
    firstTold: async () => true,
    noteTold: async () => {},
    // What is left is found again by whoever runs it next, and the report says so (no-queue.ts).
    postpone: async () => {},
    // The one who runs it reads its answer.
    notify: async () => [],
    onProgress: (progress) => terminal.progress(progressText(policy, progress)),
    remainingMs: () => (stop.aborted ? 0 : Number.MAX_SAFE_INTEGER),
    log: quietLog(terminal),
    isOurs: ({ tags }) => tags.get('aws:cloudformation:stack-name')?.startsWith('reeve-') ?? false,
  };
}

/** The report says how everything ended; the log would say it twice. */
function quietLog(terminal: Terminal): Log {
  const nothing = () => {};
  return {
    info: nothing,
    warn: nothing,
    error: process.env.REEVE_DEBUG
      ? (text, fields) => terminal.err(`${text} ${JSON.stringify(fields)}`)
      : nothing,
  };
}
