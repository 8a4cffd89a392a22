import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadPolicy, policyNames } from '../../cli/policies.ts';

const readme = readFileSync('README.md', 'utf8');

/** Rows of the README's policy table: name, title, triggers, remedies. */
const rows = readme
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| ---') && !line.startsWith('| policy'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

it('the policy table has a row for every policy, and no other', () => {
  expect(rows.map(([name]) => name)).toEqual(policyNames());
});

it.each(rows)('the row of %s is true', async (name = '', title = '', triggers = '', remedies = '') => {
  // CloudFormation's `!Sub` and the like are none of our business here.
  const own = parse(readFileSync(`functions/${name}/function.yml`, 'utf8'), { logLevel: 'error' }) as {
    readonly schedule: string;
    readonly triggers: readonly unknown[];
  };
  const sources = readdirSync(`functions/${name}`)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(`functions/${name}/${file}`, 'utf8'))
    .join('\n');

  expect(title).toBe((await loadPolicy(name)).title);
  const { length } = own.triggers;
  expect(triggers).toBe(`${length} event ${length === 1 ? 'rule' : 'rules'}; ${own.schedule}`);
  for (const remedy of remedies.split(', ')) expect(sources).toContain(`'${remedy}'`);
});

it.each(policyNames())('%s has sample events and an entry in reeve.yml', (name) => {
  expect(readdirSync('events').some((file) => file.startsWith(`${name}.`))).toBe(true);
  expect(parse(readFileSync('reeve.yml', 'utf8'))).toHaveProperty(['policies', name]);
});

it('every file that the README links to is there', () => {
  const links = [...readme.matchAll(/\]\(([^)#]+)/g)].map(([, path = '']) => path);

  expect(links.length).toBeGreaterThan(3);
  expect(links.filter((path) => !existsSync(path))).toEqual([]);
});
