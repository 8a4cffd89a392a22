import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  DescribeInstanceStatusCommand,
  DescribeInstanceTypesCommand,
  DescribeReservedInstancesCommand,
  EC2Client,
  paginateDescribeInstances,
} from '@aws-sdk/client-ec2';
import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingClient,
} from '@aws-sdk/client-elastic-load-balancing';
import {
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { DescribeSessionsCommand, SSMClient } from '@aws-sdk/client-ssm';
import { inParts } from './in-parts.ts';
import { tellNews } from './tell-news.ts';

/**
 * The measuring stick: the fewest calls that read what tells an idle instance from a busy one: peaks by the day, the rest
 * by the hour for those that the peaks leave, and once each whatever may forbid to stop them or pays for them anyway.
 */
const ec2 = new EC2Client({});
const cloudwatch = new CloudWatchClient({});

const HOUR_MS = 3_600_000;
const DAYS = 14;
const FINE: readonly (readonly [name: string, statistic: string])[] = [
  ['CPUUtilization', 'Average'],
  ['NetworkIn', 'Sum'],
  ['NetworkOut', 'Sum'],
  ['NetworkPacketsIn', 'Sum'],
  ['NetworkPacketsOut', 'Sum'],
  ['EBSReadBytes', 'Sum'],
  ['EBSWriteBytes', 'Sum'],
  ['StatusCheckFailed', 'Maximum'],
];
const LIMIT: Readonly<Record<string, number>> = {
  CPUUtilization: 10,
  NetworkIn: 18_000_000,
  NetworkOut: 18_000_000,
  NetworkPacketsIn: 180_000,
  NetworkPacketsOut: 180_000,
  EBSReadBytes: 360_000_000,
  EBSWriteBytes: 360_000_000,
  StatusCheckFailed: 1,
};

export async function handler(): Promise<number> {
  const running: string[] = [];
  for await (const { Reservations = [] } of paginateDescribeInstances({ client: ec2, pageSize: 1000 }, {})) {
    for (const { InstanceId, State } of Reservations.flatMap(({ Instances = [] }) => Instances)) {
      if (InstanceId !== undefined && State?.Name === 'running') running.push(InstanceId);
    }
  }
  const peaks = await highest(
    running.map((id) => [id, 'CPUUtilization', 'Maximum']),
    24,
    500,
  );
  const quiet = running.filter((_, index) => (peaks[index] ?? 100) < 5);
  const queries = quiet.flatMap((id) => FINE.map(([name, statistic]) => [id, name, statistic] as const));
  const fine = await highest(queries, 1, 299);
  const busy = new Set(
    queries.filter(([, name], index) => (fine[index] ?? Infinity) >= (LIMIT[name] ?? 0)).map(([id]) => id),
  );
  const idle = quiet.filter((id) => !busy.has(id));
  await Promise.all([
    ec2.send(new DescribeInstanceTypesCommand({ InstanceTypes: ['m5.large'] })),
    ec2.send(
      new DescribeInstanceStatusCommand({
        Filters: [{ Name: 'event.code', Values: ['instance-stop', 'instance-retirement'] }],
      }),
    ),
    ec2.send(new DescribeReservedInstancesCommand({ Filters: [{ Name: 'state', Values: ['active'] }] })),
    new AutoScalingClient({}).send(new DescribeAutoScalingGroupsCommand({ MaxRecords: 100 })),
    new ElasticLoadBalancingClient({}).send(new DescribeLoadBalancersCommand({})),
    new ElasticLoadBalancingV2Client({}).send(new DescribeTargetGroupsCommand({})),
    new SSMClient({}).send(new DescribeSessionsCommand({ State: 'Active' })),
    new SSMClient({}).send(new DescribeSessionsCommand({ State: 'History' })),
  ]);
  await tellNews(idle);
  return idle.length;
}

type Query = readonly [id: string, name: string, statistic: string];

/** The highest value of each over the window; undefined where there is none. */
async function highest(
  queries: readonly Query[],
  hours: number,
  perCall: number,
): Promise<readonly (number | undefined)[]> {
  const EndTime = new Date(Math.floor(Date.now() / HOUR_MS) * HOUR_MS);
  const StartTime = new Date(EndTime.getTime() - DAYS * 24 * HOUR_MS);
  const parts = await inParts(queries, perCall, async (part) => {
    const { MetricDataResults = [] } = await cloudwatch.send(
      new GetMetricDataCommand({
        StartTime,
        EndTime,
        MetricDataQueries: part.map(([id, MetricName, Stat], index) => ({
          Id: `q${index}`,
          MetricStat: {
            Metric: {
              Namespace: 'AWS/EC2',
              MetricName,
              Dimensions: [{ Name: 'InstanceId', Value: id }],
            },
            Period: hours * 3600,
            Stat,
          },
        })),
      }),
    );
    const told = new Map(MetricDataResults.map(({ Id, Values = [] }) => [Id, Values]));
    return part.map((_, index) => {
      const values = told.get(`q${index}`) ?? [];
      return values.length === 0 ? undefined : Math.max(...values);
    });
  });
  return parts.flat();
}
