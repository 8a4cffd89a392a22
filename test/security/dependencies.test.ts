import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}

const PERMISSIVE = /^(Apache-2\.0|MIT|MIT-0|ISC|0BSD|BSD-[23]-Clause|BlueOak-1\.0\.0)$/;

type Versions = Readonly<Record<string, string>>;
const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
  readFileSync('package.json', 'utf8'),
) as {
  readonly dependencies: Versions;
  readonly devDependencies: Versions;
  readonly optionalDependencies: Versions;
};
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  readonly packages: Readonly<Record<string, Locked>>;
};
const production = Object.keys(packages).filter(
  (path) => path.startsWith('node_modules/') && packages[path]?.dev !== true && !/node-linux/.test(path),
);

it('B6.37 what runs in production is permissively licensed and runs no script when installed', () => {
  const wrong = production.filter((path) => {
    const own = JSON.parse(readFileSync(`${path}/package.json`, 'utf8')) as { readonly license?: string };
    return !PERMISSIVE.test(own.license ?? '') || packages[path]?.hasInstallScript === true;
  });

  expect(production.length).toBeGreaterThan(50);
  expect(wrong).toEqual([]);
});

it('B6.37 every direct dependency is pinned to one version', () => {
  expect(Object.values(dependencies).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});

it('every direct dependency has its reason in docs/decisions.md, and no reason is left of one that went', () => {
  const [, table = ''] = readFileSync('docs/decisions.md', 'utf8').split('## Dependencies');
  const rows = [...table.matchAll(/^\| (`[^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)];
  const named = rows.flatMap(([, names = '', use = '', why = '']) =>
    [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => ({ name, said: use !== '' && why.length > 5 })),
  );
  // `@aws-sdk/client-*` stands for all of them.
  const covers = (pattern: string, name: string) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
  const direct = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });

  expect(direct.filter((one) => !named.some(({ name, said }) => said && covers(name, one)))).toEqual([]);
  expect(named.filter(({ name }) => !direct.some((one) => covers(name, one)))).toEqual([]);
});
