import { safe } from '../shared/notify/escape.ts';

/** What `reeve` answers to the shell; documented in docs/command-line.md. */
export const EXIT = {
  /** Nothing is out of policy, or all that was has been remedied. */
  ok: 0,
  /** Something is out of policy. */
  findings: 1,
  /** The command line, a file or the configuration is wrong; nothing was read or changed. */
  badInput: 2,
  /** Something could not be read, judged or remedied: the answer is not the whole truth. */
  partial: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const LONGEST_LINE = 600;

/** What the user gave is wrong: told in one line (one for each mistake), exit code 2, no stack trace. */
export class BadInput extends Error {
  readonly lines: readonly string[];

  constructor(...lines: readonly string[]) {
    // They quote what is wrong, which may be of any length and hold anything (B6.22, B6.34).
    const shown = lines.map((line) => safe(line, LONGEST_LINE));
    super(shown.join('\n'));
    this.name = 'BadInput';
    this.lines = shown;
  }
}
