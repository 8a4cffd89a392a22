import { tagsAsYaml, tagsFromPolicy } from '../shared/config/tag-policy.ts';
import { BadInput, EXIT, type ExitCode } from './exit.ts';
import { readText } from './saved-answers.ts';
import type { Terminal } from './terminal.ts';

/** `reeve tag-policy`: what a tag policy of AWS Organizations asks for, as `tags` of enforce-tags for `reeve.yml`. */
export function tagPolicy(file: string, terminal: Terminal): ExitCode {
  const read = tagsFromPolicy(readText(file));
  if (!read.ok) throw new BadInput(...read.mistakes.map((mistake) => `${file}: ${mistake}`));
  terminal.out(tagsAsYaml(read.tags, read.notes).trimEnd());
  return EXIT.ok;
}
