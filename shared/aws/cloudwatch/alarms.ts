import { CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { type Aws, verb } from '../access.ts';
import { chunks } from '../batch.ts';
import { collect, pages } from '../pages.ts';

/** The metric alarms with these names; those that do not exist, and composite ones, are simply absent. */
export const metricAlarmsByName = verb(
  ['cloudwatch:DescribeAlarms'],
  async (aws: Aws, names: readonly string[]): Promise<readonly MetricAlarm[]> => {
    const parts: (readonly MetricAlarm[])[] = [];
    for (const part of chunks([...new Set(names)], 100)) parts.push(await collect(alarmPages(aws, part)));
    return parts.flat();
  },
);

function alarmPages(aws: Aws, names: readonly string[]): AsyncIterable<readonly MetricAlarm[]> {
  return pages(async (token) => {
    const { MetricAlarms: items = [], NextToken: next } = await aws.send(
      CloudWatchClient,
      new DescribeAlarmsCommand({
        AlarmNames: [...names],
        AlarmTypes: ['MetricAlarm'],
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    return { items, next };
  });
}
