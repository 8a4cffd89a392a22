import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { organizationRights, penaltyRights, rights } from '../../../functions/enforce-tags/policy.ts';
import { QUARANTINE_TAG } from '../../../shared/aws/ec2/quarantine.ts';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

const text = readFileSync(new URL('../../../functions/enforce-tags/function.yml', import.meta.url), 'utf8');
const own: {
  readonly rights: readonly Statement[];
  readonly rightsWhen: readonly {
    readonly setting: string;
    readonly is: string | boolean;
    readonly rights: readonly Statement[];
  }[];
} = parse(text, { logLevel: 'silent' });
const actionsOf = (statements: readonly Statement[]) => statements.flatMap(({ Action }) => Action).toSorted();

it('B6.11 the role grants what stands beside the verbs that it uses, no more and no less', () => {
  expect(actionsOf(own.rights)).toEqual(rights);
});

it.each(Object.entries(penaltyRights))(
  'B6.11 what %s needs is granted only where the settings ask for it',
  (is, needed) => {
    const asked = own.rightsWhen.filter((each) => each.setting === 'onDeadline' && each.is === is);
    const granted = actionsOf(asked.flatMap((each) => each.rights));

    expect([...new Set(granted)]).toEqual(needed);
  },
);

it('B6.11 B2.20 the organisation is asked only where the settings ask for it', () => {
  const asked = own.rightsWhen.filter(({ setting }) => setting === 'organizationPolicy');

  expect(asked).toMatchObject([{ is: true }]);
  expect(actionsOf(asked.flatMap((each) => each.rights))).toEqual(organizationRights);
});

it('B6.11 quarantine may give interfaces no group but those that are marked for it', () => {
  const statements = own.rightsWhen.flatMap((each) => each.rights);
  const onGroups = statements.filter(({ Resource }) => JSON.stringify(Resource).includes('security-group'));

  expect(onGroups).toMatchObject([
    { Condition: { Null: { [`aws:ResourceTag/${QUARANTINE_TAG}`]: 'false' } } },
  ]);
});

it('names a resource for whatever is not reading, but for the Tagging API, which knows none', () => {
  const wide = own.rights.filter(({ Resource }) => Resource === '*');

  for (const action of actionsOf(wide)) expect(action).toMatch(/:(Describe|Get|List)|^tag:/);
});
