import type { Terminal } from './terminal.ts';

/** As a shell tells of a program that Ctrl-C ended. */
const INTERRUPTED = 130;

/** The first Ctrl-C lets what is begun end well; the second breaks off, and only lets go of what is held. */
export async function interruptible<T>(
  terminal: Terminal,
  work: (stop: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const interrupted = () => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort();
    terminal.err('Stopping after what is under way; press Ctrl-C again to break off.');
  };
  process.on('SIGINT', interrupted);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', interrupted);
  }
}
