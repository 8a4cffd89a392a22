import { beforeEach, describe, expect, it } from 'vitest';
import type { Principal } from '../../../sandbox/core/principal.ts';
import type { Call, Demand } from '../../../sandbox/core/service.ts';
import { authorize, trusts } from '../../../sandbox/iam/authorize.ts';
import { setResourcePolicy } from '../../../sandbox/iam/resource-policies.ts';
import { servicePrincipal } from '../../../sandbox/iam/service-principal.ts';
import { createSandbox, type Sandbox } from '../../../sandbox/sandbox.ts';
import {
  iamOf,
  principalOfSession,
  principalOfUser,
  seedRole,
  seedUser,
} from '../../../sandbox/services/iam/store.ts';

const HOME = '111122223333';
const OTHER = '444455556666';
const QUEUE = `arn:aws:sqs:eu-west-1:${HOME}:jobs`;
const GROUP = `arn:aws:ec2:eu-west-1:${HOME}:security-group/sg-1`;
const policy = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
const allow = (Action: string, Resource = '*', more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const trust = (Principal: object | string, more: object = {}) =>
  policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal, ...more });

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = createSandbox();
  sandbox.world.addAccount({ id: OTHER });
});

const worker = (
  policies: Record<string, object>,
  more: Partial<Parameters<typeof seedRole>[2]> = {},
): Principal => {
  const role = seedRole(sandbox.world, HOME, {
    name: 'worker',
    path: '/reeve/',
    trust: trust({ Service: 'lambda.amazonaws.com' }),
    policies,
    ...more,
  });
  return { ...principalOfSession(HOME, role, 'run'), accessKeyId: 'ASIA' };
};
const callOf = (
  principal: Principal,
  service = 'sqs',
  operation = 'SendMessage',
  more: Partial<Call> = {},
): Call => ({
  ...{
    world: sandbox.world,
    account: HOME,
    region: 'eu-west-1',
    partition: 'aws',
    principal,
    service,
    operation,
  },
  ...{
    requestId: 'r',
    now: new Date(sandbox.world.clock.now()),
    sourceIp: '198.51.100.7',
    userAgent: 'aws-cli/2',
  },
  ...more,
});
const send: Demand = { action: 'sqs:SendMessage', resources: [QUEUE] };
const ask = (principal: Principal, demands: readonly Demand[] = [send], call = callOf(principal)) =>
  authorize(sandbox.world, call, demands);

describe('refusals in words and codes of each service', () => {
  it.each<
    [service: string, operation: string, demand: Demand, code: string, status: number, message: RegExp]
  >([
    [
      'ec2',
      'DescribeSecurityGroups',
      { action: 'ec2:DescribeSecurityGroups', resources: ['*'] },
      'UnauthorizedOperation',
      403,
      /^You are not authorized to perform this operation\. User: arn:aws:sts::111122223333:assumed-role\/worker\/run is not authorized to perform: ec2:DescribeSecurityGroups because no identity-based policy allows the ec2:DescribeSecurityGroups action$/,
    ],
    [
      'ec2',
      'RevokeSecurityGroupIngress',
      { action: 'ec2:RevokeSecurityGroupIngress', resources: [GROUP] },
      'UnauthorizedOperation',
      403,
      /on resource: arn:aws:ec2:eu-west-1:111122223333:security-group\/sg-1 because .* action\. Encoded authorization failure message: \w+$/,
    ],
    [
      'sns',
      'Publish',
      { action: 'sns:Publish', resources: ['arn:aws:sns:eu-west-1:111122223333:t'] },
      'AuthorizationError',
      403,
      /perform: SNS:Publish on resource: .* allows the SNS:Publish action$/,
    ],
    ['sqs', 'SendMessage', send, 'AccessDenied', 403, /perform: sqs:sendmessage on resource/],
    [
      'dynamodb',
      'PutItem',
      { action: 'dynamodb:PutItem', resources: ['arn:aws:dynamodb:eu-west-1:111122223333:table/j'] },
      'AccessDeniedException',
      400,
      /dynamodb:PutItem/,
    ],
    [
      'ssm',
      'GetParameter',
      { action: 'ssm:GetParameter', resources: ['arn:aws:ssm:eu-west-1:111122223333:parameter/x'] },
      'AccessDeniedException',
      400,
      /ssm:GetParameter/,
    ],
    [
      'lambda',
      'Invoke',
      { action: 'lambda:InvokeFunction', resources: ['arn:aws:lambda:eu-west-1:111122223333:function:f'] },
      'AccessDeniedException',
      403,
      /lambda:InvokeFunction/,
    ],
    [
      'sts',
      'AssumeRole',
      { action: 'sts:AssumeRole', resources: [`arn:aws:iam::${OTHER}:role/r`] },
      'AccessDenied',
      403,
      /sts:AssumeRole/,
    ],
  ])('%s %s', (service, operation, demand, code, status, message) => {
    const principal = worker({});
    expect(() => ask(principal, [demand], callOf(principal, service, operation))).toThrow(
      expect.objectContaining({ code, status, message: expect.stringMatching(message) }),
    );
  });

  it('the kind of policy that refused is named', () => {
    const all = { all: policy(allow('*')) };
    const narrow = JSON.stringify(policy(allow('ec2:*')));
    expect(() => ask({ ...worker(all), sessionPolicies: [narrow] })).toThrow(
      /because no session policy allows/,
    );
    expect(() => ask(worker({ all: policy(allow('*'), { ...allow('*'), Effect: 'Deny' }) }))).toThrow(
      /with an explicit deny in an identity-based policy$/,
    );
    setResourcePolicy(
      sandbox.world,
      QUEUE,
      JSON.stringify(policy({ ...allow('*', QUEUE), Effect: 'Deny', Principal: '*' })),
    );
    expect(() => ask(worker(all))).toThrow(/with an explicit deny in a resource-based policy$/);
  });

  it('a boundary that does not exist any more allows nothing', () => {
    const boundary = `arn:aws:iam::${HOME}:policy/gone`;
    expect(() => ask(worker({ all: policy(allow('*')) }, { boundary }))).toThrow(
      /no permissions boundary allows/,
    );
  });
});

