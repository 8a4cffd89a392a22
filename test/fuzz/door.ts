import fc from 'fast-check';

/** What came of one bad input. */
export interface Knock {
  /** What was said about it: each is a single clear line. */
  readonly lines: readonly string[];
  /** What was changed although nothing should have been. */
  readonly acted: readonly string[];
  /** Work done, counted rather than timed, and the most that this input may cause. */
  readonly work: number;
  readonly mostWork: number;
}

/** How one door stood up to bad input; `failure` is empty when it did. */
export interface DoorCount {
  readonly door: string;
  readonly tried: number;
  readonly crashed: number;
  readonly acted: number;
  /** The smallest input that got through, with its seed, for whoever mends it. */
  readonly failure: string;
}

/** A place where something from outside comes in. */
export interface Door {
  readonly name: string;
  /** Tries so many bad inputs, always the same for a seed. */
  fuzz(runs: number, seed: number): Promise<DoorCount>;
}

/** The longest clear line lists the nineteen resource types that are allowed. */
const LONGEST_LINE = 600;
const UNPRINTABLE = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;

class Acted extends Error {}

/** A door out of an arbitrary of bad inputs and what happens to one; a throw is a crash. */
export function door<T>(
  name: string,
  inputs: fc.Arbitrary<T>,
  knock: (input: T) => Promise<Knock> | Knock,
): Door {
  const property = fc.asyncProperty(inputs, async (input) => {
    const { lines, acted, work, mostWork } = await knock(input);
    if (acted.length > 0) throw new Acted(`acted: ${acted.join(', ')}`);
    for (const line of lines) expectClear(line);
    if (work > mostWork) throw new Error(`too much work: ${work} of at most ${mostWork}`);
    if (Reflect.get({}, 'polluted') !== undefined) throw new Error('Object.prototype was polluted');
  });
  return {
    name,
    async fuzz(runs, seed) {
      const { numRuns, failed, counterexample, errorInstance } = await fc.check(property, {
        numRuns: runs,
        seed,
        verbose: 0,
      });
      const acted = errorInstance instanceof Acted;
      const why = errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : '';
      return {
        door: name,
        tried: numRuns,
        crashed: failed && !acted ? 1 : 0,
        acted: failed && acted ? 1 : 0,
        failure: failed ? `${name}, seed ${seed}: ${JSON.stringify(counterexample)}\n${why}` : '',
      };
    },
  };
}

function expectClear(line: string): void {
  if (line.trim() === '') throw new Error('an empty line was said');
  if (line.length > LONGEST_LINE) {
    throw new Error(`a line of ${line.length} characters: ${line.slice(0, 200)}`);
  }
  if (UNPRINTABLE.test(line) || !line.isWellFormed()) {
    throw new Error(`a line that is not plain: ${JSON.stringify(line)}`);
  }
}
