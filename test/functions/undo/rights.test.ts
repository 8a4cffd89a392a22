import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadWayBack, policyNames } from '../../../cli/policies.ts';
import { historyRights } from '../../../shared/aws/journal-history.ts';

interface Own {
  readonly rights: readonly { readonly Action: string | readonly string[]; readonly Resource: unknown }[];
  readonly rightsOf?: readonly string[];
}

const read = (name: string): Own =>
  parse(readFileSync(new URL(`../../../functions/${name}/function.yml`, import.meta.url), 'utf8'), {
    logLevel: 'silent',
  });
const own = read('undo');
const statements = [...own.rights, ...(own.rightsOf ?? []).flatMap((name) => read(name).rights)];

it('every policy has a way back', async () => {
  const ways = await Promise.all(policyNames().map((name) => loadWayBack(name)));

  expect(ways.map((way) => way?.policy)).toEqual(policyNames());
  expect(readdirSync('functions')).toContain('undo');
  expect(policyNames()).not.toContain('undo');
});

it('B6.11 the role grants what stands beside the verbs of the ways back, no more and no less', async () => {
  const ways = await Promise.all(policyNames().map((name) => loadWayBack(name)));
  const needed = new Set([...ways.flatMap((way) => way?.rights ?? []), ...historyRights]);

  expect([...new Set(statements.flatMap(({ Action }) => Action))].toSorted()).toEqual([...needed].toSorted());
});

it('B6.11 names a resource for whatever is not reading, but for the Tagging API, which knows none', () => {
  for (const { Action, Resource } of statements) {
    if (Resource !== '*') continue;
    for (const action of [Action].flat()) expect(action).toMatch(/:(Describe|Get|List)|^tag:/);
  }
});