describe('the context of a request', () => {
  it.each<[key: string, value: string, service?: boolean]>([
    ['aws:PrincipalArn', `arn:aws:iam::${HOME}:role/reeve/worker`],
    ['aws:PrincipalAccount', HOME],
    ['aws:PrincipalType', 'AssumedRole'],
    ['aws:PrincipalTag/team', 'ops'],
    ['aws:RequestedRegion', 'eu-west-1'],
    ['aws:ResourceAccount', HOME],
    ['aws:SourceIp', '198.51.100.0/24'],
    ['aws:SecureTransport', 'true'],
    ['aws:UserAgent', 'aws-cli/*'],
    ['aws:PrincipalIsAWSService', 'false'],
  ])('B6.12 %s is known', (key, value) => {
    const operator = key.endsWith('SourceIp') ? 'IpAddress' : 'StringLike';
    const tags = { team: 'ops' };
    const granted = (wanted: string) =>
      ask(
        worker(
          { may: policy(allow('sqs:*', '*', { Condition: { [operator]: { [key]: wanted } } })) },
          { tags },
        ),
      );
    expect(() => granted(value)).not.toThrow();
    expect(() => granted(operator === 'IpAddress' ? '192.0.2.1' : 'something else')).toThrow(
      /not authorized/,
    );
  });

  it('keys of the service itself come with the demand', () => {
    const Condition = { StringEquals: { 'ec2:Region': 'eu-west-1', 'aws:ResourceTag/team': 'ops' } };
    const principal = worker({ may: policy(allow('ec2:*', '*', { Condition })) });
    const demand = (team: string): Demand => ({
      action: 'ec2:RevokeSecurityGroupIngress',
      resources: [GROUP],
      context: { 'ec2:Region': ['eu-west-1'], 'aws:ResourceTag/team': [team] },
    });
    expect(() => ask(principal, [demand('ops')])).not.toThrow();
    expect(() => ask(principal, [demand('dev')])).toThrow(/not authorized/);
  });
});

it('every demand and every resource of a demand has to be allowed', () => {
  const principal = worker({ may: policy(allow('sqs:SendMessage', QUEUE)) });
  expect(() => ask(principal, [{ ...send, resources: [QUEUE, `${QUEUE}-2`] }])).toThrow(/jobs-2/);
  expect(() => ask(principal, [send, { action: 'sqs:DeleteMessage', resources: [QUEUE] }])).toThrow(
    /deletemessage/,
  );
});

