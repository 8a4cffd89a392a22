import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** Where time and chance come in; everything else is given them, so that a month can be rehearsed in seconds. */
const WIRING = 'shared/lambda/container.ts';

const OUTSIDE =
  /\bMath\.random\b|\bDate\.now\b|\bnew Date\(\s*\)|(?<!function )\bDate\(\s*\)|\bset(?:Timeout|Interval)\b|\bperformance\.now\b|node:timers/g;

function strays(text: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => !/^\s*(\/\/|\/?\*)/.test(line))
    .flatMap((line) => line.match(OUTSIDE) ?? []);
}

const files = ['functions', 'shared'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file)),
);

it('knows a clock, a die and an alarm clock when it sees one', () => {
  expect(strays('new Date(); Date.now(); setTimeout(f); Math.random')).toHaveLength(4);
  expect(strays('now().getTime(); new Date(now()); around.random() // Math.random\n  // Date.now()')).toEqual(
    ['Math.random'],
  );
  expect(files.length).toBeGreaterThan(100);
  expect(strays(readFileSync(WIRING, 'utf8'))).not.toEqual([]);
});

it('nothing that decides or acts has a clock, a die or a timer of its own', () => {
  const found = files
    .filter((file) => file !== WIRING)
    .flatMap((file) => strays(readFileSync(file, 'utf8')).map((what) => `${file} uses ${what}`));

  expect(found).toEqual([]);
});
