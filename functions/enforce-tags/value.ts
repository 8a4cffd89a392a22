import { nearest } from '../../shared/config/nearest.ts';
import { matchesWhole } from './pattern.ts';
import { charactersOf, folded, MOST, tidied } from './text.ts';

/** What a tag's value may be. */
export interface ValueRule {
  readonly values?: readonly string[] | undefined;
  readonly pattern?: string | undefined;
  /** A second pattern that it has to match besides. */
  readonly patternToo?: string | undefined;
}

export type ValueFlawKind =
  | 'empty'
  | 'placeholder'
  | 'too-long'
  | 'untidy'
  | 'wrong-case-value'
  | 'not-allowed'
  | 'no-match';

/** What is wrong with a value. */
export interface ValueFlaw {
  readonly kind: ValueFlawKind;
  /** Ends a sentence that begins with the tag: "is empty". */
  readonly why: string;
  /** The value that was probably meant. */
  readonly suggestion: string | undefined;
}

/** What is wrong with a tag's value, or undefined. Never longer than the value takes to read (B2.7 to B2.10, B6.27). */
export function flawOf(
  value: string,
  rule: ValueRule,
  placeholders: readonly string[],
): ValueFlaw | undefined {
  if (charactersOf(value) > MOST.value) {
    return flaw('too-long', `is longer than the ${MOST.value} characters that AWS allows`);
  }
  const tidy = tidied(value);
  if (tidy === '') return flaw('empty', 'is empty');
  if (rule.values?.includes(value)) return undefined;
  const empty = placeholders.some((placeholder) => folded(placeholder) === folded(value));
  if (empty) return flaw('placeholder', `only holds the place of a value ("${value}")`);
  if (rule.values !== undefined) return notListed(value, tidy, rule.values);
  for (const pattern of [rule.pattern, rule.patternToo]) {
    if (pattern === undefined || matchesWhole(pattern, value)) continue;
    if (matchesWhole(pattern, tidy)) return untidy(tidy);
    return flaw('no-match', `("${value}") does not match ${pattern}`);
  }
  return value === tidy ? undefined : untidy(tidy);
}

function notListed(value: string, tidy: string, allowed: readonly string[]): ValueFlaw {
  if (allowed.includes(tidy)) return untidy(tidy);
  const alike = allowed.filter((one) => folded(one) === folded(value));
  const [meant] = alike;
  if (meant !== undefined && alike.length === 1) {
    const kind = meant.toLowerCase() === value.toLowerCase() ? 'wrong-case-value' : 'untidy';
    return flaw(kind, `("${value}") is not written as "${meant}"`, meant);
  }
  return flaw('not-allowed', `("${value}") is none of ${allowed.join(', ')}`, nearest(tidy, allowed));
}

function untidy(tidy: string): ValueFlaw {
  return flaw('untidy', 'has spaces around it or an unusual Unicode form', tidy);
}

function flaw(kind: ValueFlawKind, why: string, suggestion?: string): ValueFlaw {
  return { kind, why, suggestion };
}
