import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../../sandbox/sandbox.ts';
import { disturbMetrics } from '../../../sandbox/services/cloudwatch/disturb.ts';
import { type Pattern, type SeededMetric, seedMetrics } from '../../../sandbox/services/cloudwatch/series.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const Namespace = 'AWS/EC2';
const MetricName = 'CPUUtilization';

let sandbox: Sandbox;
let client: cloudwatch.CloudWatchClient;
let now: number;
beforeEach(() => {
  sandbox = createSandbox();
  client = new cloudwatch.CloudWatchClient({ ...sandbox.clientConfig(), maxAttempts: 1 });
  now = sandbox.world.clock.now();
});

const ago = (ms: number) => new Date(now - ms);
const instance = (index: number) => `i-${index.toString(16).padStart(17, '0')}`;

function seed(series: Pattern, more: Partial<SeededMetric> = {}) {
  const place = {
    world: sandbox.world,
    partition: 'aws',
    account: sandbox.account,
    region: sandbox.region,
  };
  const id = { namespace: Namespace, metric: MetricName, dimensions: { InstanceId: instance(1) } };
  return seedMetrics(place, { ...id, unit: 'Percent', series, from: ago(500 * DAY), ...more });
}

const query = (Stat: string, Period: number, more: object = {}): cloudwatch.MetricDataQuery => ({
  Id: Stat.toLowerCase().replace('.', '_'),
  MetricStat: {
    Metric: { Namespace, MetricName, Dimensions: [{ Name: 'InstanceId', Value: instance(1) }] },
    Period,
    Stat,
  },
  ...more,
});

const ask = (
  MetricDataQueries: cloudwatch.MetricDataQuery[],
  more: Partial<cloudwatch.GetMetricDataCommandInput> = {},
) =>
  client.send(
    new cloudwatch.GetMetricDataCommand({
      MetricDataQueries,
      StartTime: ago(HOUR),
      EndTime: ago(0),
      ScanBy: 'TimestampAscending',
      ...more,
    }),
  );

async function values(
  Stat: string,
  Period: number,
  more: Partial<cloudwatch.GetMetricDataCommandInput> = {},
): Promise<number[] | undefined> {
  return (await ask([query(Stat, Period)], more)).MetricDataResults?.[0]?.Values;
}

describe('a metric that is worked out when it is read', () => {
  it('folds its pattern by period and statistic', async () => {
    seed((at) => (at - now) / (5 * MINUTE) + 12, { from: ago(HOUR) });

    expect(await values('Average', 1800)).toEqual([2.5, 8.5]);
    expect(await values('Maximum', 3600)).toEqual([11]);
    expect(await values('SampleCount', 3600)).toEqual([12]);
  });

  it('B1.16 five minutes of traffic are one datapoint: Sum by Period is bytes a second', async () => {
    seed(() => ({ sum: 300_000, minimum: 20_000, maximum: 100_000, count: 5 }), { unit: 'Bytes' });

    expect(await values('Sum', 3600)).toEqual([3_600_000]);
    expect(await values('Average', 3600)).toEqual([60_000]);
    expect(await values('Maximum', 3600)).toEqual([100_000]);
  });

  it('B1.6 says nothing where nothing was measured', async () => {
    seed((at) => (at < now - HOUR / 2 ? undefined : 7));

    expect(await values('Average', 1800)).toEqual([7]);
    expect(await values('Average', 300, { StartTime: ago(HOUR), EndTime: ago(HOUR / 2) })).toEqual([]);
    expect(await values('Average', 300, { EndTime: ago(-DAY) })).toHaveLength(6);
  });

  it('B1.14 basic monitoring has a datapoint every 5 minutes, whatever the period asked for', async () => {
    seed(1);
    expect(await values('SampleCount', 60)).toHaveLength(12);
    expect(await values('SampleCount', 300)).toHaveLength(12);
  });

  it('B1.14 detailed monitoring has one every minute', async () => {
    seed(1, { period: 60 });
    expect(await values('SampleCount', 60)).toHaveLength(60);
    expect(await values('SampleCount', 300)).toEqual(Array(12).fill(5));
  });

  it('goes on as the clock turns, until it is ended', async () => {
    const series = seed(1, { from: ago(HOUR) });
    await sandbox.world.clock.advance(HOUR);
    series.end(new Date(sandbox.world.clock.now()));
    await sandbox.world.clock.advance(HOUR);

    expect(await values('SampleCount', 3600, { EndTime: new Date(now + 2 * HOUR) })).toEqual([12, 12]);
  });

  it('of one unit is not there in another', async () => {
    seed(1);
    const inBytes = query('Sum', 300);
    const { MetricDataResults } = await ask([
      { ...inBytes, MetricStat: inBytes.MetricStat && { ...inBytes.MetricStat, Unit: 'Bytes' } },
    ]);

    expect(MetricDataResults?.[0]?.Values).toEqual([]);
  });
});

