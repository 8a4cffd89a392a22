import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { reeve } from '../../cli/run.ts';
import { type Door, door, type Knock } from '../door.ts';
import { mutated, mutations } from '../mutation.ts';
import type { PolicyName } from '../workshop.ts';

const bucket = {
  Buckets: [{ Name: 'old-logs', CreationDate: '2021-01-01T00:00:00+00:00' }],
  Versions: [
    {
      Key: 'a',
      LastModified: '2022-01-01T00:00:00+00:00',
      IsLatest: true,
      Size: 5,
      StorageClass: 'STANDARD',
    },
  ],
  DeleteMarkers: [{ Key: 'b', LastModified: '2022-01-01T00:00:00+00:00', IsLatest: true }],
  Uploads: [{ Initiated: '2022-01-01T00:00:00+00:00' }],
  TagSet: [{ Key: 'Owner', Value: 'ana' }],
  Policy: '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*"}]}',
  Grants: [{ Grantee: { Type: 'CanonicalUser', ID: 'abc' }, Permission: 'FULL_CONTROL' }],
  Status: 'Enabled',
  Rules: [{ ID: 'r', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 1 } }],
};

const groups = {
  SecurityGroups: [
    {
      GroupId: 'sg-0a1b2c3d4e5f60718',
      GroupName: 'web',
      OwnerId: '111122223333',
      IpPermissions: [
        {
          IpProtocol: 'tcp',
          FromPort: 20,
          ToPort: 25,
          IpRanges: [{ CidrIp: '0.0.0.0/1' }, { CidrIp: '128.0.0.0/1', Description: 'half' }],
          Ipv6Ranges: [{ CidrIpv6: '::/0' }],
          PrefixListIds: [{ PrefixListId: 'pl-0a1b2c3d' }],
        },
      ],
      Tags: [{ Key: 'reeve:exempt', Value: 'SEC-1 until 2026-12-31' }],
    },
  ],
  SecurityGroupRules: [
    {
      SecurityGroupRuleId: 'sgr-1',
      GroupId: 'sg-0a1b2c3d4e5f60718',
      IsEgress: false,
      IpProtocol: 'tcp',
      FromPort: 22,
      ToPort: 22,
      CidrIpv4: '0.0.0.0/0',
      Tags: [],
    },
  ],
  PrefixLists: [{ PrefixListId: 'pl-0a1b2c3d', OwnerId: '111122223333', Entries: [{ Cidr: '0.0.0.0/0' }] }],
  NetworkInterfaces: [{ Groups: [{ GroupId: 'sg-0a1b2c3d4e5f60718' }] }],
};

const instances = {
  Reservations: [
    {
      OwnerId: '111122223333',
      RequesterId: null,
      Instances: [
        {
          InstanceId: 'i-0a1b2c3d4e5f60718',
          InstanceType: 'm5.large',
          State: { Code: 16, Name: 'running' },
          LaunchTime: '2026-09-01T08:00:00+00:00',
          Placement: { AvailabilityZone: 'eu-west-1a', Tenancy: 'default' },
          NetworkInterfaces: [
            { PrivateIpAddress: '10.0.0.9', Attachment: { AttachTime: '2026-09-01T08:00:00Z' } },
          ],
          Tags: [{ Key: 'Name', Value: 'build' }],
        },
      ],
    },
  ],
  StartTime: '2026-11-01T00:00:00Z',
  EndTime: '2026-11-15T00:00:00Z',
  MetricDataQueries: [
    {
      Id: 'm0',
      MetricStat: {
        Metric: {
          Namespace: 'AWS/EC2',
          MetricName: 'CPUUtilization',
          Dimensions: [{ Name: 'InstanceId', Value: 'i-0a1b2c3d4e5f60718' }],
        },
        Period: 300,
        Stat: 'Maximum',
      },
    },
  ],
  MetricDataResults: [
    { Id: 'm0', Timestamps: ['2026-11-02T00:00:00Z'], Values: [1], StatusCode: 'Complete' },
  ],
  InstanceTypes: [
    { InstanceType: 'm5.large', VCpuInfo: { DefaultVCpus: 2 }, InstanceStorageSupported: false },
  ],
  InstanceStatuses: [],
  AutoScalingGroups: [{ AutoScalingGroupName: 'web', Instances: [{ InstanceId: 'i-0a1b2c3d4e5f60718' }] }],
  TargetHealthDescriptions: [{ Target: { Id: 'i-1' }, TargetHealth: { State: 'healthy' } }],
  Sessions: [{ Target: 'i-0a1b2c3d4e5f60718', StartDate: '2026-11-02T00:00:00Z' }],
  ResourceTagMappingList: [
    { ResourceARN: 'arn:aws:sqs:eu-west-1:111122223333:q', Tags: [{ Key: 'a', Value: 'b' }] },
  ],
};

