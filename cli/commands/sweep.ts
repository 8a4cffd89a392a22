import { BadInput } from '../exit.ts';
import { interruptible } from '../interrupt.ts';
import { policyNames } from '../policies.ts';
import type { Format } from '../render/findings.ts';
import { sweep } from '../sweep.ts';
import {
  ALL,
  ALL_REGIONS,
  CONFIG,
  format,
  JOURNAL_TO_WRITE,
  oneOfThem,
  PROFILE,
  REGIONS,
} from './options.ts';
import type { Register } from './register.ts';

interface Flags {
  readonly config: string;
  readonly format: Format;
  readonly report?: string;
  readonly force: boolean;
  readonly all: boolean;
  readonly enforce: boolean;
  readonly acceptFewer: boolean;
  readonly region: string[];
  readonly allRegions: boolean;
  readonly profile?: string;
  readonly journal?: string;
}

/** `reeve sweep`. */
export const registerSweep: Register = (program, terminal, end) => {
  program
    .command('sweep')
    .description('Look at everything a policy watches; change nothing unless told to')
    .argument('[policy]', oneOfThem())
    .option(...CONFIG)
    .addOption(format())
    .option(...ALL)
    .option('--enforce', 'remedy what is out of policy', false)
    .option(...REGIONS)
    .option(...ALL_REGIONS)
    .option(...PROFILE)
    .option(...JOURNAL_TO_WRITE)
    .option('--accept-fewer', 'say that far fewer than last time is right, after you have looked', false)
    .option('--report <file or folder>', 'write a page for people, with pictures')
    .option('--force', 'overwrite that page', false)
    .action(async (name: string | undefined, { region: regions, all, ...given }: Flags) => {
      if (all === (name !== undefined)) {
        throw new BadInput(`sweep takes a policy or --all; policies are ${policyNames().join(', ')}`);
      }
      if (all && given.acceptFewer)
        throw new BadInput('--accept-fewer takes one policy: the one that you looked at');
      const options = { profile: undefined, journal: undefined, ...given, regions };
      end(await interruptible(terminal, (stop) => sweep(name, { ...options, stop }, terminal)));
    });
};
