import { EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { logGroupArn, logGroups } from '../../../sandbox/services/cloudwatch-logs/state.ts';
import { seedInstances } from '../../../sandbox/services/ec2/instances/seed.ts';
import { ec2State } from '../../../sandbox/services/ec2/state.ts';
import { seedBucket, seededBucket } from '../../../sandbox/services/s3/seed.ts';
import type { Account } from '../stage/account.ts';
import type { Runtime } from '../stage/runtime.ts';
import type { Meddling, Scenario, Subject } from '../stage/scenario.ts';

const HOUR = 3_600_000;
const WRITES = /^(CreateTags|PutBucketTagging|TagResources?)$/;

function subject(
  id: string,
  due: Subject['due'],
  tagsNow: () => ReadonlyMap<string, string>,
  key: string,
): Subject {
  return {
    id,
    due,
    allows: ({ operation }) => WRITES.test(operation),
    isRemedied: () => tagsNow().has(key),
  };
}

/** A machine with these tags, which is to have an Environment. */
export function tagged(
  account: Account,
  due: Subject['due'],
  given: Readonly<Record<string, string>>,
): Subject {
  const wish = { tags: Object.entries(given).map(([Key, Value]) => ({ Key, Value })) };
  const [id = ''] = seedInstances(account.inside, 1, wish);
  return subject(id, due, () => tagsOf(account, id), 'Environment');
}

function tagsOf(account: Account, id: string): ReadonlyMap<string, string> {
  const tags = ec2State.of(account.inside).instances.newest.get(id)?.tags ?? [];
  return new Map(tags.map(({ Key, Value }) => [Key, Value]));
}

export const meddlings: readonly Meddling[] = [
  {
    name: 'gone',
    shownBy: /^Describe(Instances|Tags)$/,
    async meddle(account, [first]) {
      if (first === undefined) return;
      await account.as('ec2', 'TerminateInstances', { InstanceIds: [first.id] });
      first.due = 'leave';
    },
  },
  {
    name: 'changed',
    shownBy: /^Describe(Instances|Tags)$/,
    async meddle(account, [first]) {
      if (first === undefined) return;
      const Tags = ['Owner', 'Environment'].map((Key) => ({ Key, Value: 'carol' }));
      await account.as('ec2', 'CreateTags', { Resources: [first.id], Tags });
      first.due = 'leave';
    },
  },
];

/** Whoever exempts it asks for more than that one key is left as it is. */
const exempted: Meddling = {
  name: 'exempted',
  shownBy: /^Describe(Instances|Tags)$/,
  async meddle(account, [first]) {
    if (first === undefined) return;
    const Tags = [{ Key: 'reeve:exempt', Value: 'T-1 until 2026-12-01' }];
    await account.as('ec2', 'CreateTags', { Resources: [first.id], Tags });
    first.due = 'leave';
  },
};

const tags = {
  policy: 'enforce-tags',
  cap: 10,
  cadenceMs: HOUR,
  meddlings: [...meddlings, exempted],
} as const;

/** Somebody launches a machine without tags: it gets its grace, and then its owner. */
export const tagsEvent: Scenario = {
  ...tags,
  name: 'enforce-tags: an event and its grace',
  settings: `version: 1
policies:
  enforce-tags:
    mode: enforce
    types: [AWS::EC2::Instance]
    caps: { count: 10, percent: 100 }
    tags: [{ key: Owner, from: [creator] }]
`,
  async set(account) {
    const ec2 = new EC2Client({ ...account.sandbox.clientConfig({ user: 'ana' }), maxAttempts: 1 });
    const image = {
      ImageId: 'ami-0abcdef1234567890',
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
    } as const;
    const { Instances = [] } = await ec2.send(new RunInstancesCommand(image));
    const id = Instances[0]?.InstanceId ?? '';
    return [subject(id, 'remedy', () => tagsOf(account, id), 'Owner')];
  },
  play: (runtime) => runtime.pass(HOUR),
};

async function sweepOnce(runtime: Runtime): Promise<void> {
  runtime.sweep('enforce-tags');
  await runtime.pass(HOUR);
}

/** Log groups, whose tags are written by one call for all of them, which may do some and not others. */
export const tagsInPart: Scenario = {
  ...tags,
  name: 'enforce-tags: many in one call',
  settings: `version: 1
policies:
  enforce-tags:
    mode: enforce
    types: [AWS::Logs::LogGroup]
    graceMinutes: 0
    caps: { count: 10, percent: 100 }
    tags: [{ key: Environment, values: [dev, prod], default: dev }]
`,
  meddlings: [],
  async set(account) {
    const group = async (
      logGroupName: string,
      due: Subject['due'],
      given: Readonly<Record<string, string>>,
    ) => {
      await account.as('cloudwatch-logs', 'CreateLogGroup', { logGroupName, tags: given });
      const arn = logGroupArn(account.place, logGroupName);
      const tagsNow = () => logGroups.of(account.inside).get(logGroupName)?.tags ?? new Map();
      return { ...subject(arn, due, tagsNow, 'Environment'), says: /Environment is missing/ };
    };
    return [
      await group('api', 'remedy', {}),
      await group('batch', 'remedy', { team: 'a' }),
      await group('cron', 'remedy', {}),
      await group('data', 'remedy', { team: 'b' }),
      await group('edge', 'leave', { Environment: 'prod' }),
      await group('flow', 'leave', { 'reeve:exempt': 'T-1 until 2026-12-01' }),
    ];
  },
  // When a log group was made does not count: what is wrong with it has to have been seen for a while.
  async play(runtime) {
    for (let sweeps = 0; sweeps < 2; sweeps++) await sweepOnce(runtime);
  },
  // Where nothing could be noted for all that time, it is seen for the first time now.
  recover: sweepOnce,
};

/** Machines and buckets without the tags that they should have. */
export const tagsSweep: Scenario = {
  ...tags,
  name: 'enforce-tags: a sweep',
  settings: `version: 1
policies:
  enforce-tags:
    mode: enforce
    types: [AWS::EC2::Instance, AWS::S3::Bucket]
    caps: { count: 10, percent: 100 }
    protect: { tags: [keep] }
    tags: [{ key: Environment, values: [dev, prod], default: dev }, { key: Team, required: false, values: [a] }]
`,
  async set(account) {
    const machine = (due: Subject['due'], given: Readonly<Record<string, string>>) =>
      tagged(account, due, given);
    const bucket = (name: string, due: Subject['due'], given: Readonly<Record<string, string>>) => {
      const createdAt = new Date(account.now().getTime() - 100 * 24 * HOUR);
      const { account: owner, region } = account.place;
      seedBucket(account.world, { name, account: owner, region, createdAt, tags: given });
      return subject(name, due, () => seededBucket(account.world, name).tags, 'Environment');
    };
    const odd = machine('tell', { Environment: 'dev', Team: 'b' });
    return [
      machine('remedy', { Name: 'web' }),
      machine('leave', { Environment: 'prod' }),
      machine('leave', { keep: 'yes' }),
      { ...odd, says: /Team \("b"\) is none of a/ },
      bucket('bare-bucket', 'remedy', {}),
      bucket('a-tagged-bucket', 'remedy', { cost: '1', 'aws:cloudformation:stack-name': 's' }),
      bucket('good-bucket', 'leave', { Environment: 'dev' }),
    ];
  },
  async play(runtime) {
    runtime.sweep('enforce-tags');
    await runtime.pass(HOUR);
  },
};
