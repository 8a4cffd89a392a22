import type { Violation } from './audit.ts';
import type { FunctionName } from './functions.ts';

/** One invocation of a function by an event or message that came to nothing. */
export interface Try {
  readonly why: string;
  /** Faults that struck in it. */
  readonly struck: number;
}

/** What Lambda or SQS gave up after its last try. */
export interface DeadLetter {
  readonly fn: FunctionName;
  /** The event, or a message's text. */
  readonly event: unknown;
  readonly tries: readonly Try[];
}

/** Given up although nothing had gone wrong in one of its tries: each has to be explained by a fault of its own. */
export function unexplainedLetters(letters: readonly DeadLetter[]): readonly Violation[] {
  return letters.flatMap(({ fn, event, tries }): Violation[] => {
    const sound = tries.find(({ struck }) => struck === 0);
    if (sound === undefined && tries.length > 0) return [];
    const detail = `${fn} gave up ${JSON.stringify(event).slice(0, 200)}: ${sound?.why ?? 'it was never tried'}`;
    return [{ invariant: 'lost', detail }];
  });
}
