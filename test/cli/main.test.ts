import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { reeve } from './run.ts';

const manual = readFileSync('docs/command-line.md', 'utf8');
const commands = [...(await reeve(['--help'])).out.matchAll(/^ {2}([\w-]+) .*[\]>] /gm)].flatMap(
  ([, name]) => (name === undefined || name === 'help' ? [] : [name]),
);

/** What the manual says of a command, up to the next one. */
function chapterOf(command: string): string {
  const [chapter = ''] = new RegExp(`^## reeve ${command}( .*)?\n[^]*?(?=^## )`, 'm').exec(manual) ?? [];
  return chapter;
}

it.each(commands)(
  'docs/command-line.md tells every option of reeve %s, and none that it has not',
  async (command) => {
    const { code, out } = await reeve([command, '--help']);
    const options = namesIn(out.match(/^ {2}(-h, )?--.*/gm));
    const chapter = chapterOf(command);
    const listed = namesIn(chapter.match(/^\| `--[^|]*/gm));
    expect(code).toBe(0);
    expect(missing(options, namesIn([chapter]))).toEqual(['--help']);
    expect(missing(listed, options)).toEqual([]);
  },
);

function missing(names: ReadonlySet<string>, from: ReadonlySet<string>): readonly string[] {
  return [...names].filter((name) => !from.has(name));
}

function namesIn(lines: readonly string[] | null): ReadonlySet<string> {
  return new Set((lines ?? []).flatMap((line) => line.match(/--[a-z][a-z-]+/g) ?? []));
}

it('the manual and the program know the same commands', () => {
  const chapters = [...manual.matchAll(/^## reeve ([a-z-]+)/gm)].map(([, name]) => name);
  expect(chapters.toSorted()).toEqual(commands.toSorted());
});
