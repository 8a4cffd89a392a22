import { tagPolicy } from '../tag-policy.ts';
import type { Register } from './register.ts';

/** `reeve tag-policy`. */
export const registerTagPolicy: Register = (program, terminal, end) => {
  program
    .command('tag-policy')
    .description('Print a tag policy of AWS Organizations as tags of enforce-tags, for reeve.yml')
    .argument('<policy.json>', 'the policy as it is written or as it is in effect, - for standard input')
    .action((file: string) => end(tagPolicy(file, terminal)));
};
