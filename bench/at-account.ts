import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Replies, Request } from './account.ts';
import type { Contender } from './contenders.ts';

/** How the simulated account answers. */
export interface Conditions {
  readonly latencyMs: number;
  readonly throttling: boolean;
}

type Ask = <R extends Request>(request: R) => Promise<Replies[R['ask']]>;

/** Opens an account in a process of its own, with one contender deployed in it, and ends it after `work`. */
export async function atAccount<T>(
  contender: Contender,
  conditions: Conditions,
  work: (opened: Replies['open'], ask: Ask) => Promise<T>,
): Promise<T> {
  const child = fork(fileURLToPath(new URL('./account.ts', import.meta.url)), {
    // Bundles travel as they are.
    serialization: 'advanced',
  });
  const ask: Ask = async (request) => {
    child.send(request);
    const [message] = await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => [{ failure: 'The simulated account ended.' }]),
    ]);
    if ('failure' in message) throw new Error(message.failure);
    return message.reply;
  };
  try {
    const { functionName, deployment } = contender;
    const opened = await ask({ ask: 'open', contender: { functionName, deployment }, ...conditions });
    return await work(opened, ask);
  } finally {
    child.disconnect();
    if (child.exitCode === null) await once(child, 'exit');
  }
}
