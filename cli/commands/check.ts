import { check } from '../check.ts';
import type { Format } from '../render/findings.ts';
import { CONFIG, collect, format, oneOfThem } from './options.ts';
import type { Register } from './register.ts';

interface Flags {
  readonly config: string;
  readonly format: Format;
  readonly from: string[];
  readonly region?: string;
}

/** `reeve check`. */
export const registerCheck: Register = (program, terminal, end) => {
  program
    .command('check')
    .description('Judge saved answers of the AWS CLI, offline and without credentials')
    .argument('<policy>', oneOfThem())
    .option(...CONFIG)
    .addOption(format())
    .requiredOption(
      '--from <file>',
      'a saved answer, - for standard input; may be given several times',
      collect,
    )
    .option('--region <region>', 'region of the answers, where they do not tell')
    .action(async (name: string, given: Flags) => {
      end(await check(name, { region: undefined, ...given }, terminal));
    });
};
