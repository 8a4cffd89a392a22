import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { ListBucketsCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policyNames } from '../../cli/policies.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { QUIET, seedMeasures } from '../../sandbox/services/ec2/instances/measures.ts';
import { seedInstances } from '../../sandbox/services/ec2/instances/seed.ts';
import { seedBucket, seedObjects } from '../../sandbox/services/s3/seed.ts';
import { pointedAtSandbox, reeve } from './run.ts';

const DAY = 86_400_000;

let sandbox: Sandbox;
let restore: () => Promise<void>;
let folder: string;
/** What each policy has to find, by its name. */
const wanted = new Map<string, string>();

// One account with one thing out of order for every policy; nothing here changes it.
beforeAll(async () => {
  ({ sandbox, restore } = await pointedAtSandbox({ now: new Date(), clock: 'running' }));
  folder = mkdtempSync(join(tmpdir(), 'reeve-policies-'));
  const { world, account, region } = sandbox;
  const place = { world, partition: 'aws', account, region };
  const ago = (days: number) => new Date(world.clock.now() - days * DAY);
  const [idle = ''] = seedInstances(place, 1, { instanceType: 'm5.large', launchTime: ago(60) });
  seedMeasures(place, idle, QUIET, { from: ago(20) });
  seedBucket(world, { name: 'attic', account, region, createdAt: ago(900) });
  seedObjects(world, 'attic', 3, { at: ago(800) });
  const ec2 = new EC2Client(sandbox.clientConfig());
  const { SecurityGroups: [group] = [] } = await ec2.send(new DescribeSecurityGroupsCommand({}));
  const IpPermissions = [
    { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
  ];
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: group?.GroupId, IpPermissions }));
  wanted.set('stop-idle-instances', idle);
  wanted.set('enforce-tags', idle);
  wanted.set('delete-stale-buckets', 'attic');
  wanted.set('revoke-open-ssh', group?.GroupId ?? '');
});
afterAll(async () => {
  await restore();
  rmSync(folder, { recursive: true });
});

interface Finding {
  readonly policy: string;
  readonly resource: string;
  readonly verdict: string;
}

describe.each(policyNames())('reeve sweep %s', (name) => {
  it('finds what is out of order, as a table, as JSON and as CSV, and changes nothing', async () => {
    const before = sandbox.world.calls.length;
    const table = await reeve(['sweep', name]);
    const json = await reeve(['sweep', name, '--format', 'json']);
    const csv = await reeve(['sweep', name, '--format', 'csv']);
    const resource = wanted.get(name) ?? '';

    expect([table.code, json.code, csv.code]).toEqual([1, 1, 1]);
    expect(table.out).toContain(resource.slice(0, 19));
    const findings: readonly Finding[] = JSON.parse(json.out);
    expect(findings).toContainEqual(
      expect.objectContaining({ policy: name, resource, verdict: 'violation' }),
    );
    expect(csv.out).toContain(`"${resource}"`);
    const writes = sandbox.world.calls
      .slice(before)
      .filter(({ operation }) => !/^(Describe|Get|List|Lookup)/.test(operation));
    expect(writes).toEqual([]);
  });
});

it('reeve sweep --all finds it all in one go', async () => {
  const { code, out } = await reeve(['sweep', '--all', '--format', 'json']);
  const findings: readonly Finding[] = JSON.parse(out);

  expect(code).toBe(1);
  for (const [policy, resource] of wanted) {
    expect(findings).toContainEqual(expect.objectContaining({ policy, resource, verdict: 'violation' }));
  }
});

it.each([
  { name: 'stop-idle-instances', verdict: 'unknown', code: 3 },
  { name: 'enforce-tags', verdict: 'violation', code: 1 },
  { name: 'delete-stale-buckets', verdict: 'unknown', code: 3 },
])('reeve check $name judges a saved answer: $verdict', async ({ name, verdict, code }) => {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(name === 'delete-stale-buckets' ? await buckets() : await instances()));
  const said = await reeve(['check', name, '--from', file, '--format', 'json']);
  const findings: readonly Finding[] = JSON.parse(said.out);

  expect(findings).toContainEqual(expect.objectContaining({ resource: wanted.get(name), verdict }));
  expect(said.code).toBe(code);
});

async function instances(): Promise<object> {
  const { Reservations } = await new EC2Client(sandbox.clientConfig()).send(new DescribeInstancesCommand({}));
  return { Reservations };
}

async function buckets(): Promise<object> {
  const s3 = new S3Client(sandbox.clientConfig());
  const { Buckets } = await s3.send(new ListBucketsCommand({}));
  const { Versions } = await s3.send(new ListObjectVersionsCommand({ Bucket: 'attic' }));
  return { Buckets, Versions, Uploads: null, TagSet: null };
}
