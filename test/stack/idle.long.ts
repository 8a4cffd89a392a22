import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudWatchClient,
  PutCompositeAlarmCommand,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  CreateTagsCommand,
  DescribeInstancesCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import {
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BusEvent } from '../../sandbox/core/world.ts';
import { seedMetrics } from '../../sandbox/services/cloudwatch/series.ts';
import { QUIET, seedMeasures } from '../../sandbox/services/ec2/instances/measures.ts';
import { type InstanceWish, seedInstances } from '../../sandbox/services/ec2/instances/seed.ts';
import { markTable } from '../../shared/aws/mark-table.ts';
import { noteScans } from '../../shared/aws/scan-table.ts';
import { tagOf } from '../../shared/engine/promise.ts';
import { where } from '../../shared/engine/words.ts';
import { wrapped } from '../shared/aws/fixture.ts';
import { PACKAGING_MS } from './company.ts';
import { Workplace } from './workplace.ts';

let here: Workplace;
let ec2: EC2Client;
beforeAll(async () => {
  // A Friday morning.
  here = await Workplace.open('stop-idle-instances', 'test/stack/idle.yml', '2026-11-20T09:15:00Z');
  ec2 = here.client(EC2Client);
}, PACKAGING_MS);
afterAll(async () => {
  const denied = here.denied();
  await here.sandbox.close();
  expect(denied).toEqual([]);
});

function machine(wish: InstanceWish = {}, measures: Readonly<Record<string, number>> = {}): string {
  const [id = ''] = seedInstances(here.place, 1, { instanceType: 'm5.large', ...wish });
  const from = new Date(here.world.clock.now() - 20 * 86_400_000);
  seedMeasures(here.place, id, { ...QUIET, ...measures }, { from });
  return id;
}

async function stateOf(id: string): Promise<string | undefined> {
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  return Reservations?.[0]?.Instances?.[0]?.State?.Name;
}

/** One of the sample events, about this instance instead of the sample's own. */
function sample(name: string, id: string): BusEvent {
  const text = readFileSync(join(import.meta.dirname, '../../events', `${name}.json`), 'utf8');
  return JSON.parse(text.replaceAll(/\bi-[0-9a-f]{17}\b/g, id));
}

/** An alarm that finds its instance quiet with its next evaluation. */
async function alarm(name: string, id: string, actions: readonly string[] = []): Promise<void> {
  await here.client(CloudWatchClient).send(
    new PutMetricAlarmCommand({
      AlarmName: name,
      Namespace: 'AWS/EC2',
      MetricName: 'CPUUtilization',
      Dimensions: [{ Name: 'InstanceId', Value: id }],
      Statistic: 'Maximum',
      Period: 300,
      EvaluationPeriods: 2,
      Threshold: 5,
      ComparisonOperator: 'LessThanThreshold',
      AlarmActions: [...actions],
    }),
  );
}

it('B1.10 the hourly sweep stops what is idle, and only that', async () => {
  const { Vpcs: [vpc] = [] } = await ec2.send(new DescribeVpcsCommand({}));
  await here
    .client(ElasticLoadBalancingV2Client)
    .send(new CreateTargetGroupCommand({ Name: 'web', Protocol: 'HTTP', Port: 80, VpcId: vpc?.VpcId }));
  const idle = machine({ tags: [{ Key: 'Name', Value: 'forgotten' }] });
  const spot = machine({ spot: { type: 'one-time', interruption: 'terminate' } });
  const busy = machine({}, { CPUUtilization: 70 });
  await here.advance(75);

  expect(await Promise.all([idle, spot, busy].map(stateOf))).toEqual(['stopped', 'running', 'running']);
  expect(await here.journal()).toEqual([{ action: 'stop-instances', resource: idle, result: 'done' }]);
  const mail = here.mails().find((message) => message.includes('forgotten'));
  expect(mail).toContain('Set off by sweep');
});

it.each([
  { kind: 'EventBridge', actions: () => [] },
  { kind: 'its topic', actions: () => [here.ref('StopIdleInstancesAlarms')] },
  {
    kind: 'a direct call',
    actions: () => [
      `arn:aws:lambda:${here.sandbox.region}:${here.sandbox.account}:function:${here.functionName}`,
    ],
  },
])('B1.62 an alarm by $kind stops its instance', async ({ kind, actions }) => {
  const id = machine();
  await alarm(`reeve-quiet ${kind}`, id, actions());
  await here.advance(16);
  expect(await stateOf(id)).toBe('stopped');
  expect(here.mails().findLast((message) => message.includes(id))).toContain(`reeve-quiet ${kind}`);
});

