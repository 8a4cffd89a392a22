import { describe, expect, it } from 'vitest';
import { type PolicyKind, parsePolicy } from '../../../sandbox/iam/document.ts';
import { evaluate, type Policies, type PolicyRequest } from '../../../sandbox/iam/evaluate.ts';

/** A policy variable. */
const v = (name: string) => `\${${name}}`;

const HOME = '111122223333';
const OTHER = '444455556666';
const ANA = `arn:aws:iam::${HOME}:user/ana`;
const QUEUE = `arn:aws:sqs:eu-west-1:${HOME}:jobs`;

type Line = Record<string, unknown>;
const policy = (kind: PolicyKind, ...statements: Line[]) =>
  parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), kind);
const allow = (Action: unknown = 'sqs:*', Resource: unknown = '*', more: Line = {}): Line => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const deny = (Action: unknown = 'sqs:*', Resource: unknown = '*', more: Line = {}): Line => ({
  ...allow(Action, Resource, more),
  Effect: 'Deny',
});
const identity = (...statements: Line[]): Policies => ({ identity: [policy('identity', ...statements)] });

const request = (change: Partial<PolicyRequest> = {}): PolicyRequest => ({
  principal: { type: 'IAMUser', arn: ANA, account: HOME },
  action: 'sqs:SendMessage',
  resource: QUEUE,
  resourceAccount: HOME,
  context: new Map(),
  ...change,
});
const session = {
  type: 'AssumedRole',
  arn: `arn:aws:sts::${HOME}:assumed-role/worker/one`,
  roleArn: `arn:aws:iam::${HOME}:role/jobs/worker`,
  account: HOME,
} as const;
const foreigner = { type: 'IAMUser', arn: `arn:aws:iam::${OTHER}:user/eve`, account: OTHER } as const;
const service = { type: 'AWSService', arn: 'events.amazonaws.com', account: HOME } as const;
const named = (principal: unknown, more: Line = {}) =>
  policy('resource', allow('sqs:SendMessage', QUEUE, { Principal: principal, ...more }));

describe('identity policies', () => {
  it.each<{ when: string; statements: Line[]; decision: string; change?: Partial<PolicyRequest> }>([
    { when: 'nothing said', statements: [allow('sns:*')], decision: 'implicit-deny' },
    { when: 'the action allowed', statements: [allow('sqs:SendMessage', QUEUE)], decision: 'allowed' },
    { when: 'the action in other letters', statements: [allow('SQS:sendmessage')], decision: 'allowed' },
    { when: 'a wildcard in the action', statements: [allow('sqs:Send*')], decision: 'allowed' },
    { when: 'a question mark too short', statements: [allow('sqs:SendMessag??')], decision: 'implicit-deny' },
    { when: 'a question mark that fits', statements: [allow('sqs:SendMessag?')], decision: 'allowed' },
    {
      when: 'NotAction with it',
      statements: [allow(undefined, '*', { Action: undefined, NotAction: 'sqs:*' })],
      decision: 'implicit-deny',
    },
    {
      when: 'NotAction without it',
      statements: [allow(undefined, '*', { Action: undefined, NotAction: ['iam:*'] })],
      decision: 'allowed',
    },
    { when: 'another resource', statements: [allow('sqs:*', `${QUEUE}-dlq`)], decision: 'implicit-deny' },
    {
      when: 'a resource in other letters',
      statements: [allow('sqs:*', QUEUE.replace('jobs', 'Jobs'))],
      decision: 'implicit-deny',
    },
    {
      when: 'NotResource with it',
      statements: [allow('sqs:*', undefined, { Resource: undefined, NotResource: QUEUE })],
      decision: 'implicit-deny',
    },
    {
      when: 'NotResource without it',
      statements: [allow('sqs:*', undefined, { Resource: undefined, NotResource: `${QUEUE}-dlq` })],
      decision: 'allowed',
    },
    {
      when: 'an ARN where the action knows no resource',
      statements: [allow('sqs:*', 'arn:aws:sqs:*:*:*')],
      decision: 'implicit-deny',
      change: { resource: '*' },
    },
    {
      when: 'an explicit deny beside the allow',
      statements: [allow(), deny('sqs:SendMessage')],
      decision: 'explicit-deny',
    },
    { when: 'a deny of something else', statements: [allow(), deny('sqs:DeleteQueue')], decision: 'allowed' },
    {
      when: 'a dot in a pattern',
      statements: [allow('sqs:*', QUEUE.replace('-', '.').replace('eu.', 'eu?'))],
      decision: 'allowed',
    },
  ])('$when is $decision', ({ statements, decision, change }) => {
    expect(evaluate(identity(...statements), request(change)).decision).toBe(decision);
  });

  it('a variable stands for its value, literally', () => {
    const own = identity(allow('sqs:*', `arn:aws:sqs:*:${HOME}:${v('aws:username')}`));
    const as = (name: string, resource: string) =>
      evaluate(own, request({ resource, context: new Map([['aws:username', [name]]]) })).decision;
    expect(as('jobs', QUEUE)).toBe('allowed');
    expect(as('*', QUEUE)).toBe('implicit-deny');
    expect(evaluate(own, request()).decision).toBe('implicit-deny');
  });

  it('a variable may have a default and may stand for a wildcard sign', () => {
    const withDefault = identity(allow('sqs:*', `arn:aws:sqs:*:*:${v("aws:PrincipalTag/team, 'jobs'")}`));
    expect(evaluate(withDefault, request()).decision).toBe('allowed');
    const sign = identity(allow('sqs:*', `arn:aws:sqs:*:*:${v('*')}`));
    expect(evaluate(sign, request()).decision).toBe('implicit-deny');
    expect(evaluate(sign, request({ resource: QUEUE.replace('jobs', '*') })).decision).toBe('allowed');
  });

  it('the older policy version knows no variables', () => {
    const old = parsePolicy(
      JSON.stringify({ Statement: allow('sqs:*', `arn:aws:sqs:*:*:${v('aws:username')}`) }),
      'identity',
    );
    const context = new Map([['aws:username', ['jobs']]]);
    expect(evaluate({ identity: [old] }, request({ context })).decision).toBe('implicit-deny');
    const Condition = { StringEquals: { 'x:k': v('aws:username') } };
    const conditional = parsePolicy(
      JSON.stringify({ Statement: allow('sqs:*', '*', { Condition }) }),
      'identity',
    );
    const given = (value: string) => new Map([...context, ['x:k', [value]]]);
    expect(evaluate({ identity: [conditional] }, request({ context: given('jobs') })).decision).toBe(
      'implicit-deny',
    );
    const literal = given(v('aws:username'));
    expect(evaluate({ identity: [conditional] }, request({ context: literal })).decision).toBe('allowed');
  });
});

