import { expect, it } from 'vitest';
import { requestsOf } from '../../../functions/delete-stale-buckets/metrics.ts';
import { putDatapoint, single } from '../../../sandbox/services/cloudwatch/metrics.ts';
import type { Part } from '../../../shared/aws/s3/configuration.ts';
import { Attic } from './attic.ts';
import { set } from './builders.ts';

const whole: Part = { state: 'set', value: { MetricsConfigurationList: [{ Id: 'all' }] } };

/** What the request metrics tell, with a point of each for the days given. */
async function read(points: Readonly<Record<string, readonly number[]>>, part: Part = whole) {
  const attic = new Attic();
  for (const [name, days] of Object.entries(points)) {
    const dimensions = { BucketName: 'old-logs', FilterId: 'all' };
    for (const day of days) {
      const at = attic.daysAgo(day).getTime();
      putDatapoint(attic.world, attic.place, { namespace: 'AWS/S3', name, dimensions }, single(at, 1));
    }
  }
  return requestsOf(attic.aws, 'old-logs', part, set(), attic.now());
}

const everyDay = (from: number) => Array.from({ length: from }, (_, index) => index + 1);

it.each<{ when: string; points: Record<string, readonly number[]>; state: string }>([
  { when: 'on for the whole window, and quiet', points: { AllRequests: everyDay(190) }, state: 'read' },
  { when: 'switched on last month', points: { AllRequests: everyDay(30) }, state: 'unreadable' },
  { when: 'on, without a single point', points: {}, state: 'unreadable' },
  { when: 'switched on lately, and read', points: { GetRequests: [3], AllRequests: [3] }, state: 'read' },
])('B4.3 R1 request metrics $when are $state', async ({ points, state }) => {
  expect(await read(points)).toMatchObject({ state });
});

it('B4.3 tells the day of the last read, and nothing of part of a bucket', async () => {
  const seen = await read({ GetRequests: [190, 20], AllRequests: everyDay(190) });
  expect(seen).toMatchObject({ state: 'read', value: { last: expect.any(Date) } });
  const list = [{ Id: 'some', Filter: { Prefix: 'a/' } }];
  const narrow: Part = { state: 'set', value: { MetricsConfigurationList: list } };
  expect(await read({ AllRequests: everyDay(190) }, narrow)).toEqual({ state: 'off' });
});
