import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { rights, stopRights } from '../../../functions/enforce-tags/policy.ts';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

const text = readFileSync(new URL('../../../functions/enforce-tags/function.yml', import.meta.url), 'utf8');
const own: {
  readonly rights: readonly Statement[];
  readonly rightsWhen: readonly { readonly rights: readonly Statement[] }[];
} = parse(text, { logLevel: 'silent' });
const actionsOf = (statements: readonly Statement[]) => statements.flatMap(({ Action }) => Action).toSorted();

it('B6.11 the role grants what stands beside the verbs that it uses, no more and no less', () => {
  expect(actionsOf(own.rights)).toEqual(rights);
});

it('B6.11 stopping is granted only where the settings stop', () => {
  expect(actionsOf(own.rightsWhen.flatMap((each) => each.rights))).toEqual([...stopRights]);
});

it('names a resource for whatever is not reading, but for the Tagging API, which knows none', () => {
  const wide = own.rights.filter(({ Resource }) => Resource === '*');

  for (const action of actionsOf(wide)) expect(action).toMatch(/:(Describe|Get|List)|^tag:/);
});