describe('the limits around identity policies', () => {
  const all = policy('identity', allow('*'));
  it.each<{ when: string; policies: Policies; decision: string; kind: string }>([
    {
      when: 'an SCP that denies',
      policies: { identity: [all], scp: [policy('scp', allow('*')), policy('scp', deny())] },
      decision: 'explicit-deny',
      kind: 'scp',
    },
    {
      when: 'only denying SCPs elsewhere',
      policies: { identity: [all], scp: [policy('scp', deny('ec2:*'))] },
      decision: 'allowed',
      kind: 'identity',
    },
    {
      when: 'one of two SCP levels silent',
      policies: { identity: [all], scp: [policy('scp', allow('*')), policy('scp', allow('ec2:*'))] },
      decision: 'implicit-deny',
      kind: 'scp',
    },
    {
      when: 'a boundary without it',
      policies: { identity: [all], boundary: policy('boundary', allow('ec2:*')) },
      decision: 'implicit-deny',
      kind: 'boundary',
    },
    {
      when: 'a boundary alone',
      policies: { identity: [], boundary: policy('boundary', allow('*')) },
      decision: 'implicit-deny',
      kind: 'identity',
    },
    {
      when: 'a boundary that denies',
      policies: { identity: [all], boundary: policy('boundary', allow('*'), deny()) },
      decision: 'explicit-deny',
      kind: 'boundary',
    },
    {
      when: 'session policies without it',
      policies: { identity: [all], session: [policy('session', allow('ec2:*'))] },
      decision: 'implicit-deny',
      kind: 'session',
    },
    {
      when: 'session policies alone',
      policies: { identity: [], session: [policy('session', allow('*'))] },
      decision: 'implicit-deny',
      kind: 'identity',
    },
    {
      when: 'session policies that deny',
      policies: { identity: [all], session: [policy('session', allow('*'), deny())] },
      decision: 'explicit-deny',
      kind: 'session',
    },
    {
      when: 'one session policy of two with it',
      policies: { identity: [all], session: [policy('session', allow('ec2:*')), policy('session', allow())] },
      decision: 'allowed',
      kind: 'identity',
    },
  ])('$when: $decision by $kind', ({ policies, decision, kind }) => {
    expect(evaluate(policies, request())).toMatchObject({ decision, by: { kind } });
  });

  it('says which statement denied', () => {
    const judgement = evaluate(identity(allow(), deny('sqs:*', '*', { Sid: 'NoQueues' })), request());
    expect(judgement).toEqual({ decision: 'explicit-deny', by: { kind: 'identity', sid: 'NoQueues' } });
  });
});

