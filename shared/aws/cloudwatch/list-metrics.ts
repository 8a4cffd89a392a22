import { CloudWatchClient, ListMetricsCommand, type Metric } from '@aws-sdk/client-cloudwatch';
import { type Aws, verb } from '../access.ts';
import { collect, pages } from '../pages.ts';

/** All metrics of this name that were measured within two weeks, five hundred in a call. */
export const metricsNamed = verb(
  ['cloudwatch:ListMetrics'],
  (aws: Aws, namespace: string, name: string): Promise<readonly Metric[]> =>
    collect(
      pages(async (token) => {
        const { Metrics: items = [], NextToken: next } = await aws.send(
          CloudWatchClient,
          new ListMetricsCommand({
            Namespace: namespace,
            MetricName: name,
            ...(token === undefined ? {} : { NextToken: token }),
          }),
        );
        return { items, next };
      }),
    ),
);
