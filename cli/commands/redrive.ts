import { BadInput } from '../exit.ts';
import { interruptible } from '../interrupt.ts';
import { policyNames } from '../policies.ts';
import { redrive } from '../redrive.ts';
import { ALL, CONFIG, oneOfThem, PROFILE, wholeNumber } from './options.ts';
import type { Register } from './register.ts';

interface Flags {
  readonly all: boolean;
  readonly dryRun: boolean;
  readonly max: number;
  readonly stack?: string;
  readonly config: string;
  readonly region?: string;
  readonly profile?: string;
}

/** `reeve redrive`. */
export const registerRedrive: Register = (program, terminal, end) => {
  program
    .command('redrive')
    .description('Show what functions could not handle, and give it back to them')
    .argument('[policies...]', `${oneOfThem()}, or undo`)
    .option(...ALL)
    .option('--dry-run', 'only show it', false)
    .option('--max <number>', 'at most so many', wholeNumber, 1000)
    .option('--stack <name>', 'which stack, where Reeve is deployed more than once')
    .option(...CONFIG)
    .option('--region <region>', 'region that Reeve is deployed in')
    .option(...PROFILE)
    .action(async (names: readonly string[], { all, max: most, ...given }: Flags) => {
      if (all === names.length > 0) {
        throw new BadInput(
          `redrive takes policies, undo, or --all; policies are ${policyNames().join(', ')}`,
        );
      }
      const asked = all ? undefined : names;
      const options = { profile: undefined, region: undefined, stack: undefined, ...given, most };
      end(await interruptible(terminal, (stop) => redrive(asked, { ...options, stop }, terminal)));
    });
};