it('B6.11 used grants are noted for the role, whatever the session, and refusals are not', () => {
  const principal = worker({ may: policy(allow('sqs:SendMessage', QUEUE)) });
  ask(principal);
  ask(principal);
  expect(() => ask(principal, [{ ...send, action: 'sqs:PurgeQueue' }])).toThrow();
  const used = sandbox.world.grantsUsed.get(`arn:aws:iam::${HOME}:role/reeve/worker`);
  expect([...(used ?? [])]).toEqual([['sqs:SendMessage', 2]]);
});

it('a role that was deleted may do nothing', () => {
  const principal = worker({ may: policy(allow('*')) });
  iamOf(sandbox.world, HOME).roles.delete('worker');
  expect(() => ask(principal)).toThrow(/no identity-based policy/);
});

it('B6.13 a stranger needs both his account and the resource', () => {
  const eve = seedUser(sandbox.world, OTHER, { name: 'eve', policies: { may: policy(allow('sqs:*')) } });
  const principal: Principal = { ...principalOfUser(OTHER, eve), accessKeyId: 'AKIA' };
  expect(() => ask(principal)).toThrow(/no resource-based policy allows/);
  setResourcePolicy(
    sandbox.world,
    QUEUE,
    JSON.stringify(policy(allow('sqs:*', QUEUE, { Principal: { AWS: OTHER } }))),
  );
  expect(() => ask(principal)).not.toThrow();
  eve.inline.clear();
  expect(() => ask(principal)).toThrow(/no identity-based policy allows/);
});

it('SCPs bind the role of their account, but not AWS services', () => {
  const principal = worker({ may: policy(allow('*')) });
  const source = `arn:aws:sns:eu-west-1:${HOME}:t`;
  setResourcePolicy(
    sandbox.world,
    QUEUE,
    JSON.stringify(policy(allow('sqs:*', QUEUE, { Principal: { Service: 'sns.amazonaws.com' } }))),
  );
  sandbox.world.accounts.get(HOME)?.scps.push(JSON.stringify(policy(allow('ec2:*'))));
  expect(() => ask(principal)).toThrow(/no service control policy allows/);
  expect(() => ask(servicePrincipal('sns', HOME, source))).not.toThrow();
});

describe('assuming roles', () => {
  const assume: Demand = { action: 'sts:AssumeRole', resources: [`arn:aws:iam::${HOME}:role/target`] };
  const target = (policyOfTrust: object) =>
    seedRole(sandbox.world, HOME, { name: 'target', trust: policyOfTrust });

  it('the refusal of the trust policy is named as such', () => {
    target(trust({ AWS: OTHER }));
    expect(() => ask(worker({ may: policy(allow('*')) }), [assume])).toThrow(
      /because no role trust policy allows/,
    );
  });

  it('B6.13 an external id is asked for', () => {
    target(trust({ AWS: HOME }, { Condition: { StringEquals: { 'sts:ExternalId': 'reeve-1' } } }));
    const principal = worker({ may: policy(allow('sts:*')) });
    const with_ = (id: string): Demand => ({ ...assume, context: { 'sts:ExternalId': [id] } });
    expect(() => ask(principal, [with_('reeve-1')])).not.toThrow();
    expect(() => ask(principal, [with_('another')])).toThrow(/role trust policy/);
    expect(() => ask(principal, [assume])).toThrow(/role trust policy/);
  });

  it('B6.13 a service is trusted by name and source', () => {
    const schedule = `arn:aws:scheduler:eu-west-1:${HOME}:schedule/default/sweep`;
    const role = target(
      trust(
        { Service: 'scheduler.amazonaws.com' },
        { Condition: { StringEquals: { 'aws:SourceAccount': HOME } } },
      ),
    );
    expect(trusts(sandbox.world, role, servicePrincipal('scheduler', HOME, schedule))).toBe(true);
    expect(
      trusts(sandbox.world, role, servicePrincipal('scheduler', OTHER, schedule.replace(HOME, OTHER))),
    ).toBe(false);
    expect(trusts(sandbox.world, role, servicePrincipal('lambda', HOME, schedule))).toBe(false);
    expect(
      trusts(sandbox.world, { arn: `${role.arn}-gone` }, servicePrincipal('scheduler', HOME, schedule)),
    ).toBe(false);
  });
});
