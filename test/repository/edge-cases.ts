import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** How many numbered cases each part of the specification has. */
const CASES: Readonly<Record<string, number>> = { B1: 69, B2: 40, B3: 51, B4: 52, B5: 43, B6: 38 };

/** The edge-case numbers that some test carries in its title: `B3.9 …`, also several: `B3.9 B3.10 …`. */
export function coveredCases(): ReadonlySet<string> {
  const titles = readdirSync('test', { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(test|long)\.ts$/.test(file))
    .flatMap((file) => readFileSync(join('test', file), 'utf8').match(/\bB[1-6]\.\d+\b/g) ?? []);
  return new Set(titles);
}

/** The numbers of one part that no test carries. */
export function uncoveredCases(part: string): readonly string[] {
  const covered = coveredCases();
  return Array.from({ length: CASES[part] ?? 0 }, (_, index) => `${part}.${index + 1}`).filter(
    (number) => !covered.has(number),
  );
}

if (import.meta.main) {
  for (const part of Object.keys(CASES)) {
    const missing = uncoveredCases(part);
    const total = CASES[part] ?? 0;
    console.log(
      `${part}: ${total - missing.length} of ${total} covered${missing.length > 0 ? `; not yet: ${missing.join(' ')}` : ''}`,
    );
  }
}
