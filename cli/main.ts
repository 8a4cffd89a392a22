import { Command, CommanderError } from 'commander';
import { safe } from '../shared/notify/escape.ts';
import { registerApply } from './commands/apply.ts';
import { registerCheck } from './commands/check.ts';
import { registerHistory } from './commands/history.ts';
import { registerInvoke } from './commands/invoke.ts';
import { registerPending } from './commands/pending.ts';
import { registerPlan } from './commands/plan.ts';
import { registerRedrive } from './commands/redrive.ts';
import type { Register } from './commands/register.ts';
import { registerSweep } from './commands/sweep.ts';
import { registerTagPolicy } from './commands/tag-policy.ts';
import { registerUndo } from './commands/undo.ts';
import { BadInput, EXIT, type ExitCode } from './exit.ts';
import { processTerminal, type Terminal } from './terminal.ts';

/** In the order of the help. */
const COMMANDS: readonly Register[] = [
  registerSweep,
  registerPlan,
  registerApply,
  registerRedrive,
  registerCheck,
  registerHistory,
  registerPending,
  registerUndo,
  registerInvoke,
  registerTagPolicy,
];

/** Runs one command line; answers the exit code and never throws for what a user can cause. */
export async function main(
  words: readonly string[],
  terminal: Terminal = processTerminal(),
): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const program = programFor(terminal);
  for (const register of COMMANDS)
    register(program, terminal, (ended) => {
      code = ended;
    });
  try {
    await program.parseAsync([...words], { from: 'user' });
    return code;
  } catch (error) {
    terminal.progress('');
    return sayWhy(error, terminal);
  }
}

/** What its commands have in common they take over from it. */
function programFor({ out, err }: Terminal): Command {
  return new Command('reeve')
    .description('Keeps AWS accounts inside policy. Dry run by default.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => out(text.trimEnd()),
      // "error: unknown option '--enforc'" becomes "reeve: unknown option …".
      writeErr: (text) =>
        err(
          text
            .trimEnd()
            .replace(/^error: /, 'reeve: ')
            .replace(/\n/g, ' '),
        ),
    });
}

/** One line for each mistake, no stack trace unless asked for. */
function sayWhy(error: unknown, { err }: Terminal): ExitCode {
  // Commander has said it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.badInput;
  if (error instanceof BadInput) {
    for (const line of error.lines) err(`reeve: ${line}`);
    return EXIT.badInput;
  }
  err(`reeve: ${safe(error instanceof Error ? error.message : String(error))}`);
  if (process.env.REEVE_DEBUG && error instanceof Error) {
    for (const line of (error.stack ?? '').split('\n')) err(safe(line));
  }
  return EXIT.partial;
}
