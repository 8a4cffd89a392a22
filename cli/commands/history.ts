import { type HistoryOptions, history } from '../history.ts';
import { JOURNAL_TO_READ, oneOfThem, PROFILE, STACK_REGION } from './options.ts';
import type { Register } from './register.ts';

/** What is not given is not there. */
const NOTHING: HistoryOptions = {
  journal: undefined,
  profile: undefined,
  region: undefined,
  since: undefined,
  until: undefined,
  resource: undefined,
  policy: undefined,
  run: undefined,
  limit: '100',
  json: false,
  ids: false,
};

/** `reeve history`. */
export const registerHistory: Register = (program, terminal, end) => {
  program
    .command('history')
    .description('What Reeve changed, newest first; with an id that entry or run alone')
    .argument('[entry or run]', 'the id of an entry, shown whole, or of a run')
    .option(...JOURNAL_TO_READ)
    .option(...STACK_REGION)
    .option(...PROFILE)
    .option('--since <time>', 'a span (7d, 12h) or a time in ISO 8601; otherwise 7d')
    .option('--until <time>', 'the same; otherwise now')
    .option('--resource <id or arn>', 'only this resource')
    .option('--policy <policy>', oneOfThem())
    .option('--run <id>', 'only this run')
    .option('--limit <number>', 'show at most so many', NOTHING.limit)
    .option('--json', 'one array of whole entries', false)
    .option('--ids', 'only the ids of the entries, a line each', false)
    .action(async (id: string | undefined, given: Partial<HistoryOptions>) => {
      end(await history(id, { ...NOTHING, ...given }, terminal));
    });
};
