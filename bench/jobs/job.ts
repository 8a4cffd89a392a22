import type { Sandbox } from '../../sandbox/sandbox.ts';

/** What a benchmark prepares in the simulated account, and how it is seen that a program did its work there. */
export interface Job {
  seed(sandbox: Sandbox, size: number): void;
  /** What should be told or done, and was not: a line each. `found` is what the program says that it found. */
  flaws(sandbox: Sandbox, size: number, found: number): Promise<readonly string[]>;
}

export function placeOf({ account, region, world }: Sandbox) {
  return { partition: 'aws', account, region, world };
}

/** That the program found as many as there are. */
export function expectFound(found: number, there: number): readonly string[] {
  return found === there ? [] : [`${found} of ${there} were found`];
}