const ANSWERS: readonly (readonly [PolicyName, unknown])[] = [
  ['revoke-open-ssh', groups],
  ['stop-idle-instances', instances],
  ['enforce-tags', instances],
  ['delete-stale-buckets', bucket],
];

/** `reeve check` on answers of the AWS CLI that are none, or not quite. */
export function savedAnswers(): Door {
  const inputs = fc.record({
    answer: fc.constantFrom(...ANSWERS.keys()),
    mutations,
    torn: fc.nat({ max: 9 }),
  });
  return fileDoor('saved answers', inputs, ({ answer, mutations: changes, torn }) => {
    const [policy, saved] = ANSWERS[answer] ?? ['revoke-open-ssh', {}];
    return {
      words: (file) => ['check', policy, '--from', file, '--config', 'test/fuzz/reeve.yml'],
      text: jsonOf(mutated(saved, changes), torn),
    };
  });
}

/** `reeve tag-policy` on documents that are no tag policy of AWS Organizations. */
export function tagPolicies(): Door {
  const policy = {
    tags: {
      costcenter: {
        tag_key: { '@@assign': 'CostCenter', '@@operators_allowed_for_child_policies': ['@@none'] },
        tag_value: { '@@assign': ['4711', '47*'] },
        enforced_for: { '@@assign': ['ec2:instance', 's3:bucket'] },
      },
    },
  };
  const inputs = fc.record({ mutations, torn: fc.nat({ max: 9 }) });
  return fileDoor('tag policies', inputs, ({ mutations: changes, torn }) => ({
    words: (file) => ['tag-policy', file],
    text: jsonOf(mutated(policy, changes), torn),
  }));
}

/** A command that reads a file: it judges, or says in a line what is wrong with it and ends with 2. */
function fileDoor<T>(
  name: string,
  inputs: fc.Arbitrary<T>,
  command: (input: T) => { readonly words: (file: string) => readonly string[]; readonly text: string },
): Door {
  const file = join(mkdtempSync(join(tmpdir(), 'reeve-fuzz-')), 'given.json');
  return door(name, inputs, async (input): Promise<Knock> => {
    const { words, text } = command(input);
    writeFileSync(file, text);
    const { code, out, err } = await reeve(words(file));
    const lines = err.split('\n').map((line) => line.replace(file, 'given.json'));
    if (code === 2 && !lines.every((line) => line.startsWith('reeve: given.json: '))) {
      throw new Error(`refused without saying where: ${err}`);
    }
    if (code === 3 && !/\d+ judged:/.test(err)) throw new Error(`it broke off: ${err}`);
    if (code === 2 && out !== '') throw new Error('refused, and answered all the same');
    return { lines: lines.filter((line) => line !== ''), acted: [], work: lines.length, mostWork: 20 };
  });
}

function jsonOf(value: unknown, torn: number): string {
  try {
    const text = JSON.stringify(value) ?? '';
    return torn === 0 ? text.slice(0, text.length / 2) : text;
  } catch (error) {
    if (error instanceof RangeError) return '['.repeat(100_000) + ']'.repeat(100_000);
    throw error;
  }
}
