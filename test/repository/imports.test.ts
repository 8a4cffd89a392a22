import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { expect, it } from 'vitest';

/** Which top-level folders (or `shared` parts) each may import, besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  sandbox: [],
  functions: ['shared'],
  cli: ['functions', 'shared', 'sandbox'],
  shared: [],
  bench: ['cli', 'functions', 'shared', 'sandbox'],
  test: ['bench', 'cli', 'functions', 'shared', 'sandbox'],
};

const IMPORT = /(?:from|import)\s*\(?\s*'([^']+)'/g;

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));
}

function imports(file: string): { file: string; target: string }[] {
  return [...readFileSync(file, 'utf8').matchAll(IMPORT)].map(([, target = '']) => ({
    file,
    target: target.startsWith('.') ? relative('.', normalize(join(dirname(file), target))) : target,
  }));
}

const all = Object.keys(MAY_IMPORT).flatMap(sources).flatMap(imports);
const top = (path: string) => path.split('/')[0] ?? '';

it('finds the imports that it judges', () => {
  expect(all.length).toBeGreaterThan(100);
});

it.each(Object.entries(MAY_IMPORT))('%s imports only what the design allows', (folder, allowed) => {
  const strays = all
    .filter(({ file }) => top(file) === folder)
    .filter(
      ({ target }) => top(target) in MAY_IMPORT && top(target) !== folder && !allowed.includes(top(target)),
    )
    .map(({ file, target }) => `${file} imports ${target}`);

  expect(strays).toEqual([]);
});

it('shared/engine knows no AWS service', () => {
  const strays = all
    .filter(({ file }) => file.startsWith('shared/engine/'))
    .filter(({ target }) => target.startsWith('@aws-sdk') || target.startsWith('shared/aws'))
    .map(({ file, target }) => `${file} imports ${target}`);

  expect(strays).toEqual([]);
});

it('one policy imports nothing of another', () => {
  const policyOf = (path: string) => path.split('/')[1];
  const strays = all
    .filter(({ file, target }) => top(file) === 'functions' && top(target) === 'functions')
    .filter(({ file, target }) => policyOf(file) !== policyOf(target))
    .map(({ file, target }) => `${file} imports ${target}`);

  expect(strays).toEqual([]);
});
