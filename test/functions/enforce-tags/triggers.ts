import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { compilePattern } from '../../../sandbox/events/pattern.ts';

const text = readFileSync(new URL('../../../functions/enforce-tags/function.yml', import.meta.url), 'utf8');
// CloudFormation's own tags (`!Sub`) are none of YAML's; the triggers have none.
const { triggers }: { triggers: readonly { description: string; pattern: object }[] } = parse(text, {
  logLevel: 'silent',
});
const matchers = triggers.map(({ pattern }) => compilePattern(JSON.stringify(pattern)));

/** Whether one of the function's own rules would send it this event. */
export function isTriggeredBy(event: unknown): boolean {
  return matchers.some((matches) => matches(event));
}