describe('resource policies', () => {
  const all = policy('identity', allow('*'));
  const none = policy('boundary', allow('ec2:*'));
  const roleBound: Policies = { identity: [], boundary: none, session: [policy('session', allow('ec2:*'))] };
  it.each<{
    when: string;
    policies: Policies;
    change?: Partial<PolicyRequest>;
    decision: string;
    kind: string;
  }>([
    {
      when: 'the user is named in his own account',
      policies: { identity: [], resource: named({ AWS: ANA }) },
      decision: 'allowed',
      kind: 'resource',
    },
    {
      when: 'the user is named, whatever his boundary',
      policies: { identity: [], boundary: none, resource: named({ AWS: ANA }) },
      decision: 'allowed',
      kind: 'resource',
    },
    {
      when: 'only his account is named',
      policies: { identity: [], resource: named({ AWS: HOME }) },
      decision: 'implicit-deny',
      kind: 'identity',
    },
    {
      when: 'everyone is named',
      policies: { identity: [], resource: named('*') },
      decision: 'allowed',
      kind: 'resource',
    },
    {
      when: 'everyone is named but the boundary is narrow',
      policies: { identity: [], boundary: none, resource: named('*') },
      decision: 'implicit-deny',
      kind: 'boundary',
    },
    {
      when: 'the role is named',
      policies: { identity: [], resource: named({ AWS: session.roleArn }) },
      change: { principal: session },
      decision: 'allowed',
      kind: 'resource',
    },
    {
      when: 'the role is named but the session is narrow',
      policies: { ...roleBound, resource: named({ AWS: session.roleArn }) },
      change: { principal: session },
      decision: 'implicit-deny',
      kind: 'boundary',
    },
    {
      when: 'the session itself is named',
      policies: { ...roleBound, resource: named({ AWS: session.arn }) },
      change: { principal: session },
      decision: 'allowed',
      kind: 'resource',
    },
    {
      when: 'the resource denies',
      policies: { identity: [all], resource: policy('resource', deny('sqs:*', QUEUE, { Principal: '*' })) },
      decision: 'explicit-deny',
      kind: 'resource',
    },
    {
      when: 'NotPrincipal spares the user',
      policies: {
        identity: [all],
        resource: policy('resource', deny('sqs:*', QUEUE, { NotPrincipal: { AWS: [ANA, HOME] } })),
      },
      decision: 'allowed',
      kind: 'identity',
    },
    {
      when: 'NotPrincipal spares others only',
      policies: {
        identity: [all],
        resource: policy('resource', deny('sqs:*', QUEUE, { NotPrincipal: { AWS: foreigner.arn } })),
      },
      decision: 'explicit-deny',
      kind: 'resource',
    },
    {
      when: 'a stranger whom only his account allows',
      policies: { identity: [all] },
      change: { principal: foreigner },
      decision: 'implicit-deny',
      kind: 'resource',
    },
    {
      when: 'a stranger whom only the resource allows',
      policies: { identity: [], resource: named({ AWS: foreigner.arn }) },
      change: { principal: foreigner },
      decision: 'implicit-deny',
      kind: 'identity',
    },
    {
      when: 'a stranger whom both sides allow',
      policies: { identity: [all], resource: named({ AWS: `arn:aws:iam::${OTHER}:root` }) },
      change: { principal: foreigner },
      decision: 'allowed',
      kind: 'identity',
    },
    {
      when: 'a service that is named',
      policies: { identity: [], resource: named({ Service: 'events.amazonaws.com' }) },
      change: { principal: service },
      decision: 'allowed',
      kind: 'resource',
    },
    {
      when: 'a service that is not named',
      policies: { identity: [], resource: named({ Service: 'sns.amazonaws.com' }) },
      change: { principal: service },
      decision: 'implicit-deny',
      kind: 'resource',
    },
    {
      when: 'a service and no policy',
      policies: { identity: [] },
      change: { principal: service },
      decision: 'implicit-deny',
      kind: 'resource',
    },
  ])('$when: $decision by $kind', ({ policies, change, decision, kind }) => {
    expect(evaluate(policies, request(change))).toMatchObject({ decision, by: { kind } });
  });

  it('B6.13 a service is held to the source that it acts for', () => {
    const rule = 'arn:aws:events:eu-west-1:111122223333:rule/open-ssh';
    const Condition = { ArnEquals: { 'aws:SourceArn': rule }, StringEquals: { 'aws:SourceAccount': HOME } };
    const resource = named({ Service: 'events.amazonaws.com' }, { Condition });
    const from = (arn: string, account = HOME) => {
      const context = new Map([
        ['aws:sourcearn', [arn]],
        ['aws:sourceaccount', [account]],
      ]);
      return evaluate({ identity: [], resource }, request({ principal: service, context })).decision;
    };
    expect(from(rule)).toBe('allowed');
    expect(from(`${rule}-of-others`)).toBe('implicit-deny');
    expect(from(rule, OTHER)).toBe('implicit-deny');
  });

  it('assuming a role always needs the trust of the role', () => {
    const trust = (principal: unknown) =>
      policy('trust', { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: principal });
    const assume = { action: 'sts:AssumeRole', resource: session.roleArn, resourceMustAllow: true };
    const decision = (identities: Policies['identity'], principal: unknown) =>
      evaluate({ identity: identities, resource: trust(principal) }, request(assume)).decision;
    expect(decision([all], { AWS: OTHER })).toBe('implicit-deny');
    expect(decision([all], { AWS: HOME })).toBe('allowed');
    expect(decision([], { AWS: HOME })).toBe('implicit-deny');
    expect(decision([], { AWS: ANA })).toBe('allowed');
  });
});
