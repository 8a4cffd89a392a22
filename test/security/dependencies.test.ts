import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}

const PERMISSIVE = /^(Apache-2\.0|MIT|MIT-0|ISC|0BSD|BSD-[23]-Clause|BlueOak-1\.0\.0)$/;

const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
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
