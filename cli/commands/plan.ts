import { BadInput } from '../exit.ts';
import { interruptible } from '../interrupt.ts';
import { plan } from '../plan.ts';
import { policyNames } from '../policies.ts';
import { ALL, ALL_REGIONS, CONFIG, oneOfThem, PROFILE, REGIONS } from './options.ts';
import type { Register } from './register.ts';

interface Flags {
  readonly all: boolean;
  readonly out: string;
  readonly force: boolean;
  readonly config: string;
  readonly region: string[];
  readonly allRegions: boolean;
  readonly profile?: string;
}

/** `reeve plan`. */
export const registerPlan: Register = (program, terminal, end) => {
  program
    .command('plan')
    .description('Look like a sweep, change nothing, and write down what would be changed')
    .argument('[policies...]', oneOfThem())
    .option(...ALL)
    .requiredOption('--out <file or folder>', 'where the plan is written')
    .option('--force', 'overwrite the file', false)
    .option(...CONFIG)
    .option(...REGIONS)
    .option(...ALL_REGIONS)
    .option(...PROFILE)
    .action(async (names: readonly string[], { region: regions, all, ...given }: Flags) => {
      if (all === names.length > 0) {
        throw new BadInput(`plan takes policies or --all; policies are ${policyNames().join(', ')}`);
      }
      const asked = all ? undefined : names;
      const options = { profile: undefined, ...given, regions };
      end(await interruptible(terminal, (stop) => plan(asked, { ...options, stop }, terminal)));
    });
};
