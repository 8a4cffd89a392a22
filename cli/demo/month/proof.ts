import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  GetBucketTaggingCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Sandbox } from '../../../sandbox/sandbox.ts';
import type { Terminal } from '../../terminal.ts';
import { FORGOTTEN, LIVELY, REFERENCED, REVIVED } from './buckets.ts';
import { MISTAGGED } from './story.ts';

/** Who has to run at the end of the month, on a Monday morning, and who not. */
const STATES: Readonly<Record<string, string>> = {
  'dev-1': 'running',
  'staging-2': 'stopped',
  reporting: 'stopped',
  nightly: 'running',
  'web-1': 'running',
  'api-1': 'running',
  payroll: 'running',
  'app-1': 'running',
  [MISTAGGED]: 'running',
};

/** One thing that has to be so, and what was read. */
interface Check {
  readonly what: string;
  readonly expected: string;
  readonly read: string;
}

/** Reads the account back by plain SDK clients; true when everything is as it has to be. Knows no judge of Reeve's. */
export async function proveMonth(sandbox: Sandbox, terminal: Terminal): Promise<boolean> {
  const checks = [...(await machines(sandbox)), ...(await buckets(sandbox))];
  const { colors, out } = terminal;
  for (const { what, expected, read } of checks) {
    const right = expected === read;
    const mark = right ? colors.green('✔') : colors.red('✘');
    out(`${mark} ${what.padEnd(30)} ${right ? read : `${read}, expected ${expected}`}`);
  }
  return checks.every(({ expected, read }) => expected === read);
}

async function machines(sandbox: Sandbox): Promise<readonly Check[]> {
  const ec2 = new EC2Client(sandbox.clientConfig({ user: 'ops' }));
  const { Reservations: reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
  const found = reservations.flatMap(({ Instances: instances = [] }) => instances);
  const named = (name: string) =>
    found.find(({ Tags = [] }) => Tags.some(({ Key, Value }) => Key === 'Name' && Value === name));
  const tags = Object.fromEntries(
    (named(MISTAGGED)?.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]),
  );
  const { Owner, CreatedBy, CostCenter } = tags;
  return [
    ...Object.entries(STATES).map(([name, expected]) => ({
      what: `machine ${name}`,
      expected,
      read: named(name)?.State?.Name ?? 'gone',
    })),
    {
      what: `tags of ${MISTAGGED}`,
      expected: 'Owner=ana CreatedBy=terraform CostCenter=4711',
      read: `Owner=${Owner} CreatedBy=${CreatedBy} CostCenter=${CostCenter}`,
    },
  ];
}

async function buckets(sandbox: Sandbox): Promise<readonly Check[]> {
  const s3 = new S3Client(sandbox.clientConfig({ user: 'ops' }));
  const { Buckets: list = [] } = await s3.send(new ListBucketsCommand({}));
  const there = new Set(list.map(({ Name }) => Name));
  const [audit, infra] = REFERENCED;
  const neighbours = [audit, infra, LIVELY, REVIVED];
  const counts = await Promise.all(
    neighbours.map(async (Bucket) => {
      if (!there.has(Bucket)) return 'gone';
      const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
      return `objects: ${Versions.length}`;
    }),
  );
  const whole = ['objects: 50', 'objects: 1', 'objects: 120', 'objects: 301'];
  const { TagSet = [] } = await s3.send(new GetBucketTaggingCommand({ Bucket: REVIVED }));
  const marks = TagSet.filter(({ Key = '' }) => Key.startsWith('reeve:'));
  return [
    { what: `bucket ${FORGOTTEN}`, expected: 'gone', read: there.has(FORGOTTEN) ? 'there' : 'gone' },
    ...neighbours.map((name, index) => ({
      what: `bucket ${name}`,
      expected: whole[index] ?? '',
      read: counts[index] ?? '',
    })),
    { what: `marks on ${REVIVED}`, expected: 'none', read: marks.length === 0 ? 'none' : `${marks.length}` },
  ];
}