it.each([
  [60, 15],
  [300, 63],
  [3600, 455],
])('B1.15 a period of %i s reaches back %i days', async (Period, days) => {
  seed(1, { period: 60 });
  const around = (age: number) => ({
    StartTime: ago(age + HOUR),
    EndTime: ago(age),
    MaxDatapoints: 100_000,
  });

  expect(await values('SampleCount', Period, around(days * DAY - 2 * HOUR))).toHaveLength(3600 / Period);
  expect(await values('SampleCount', Period, around(days * DAY + HOUR))).toEqual([]);
});

it('B1.15 periods count from the start asked for, rounded by its age', async () => {
  seed(1, { period: 60 });
  const first = async (start: number, Period: number) => {
    const window = { StartTime: new Date(start), EndTime: new Date(start + 2 * HOUR) };
    return (await ask([query('Sum', Period)], window)).MetricDataResults?.[0]?.Timestamps?.[0];
  };

  expect(await first(now - DAY + 18 * MINUTE + 34_000, 3600)).toEqual(ago(DAY - 18 * MINUTE));
  expect(await first(now - 20 * DAY + 18 * MINUTE, 3600)).toEqual(ago(20 * DAY - 15 * MINUTE));
  expect(await first(now - 70 * DAY + 18 * MINUTE, 3600)).toEqual(ago(70 * DAY));
});

describe('B1.10 percentiles', () => {
  it('see a short spike that an average hides', async () => {
    seed((at) => ((now - at) % HOUR < 10 * MINUTE ? 90 : 2), { from: ago(DAY) });
    const window = { StartTime: ago(DAY) };

    expect((await values('Average', 86_400, window))?.[0]).toBeLessThan(20);
    expect(await values('p50', 86_400, window)).toEqual([2]);
    expect(await values('p99.9', 86_400, window)).toEqual([90]);
  });

  it('cannot be told of folded values', async () => {
    seed(() => ({ sum: 10, minimum: 1, maximum: 4, count: 5 }));

    expect(await values('p99', 300)).toEqual([]);
  });
});

describe('B1.8 an answer that is not the whole', () => {
  it('pages at 100,800 datapoints, and says which metric is cut off', async () => {
    seed(1, { period: 60 });
    const window = { StartTime: ago(14 * DAY) };
    const queries = Array.from({ length: 6 }, (_, index) => ({ ...query('Sum', 60), Id: `q${index}` }));
    const first = await ask(queries, window);
    const second = await ask(queries, { ...window, NextToken: first.NextToken });
    const told = ({ MetricDataResults }: cloudwatch.GetMetricDataCommandOutput) =>
      MetricDataResults?.map(({ StatusCode, Values }) => [StatusCode, Values?.length]);

    expect(told(first)).toEqual([...Array(5).fill(['Complete', 20_160]), ['PartialData', 0]]);
    expect(told(second)?.at(-1)).toEqual(['Complete', 20_160]);
    expect(second.NextToken).toBeUndefined();
    await expect(ask(queries, { NextToken: 'x' })).rejects.toMatchObject({ name: 'InvalidNextToken' });
  });

  it.each(['InternalError', 'Forbidden', 'PartialData'] as const)(
    '%s comes without values',
    async (status) => {
      seed(1);
      disturbMetrics(sandbox.world, ({ name }) => (name === MetricName ? status : undefined));
      const { MetricDataResults } = await ask([query('Sum', 300)]);

      expect(MetricDataResults).toMatchObject([{ StatusCode: status, Values: [] }]);
    },
  );
});

it('10,000 machines are asked 500 at a time', async () => {
  for (let index = 0; index < 10_000; index += 1) {
    seed(index, { dimensions: { InstanceId: instance(index) }, from: ago(14 * DAY) });
  }
  const Dimensions = (index: number) => [{ Name: 'InstanceId', Value: instance(index) }];
  const queries = Array.from({ length: 500 }, (_, index) => ({
    Id: `q${index}`,
    MetricStat: {
      Metric: { Namespace, MetricName, Dimensions: Dimensions(9_500 + index) },
      Period: 14 * 86_400,
      Stat: 'Maximum',
    },
  }));
  const { MetricDataResults } = await ask(queries, { StartTime: ago(14 * DAY) });

  expect(MetricDataResults?.map(({ Values }) => Values)).toEqual(queries.map((_, index) => [9_500 + index]));
});

it('a query that only others would read is not answered', async () => {
  seed(1);
  const { MetricDataResults } = await ask([query('Sum', 300), query('Average', 300, { ReturnData: false })]);

  expect(MetricDataResults?.map(({ Id }) => Id)).toEqual(['sum']);
});

