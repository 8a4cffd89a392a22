import { interruptible } from '../interrupt.ts';
import { pending } from '../pending.ts';
import {
  ALL_REGIONS,
  CONFIG,
  collect,
  JOURNAL_TO_READ,
  oneOfThem,
  PROFILE,
  REGIONS,
  span,
} from './options.ts';
import type { Register } from './register.ts';

interface Flags {
  readonly policy: string[];
  readonly region: string[];
  readonly allRegions: boolean;
  readonly within: number;
  readonly config: string;
  readonly json: boolean;
  readonly journal?: string;
  readonly profile?: string;
}

/** `reeve pending`. */
export const registerPending: Register = (program, terminal, end) => {
  program
    .command('pending')
    .description('What is going to be done and when, and what is excused until when; changes nothing')
    .option('--policy <policy>', `${oneOfThem()}; may be given several times, otherwise all`, collect, [])
    .option(...REGIONS)
    .option(...ALL_REGIONS)
    .option(...PROFILE)
    .option(...JOURNAL_TO_READ)
    .option(...CONFIG)
    .addOption(span('--within <time>', 'which exemptions end soon', '7d'))
    .option('--json', 'one array instead of text', false)
    .action(async ({ policy: policies, region: regions, within: withinMs, ...given }: Flags) => {
      const options = { profile: undefined, journal: undefined, ...given, policies, regions, withinMs };
      end(await interruptible(terminal, (stop) => pending({ ...options, stop }, terminal)));
    });
};
