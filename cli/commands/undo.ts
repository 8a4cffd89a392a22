import { interruptible } from '../interrupt.ts';
import { undo } from '../undo.ts';
import { CONFIG, JOURNAL_TO_READ, PROFILE, STACK_REGION, span } from './options.ts';
import type { Register } from './register.ts';

interface Flags {
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly reason?: string;
  readonly exemptFor: number;
  readonly config: string;
  readonly journal?: string;
  readonly profile?: string;
  readonly region?: string;
}

/** `reeve undo`. */
export const registerUndo: Register = (program, terminal, end) => {
  program
    .command('undo')
    .description('Take a change, or all changes of a run, back; without --yes only show what would be done')
    .argument('<entry or run>', 'an id, as reeve history shows it')
    .option(...JOURNAL_TO_READ)
    .option(...STACK_REGION)
    .option(...PROFILE)
    .option('--yes', 'do it', false)
    .option('--dry-run', 'only show it, as without --yes', false)
    .option('--reason <text>', 'why, for the journal')
    .option('--force', 'open again what a security policy closed; needs --reason', false)
    .addOption(span('--exempt-for <time>', 'so long the policy leaves it as it is', '1d'))
    .option(...CONFIG)
    .action(async (id: string, { exemptFor: exemptMs, ...given }: Flags) => {
      const nothing = { journal: undefined, profile: undefined, region: undefined, reason: undefined };
      const options = { ...nothing, ...given, exemptMs };
      end(await interruptible(terminal, (stop) => undo(id, { ...options, stop }, terminal)));
    });
};
