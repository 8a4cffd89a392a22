import { apply } from '../apply.ts';
import { interruptible } from '../interrupt.ts';
import { CONFIG, JOURNAL_TO_WRITE, PROFILE, span } from './options.ts';
import type { Register } from './register.ts';

interface Flags {
  readonly yes: boolean;
  readonly maxAge: number;
  readonly config: string;
  readonly profile?: string;
  readonly journal?: string;
}

/** `reeve apply`. */
export const registerApply: Register = (program, terminal, end) => {
  program
    .command('apply')
    .description('Do what a plan says and nothing else; without --yes only show what would be done by now')
    .argument('<plan.json>', 'what reeve plan wrote')
    .option('--yes', 'do it', false)
    .addOption(span('--max-age <time>', 'refuse an older plan', '1h'))
    .option(...CONFIG)
    .option(...PROFILE)
    .option(...JOURNAL_TO_WRITE)
    .action(async (file: string, { maxAge: maxAgeMs, ...given }: Flags) => {
      const options = { profile: undefined, journal: undefined, ...given, maxAgeMs };
      end(await interruptible(terminal, (stop) => apply(file, { ...options, stop }, terminal)));
    });
};