it('B1.18 a machine with a GPU is stopped by what the CloudWatch agent tells of it, others are left running', async () => {
  const tags = [{ Key: 'reeve:disks-disposable', Value: 'yes' }];
  const [told, silent] = [true, true].map(() => machine({ instanceType: 'g4dn.xlarge', tags }));
  seedMetrics(here.place, {
    namespace: 'CWAgent',
    metric: 'nvidia_smi_utilization_gpu',
    dimensions: { InstanceId: told ?? '', name: 'Tesla T4', index: '0', arch: 'Turing', host: 'ip-10-0-0-1' },
    series: 0,
    from: new Date(here.world.clock.now() - 20 * 86_400_000),
  });
  await here.advance(75);
  expect(await Promise.all([told, silent].map((id = '') => stateOf(id)))).toEqual(['stopped', 'running']);
});

it('B1.63 a composite alarm stops the instance of its child', async () => {
  const id = machine();
  await alarm('child', id);
  await here
    .client(CloudWatchClient)
    .send(new PutCompositeAlarmCommand({ AlarmName: 'reeve-all-quiet', AlarmRule: 'ALARM("child")' }));
  await here.advance(16);
  expect(await stateOf(id)).toBe('stopped');
});

it('B1.56 what runs outside its hours is stopped by an event of its state, and started in the morning', async () => {
  // Half past eight in the evening.
  const evening = new Date('2026-11-20T20:30:00Z').getTime();
  await here.advance((evening - here.world.clock.now()) / 60_000);
  const id = machine({ tags: [{ Key: 'reeve:hours', Value: 'daily 08:00-19:00' }] }, { CPUUtilization: 70 });
  here.world.emit(sample('ec2-state-change', id));
  await here.advance(2);
  expect(await stateOf(id)).toBe('stopped');
  expect(here.mails().at(-1)).toContain('Set off by running');

  await here.advance(12.5 * 60);
  expect(await stateOf(id)).toBe('running');
});

it('B5.16 of two runs over the same instance at once one acts, the other comes back later', async () => {
  const id = machine();
  here.world.faults.add({
    operation: 'StopInstances',
    kind: 'run',
    times: 1,
    effect: async () => {
      await here.invoke({ reeve: 'sweep' });
    },
  });
  await here.invoke({ reeve: 'sweep' });
  await here.advance(30);
  expect(await stateOf(id)).toBe('stopped');
  const stops = (await here.journal()).filter(({ resource }) => resource === id);
  expect(stops).toEqual([{ action: 'stop-instances', resource: id, result: 'done' }]);
});

it('B6.8 an exemption that is not in order is told about, and nothing happens', async () => {
  const id = machine();
  const Tags = [{ Key: 'reeve:exempt', Value: 'OPS-7 until 2026-12-31' }];
  await ec2.send(new CreateTagsCommand({ Resources: [id], Tags }));
  // CloudTrail's event history knows of a call within a quarter of an hour.
  await here.advance(80);
  expect(await stateOf(id)).toBe('running');
  expect(here.mails().some((message) => message.includes('user/ana may not set exemptions'))).toBe(true);
});

it('B6.7 what was announced while there was a grace is not done, and its tag comes off', async () => {
  const id = machine({}, { CPUUtilization: 70 });
  const policy = 'stop-idle-instances';
  const now = new Date(here.world.clock.now());
  const { partition, account, region } = here.place;
  const due = new Date(now.getTime() + 86_400_000);
  const tag = tagOf(policy, { due });
  const table = here.stack.outputs.JournalTable ?? '';
  const aws = wrapped(here.sandbox);
  const mark = {
    id: 'mark-1',
    policy,
    finding: 'f',
    reasonCode: 'idle',
    fingerprint: 'f',
    summary: `Stop ${id}`,
  };
  const resource = { type: 'AWS::EC2::Instance', id, arn: `arn:aws:ec2:${region}:${account}:instance/${id}` };
  await markTable(aws, table).put(
    { ...mark, partition, account, region, resource, since: now, due, told: true },
    undefined,
  );
  await noteScans(aws, table, policy, new Map([[where(here.place), { scanned: 1, regime: 'grace' }]]), now);
  await ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: tag.key, Value: tag.value }] }));

  await here.advance(61);
  expect(await stateOf(id)).toBe('running');
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  expect(Reservations?.[0]?.Instances?.[0]?.Tags ?? []).not.toContainEqual(
    expect.objectContaining({ Key: tag.key }),
  );
  expect(await markTable(aws, table).open(policy)).toEqual([]);
});

it('B6.11 the role grants what all of this took, and nothing that none of it took', () => {
  const { given, used } = here.grants();
  expect(used).toEqual(given);
});