it.each<[string, cloudwatch.MetricDataQuery[], object]>([
  ['a period of 90 seconds', [query('Sum', 90)], {}],
  ['no period', [query('Sum', 0)], {}],
  ['an end before the start', [query('Sum', 60)], { EndTime: new Date(0) }],
  ['the same id twice', [query('Sum', 60), query('Sum', 300)], {}],
  ['a trimmed mean', [query('tm99', 60)], {}],
  ['labels of another zone', [query('Sum', 60)], { LabelOptions: { Timezone: '+0100' } }],
  ['another account', [query('Sum', 60, { AccountId: '444455556666' })], {}],
])('B1.14 %s is refused', async (_, queries, more) => {
  await expect(ask(queries, more)).rejects.toMatchObject({
    name: expect.stringMatching(/^(ValidationException|NotImplemented)$/),
  });
});

describe('GetMetricStatistics', () => {
  const statistics = (input: Partial<cloudwatch.GetMetricStatisticsCommandInput>) =>
    client.send(
      new cloudwatch.GetMetricStatisticsCommand({
        Namespace,
        MetricName,
        Dimensions: [{ Name: 'InstanceId', Value: instance(1) }],
        StartTime: ago(HOUR),
        EndTime: ago(0),
        Period: 900,
        Statistics: ['Average', 'Maximum'],
        ...input,
      }),
    );

  it('answers several statistics, in no order', async () => {
    seed((at) => (at - now) / (5 * MINUTE) + 12, { from: ago(HOUR) });
    const { Datapoints = [], Label } = await statistics({});
    const times = Datapoints.map(({ Timestamp }) => Timestamp?.getTime() ?? 0);

    expect(Label).toBe(MetricName);
    expect(times).not.toEqual(times.toSorted());
    expect(Datapoints.find(({ Timestamp }) => Timestamp?.getTime() === now - HOUR)).toEqual({
      Timestamp: ago(HOUR),
      Average: 1,
      Maximum: 2,
      Unit: 'Percent',
    });
  });

  it('answers percentiles', async () => {
    seed((at) => (at - now) / (5 * MINUTE) + 12, { from: ago(HOUR) });
    const percentiles = { Statistics: [], ExtendedStatistics: ['p50', 'p100'] };
    const { Datapoints } = await statistics({ ...percentiles, Period: 3600 });

    expect(Datapoints).toMatchObject([{ ExtendedStatistics: { p50: 5, p100: 11 } }]);
  });

  it.each<[string, string, (start: number) => Partial<cloudwatch.GetMetricStatisticsCommandInput>]>([
    [
      '1,441 datapoints',
      'InvalidParameterCombination',
      (start) => ({ Period: 60, EndTime: new Date(start + 1441 * MINUTE) }),
    ],
    ['no statistic', 'InvalidParameterCombination', () => ({ Statistics: [] })],
    ['an end before the start', 'InvalidParameterValue', () => ({ EndTime: new Date(0) })],
    ['a trimmed mean', 'NotImplemented', () => ({ ExtendedStatistics: ['tm90'] })],
  ])('%s is refused with %s', async (_, name, input) => {
    const asked = statistics(input(now - HOUR));

    await expect(asked).rejects.toMatchObject({ name: expect.stringContaining(name) });
  });

  it('1,440 datapoints are answered', async () => {
    seed(1, { period: 60 });
    const { Datapoints } = await statistics({ Period: 60, StartTime: ago(DAY) });

    expect(Datapoints).toHaveLength(1440);
  });
});

describe('ListMetrics', () => {
  const list = async (input: cloudwatch.ListMetricsCommandInput = {}) =>
    client.send(new cloudwatch.ListMetricsCommand(input));

  it('forgets what was not measured for two weeks, or three hours', async () => {
    seed(1, { metric: 'old', to: ago(15 * DAY) });
    seed(1, { metric: 'recent', to: ago(DAY) });
    seed(1, { metric: 'now' });
    const names = async (input: cloudwatch.ListMetricsCommandInput) =>
      (await list(input)).Metrics?.map((metric) => metric.MetricName);

    expect(await names({})).toEqual(['recent', 'now']);
    expect(await names({ RecentlyActive: 'PT3H' })).toEqual(['now']);
  });

  it('pages by 500', async () => {
    for (let index = 0; index < 501; index += 1) seed(1, { dimensions: { InstanceId: instance(index) } });
    const first = await list();
    const second = await list({ NextToken: first.NextToken });

    expect([first.Metrics?.length, second.Metrics?.length, second.NextToken]).toEqual([500, 1, undefined]);
    await expect(list({ NextToken: 'x' })).rejects.toMatchObject({ name: expect.stringMatching(/Invalid/) });
  });
});
