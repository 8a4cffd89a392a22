import pc from 'picocolors';

/** Where the command line writes: standard output for results, standard error for everything about the run itself. */
export interface Terminal {
  /** One result line. */
  out(line: string): void;
  /** One line about the run: identity, warnings, mistakes. */
  err(line: string): void;
  /** Replace the progress line; an empty text clears it. Does nothing where nobody watches. */
  progress(text: string): void;
  /** Width in character cells. */
  readonly columns: number;
  readonly colors: ReturnType<typeof pc.createColors>;
}

const CLEAR_LINE = '\r\u001b[2K';

/** The process's own terminal. Colours follow NO_COLOR and FORCE_COLOR; progress only shows on a terminal. */
export function processTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', unlessReaderLeft);
  const watched = process.stderr.isTTY === true;
  let showing = false;
  const clear = () => {
    if (showing) process.stderr.write(CLEAR_LINE);
    showing = false;
  };
  return {
    columns: process.stdout.columns ?? 100,
    colors: pc,
    out(line) {
      clear();
      process.stdout.write(`${line}\n`);
    },
    err(line) {
      clear();
      process.stderr.write(`${line}\n`);
    },
    progress(text) {
      if (!watched) return;
      clear();
      if (text === '') return;
      process.stderr.write(text.slice(0, (process.stderr.columns ?? 80) - 1));
      showing = true;
    },
  };
}

/** `| head` closes the pipe when it has seen enough: no reason to break off what is under way. */
function unlessReaderLeft(error: Error): void {
  if (!('code' in error) || error.code !== 'EPIPE') throw error;
}
