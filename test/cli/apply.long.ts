import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readPlan } from '../../cli/plan/document.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { QUIET, seedMeasures } from '../../sandbox/services/ec2/instances/measures.ts';
import { seedInstances } from '../../sandbox/services/ec2/instances/seed.ts';
import { seedBucket, seedObjects } from '../../sandbox/services/s3/seed.ts';
import { pointedAtSandbox, reeve } from './run.ts';

const DAY = 86_400_000;
let sandbox: Sandbox;
let restore: () => Promise<void>;
let folder: string;
let config: string;
let file: string;

beforeEach(async () => {
  ({ sandbox, restore } = await pointedAtSandbox({ now: new Date(), clock: 'running' }));
  folder = mkdtempSync(join(tmpdir(), 'reeve-apply-'));
  [config, file] = [join(folder, 'reeve.yml'), join(folder, 'plan.json')];
  writeFileSync(
    config,
    `version: 1
defaults:
  caps: { count: 100, percent: 100 }
policies:
  revoke-open-ssh: {}
  stop-idle-instances: {}
  delete-stale-buckets: {}
  enforce-tags:
    tags:
      - { key: Owner, default: nobody }
`,
  );
});
afterEach(async () => {
  await restore();
  rmSync(folder, { recursive: true });
});

/** Something for every policy to find. */
async function neglect(): Promise<void> {
  const { world, account, region } = sandbox;
  const place = { world, partition: 'aws', account, region };
  const from = new Date(world.clock.now() - 30 * DAY);
  for (const id of seedInstances(place, 2, { instanceType: 'm5.large' }))
    seedMeasures(place, id, QUIET, { from });
  const ago = (days: number) => new Date(world.clock.now() - days * DAY);
  seedBucket(world, { name: 'attic', account, region, createdAt: ago(900) });
  seedObjects(world, 'attic', 20, { at: ago(800) });
  const ec2 = new EC2Client(sandbox.clientConfig());
  const { GroupId } = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: 'web', Description: 'web' }),
  );
  const ssh = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [ssh] }));
  await new SQSClient(sandbox.clientConfig()).send(new CreateQueueCommand({ QueueName: 'jobs' }));
}

it('B6.20 of every policy, what a sweep would change is what an applied plan changes', async () => {
  await neglect();
  const planned = await reeve(['plan', '--all', '--out', file, '--config', config]);
  const { plan } = readPlan(readFileSync(file, 'utf8'), file);
  const counts = plan.policies.map(({ policy, items }) => [policy, items.length > 0]);
  expect(planned.code).toBe(1);
  expect(Object.fromEntries(counts)).toEqual({
    'revoke-open-ssh': true,
    'stop-idle-instances': true,
    'delete-stale-buckets': true,
    'enforce-tags': true,
  });
  const items = plan.policies.flatMap((each) => each.items);

  const rehearsed = await reeve(['apply', file, '--config', config]);
  expect(rehearsed.err).toContain(`${items.length} planned, ${items.length} would be done.`);

  const words = ['apply', file, '--yes', '--config', config, '--journal', join(folder, 'journal.jsonl')];
  const applied = await reeve(words, 160);
  expect(applied.out).not.toContain('It changed since the plan');
  // Nobody tells when a queue, a group or a network was made: what is seen for the first time waits, as in a sweep.
  const done = Number(/planned, (\d+) done/.exec(applied.err)?.[1]);
  const young = Number(/(\d+) too young, or of unknown age\./.exec(applied.err)?.[1]);
  expect([done > 3, done + young]).toEqual([true, items.length]);
});
