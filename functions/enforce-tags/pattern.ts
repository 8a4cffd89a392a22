import { RE2JS } from 're2js';

/** Longest pattern that settings may hold, in characters. */
export const LONGEST_PATTERN = 1024;

const compiled = new Map<string, RE2JS>();

/**
 * Whether a whole text matches a pattern of the settings. RE2 needs time in proportion to the text, whatever the
 * pattern (B6.27); patterns come from settings only, so each is compiled once and kept.
 */
export function matchesWhole(pattern: string, text: string): boolean {
  const known = compiled.get(pattern) ?? RE2JS.compile(pattern);
  compiled.set(pattern, known);
  return known.matches(text);
}

/** What is wrong with a pattern: look-arounds and back-references are not part of RE2. Undefined: nothing. */
export function patternMistake(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
