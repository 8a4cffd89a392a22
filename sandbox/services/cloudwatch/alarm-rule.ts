import { AwsError } from '../../core/errors.ts';
import type { AlarmState } from './alarm.ts';

/** An alarm rule, read: what it names, and what it comes to for the states of the alarms named. */
export interface AlarmRule {
  readonly text: string;
  /** Names or ARNs, as written. */
  readonly named: readonly string[];
  holds(stateOf: (named: string) => AlarmState): boolean;
}

type Test = (stateOf: (named: string) => AlarmState) => boolean;

const TOKEN =
  /\s*(?:(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]+)"|([^\s()"]+))\s*\)|(AND|OR|NOT|TRUE|FALSE|[()]))/y;

interface Token {
  readonly word: string;
  readonly alarm?: string;
}

/** Reads `ALARM(cpu) AND NOT OK("disk full")` (API Reference, PutCompositeAlarm, AlarmRule). */
export function parseAlarmRule(text: string): AlarmRule {
  const tokens = tokensOf(text);
  const named = tokens.flatMap(({ alarm }) => alarm ?? []);
  let position = 0;
  const takes = (word: string) => {
    const isThere = tokens[position]?.word === word;
    if (isThere) position += 1;
    return isThere;
  };
  const either = (): Test => {
    let test = both();
    while (takes('OR')) {
      const [left, right] = [test, both()];
      test = (stateOf) => left(stateOf) || right(stateOf);
    }
    return test;
  };
  const both = (): Test => {
    let test = single();
    while (takes('AND')) {
      const [left, right] = [test, single()];
      test = (stateOf) => left(stateOf) && right(stateOf);
    }
    return test;
  };
  const single = (): Test => {
    if (takes('NOT')) {
      const inner = single();
      return (stateOf) => !inner(stateOf);
    }
    if (takes('(')) {
      const inner = either();
      if (!takes(')')) throw malformed(text);
      return inner;
    }
    const token = tokens[position];
    position += 1;
    const alarm = token?.alarm;
    if (token && alarm !== undefined) return (stateOf) => stateOf(alarm) === token.word;
    if (token?.word === 'TRUE' || token?.word === 'FALSE') return () => token.word === 'TRUE';
    throw malformed(text);
  };
  const test = either();
  if (position < tokens.length) throw malformed(text);
  return { text, named, holds: test };
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const rest = text.trimEnd();
  const pattern = new RegExp(TOKEN);
  while (pattern.lastIndex < rest.length) {
    const found = pattern.exec(rest);
    if (!found) throw malformed(text);
    const [, state, quoted, bare, word = ''] = found;
    tokens.push(state ? { word: state, alarm: quoted ?? bare ?? '' } : { word });
  }
  return tokens;
}

function malformed(text: string): AwsError {
  return new AwsError('ValidationError', `Error in AlarmRule: the expression ${text} cannot be read.`);
}
