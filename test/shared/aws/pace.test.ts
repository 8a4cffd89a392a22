import { expect, it } from 'vitest';
import { pacing, rateOf } from '../../../shared/aws/pace.ts';
import type { Place } from '../../../shared/engine/signal.ts';

const IRELAND: Place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };

/** A clock that only sleeping moves. */
function time(start = 0) {
  let ms = start;
  return {
    now: () => new Date(ms),
    sleep: async (wait: number) => {
      ms += wait;
    },
    elapsed: () => ms - start,
    pass: (wait: number) => {
      ms += wait;
    },
  };
}

it.each([
  ['EC2Client', 'DescribeSecurityGroups', {}, 50, 10],
  ['EC2Client', 'DescribeSecurityGroups', { GroupIds: undefined }, 50, 10],
  ['EC2Client', 'DescribeSecurityGroups', { GroupIds: ['sg-1'] }, 100, 20],
  ['EC2Client', 'DescribeSecurityGroups', { MaxResults: 1000 }, 100, 20],
  ['EC2Client', 'GetManagedPrefixListEntries', {}, 100, 20],
  ['EC2Client', 'RevokeSecurityGroupIngress', {}, 50, 5],
  ['EC2Client', 'CreateTags', {}, 100, 10],
  ['EC2Client', 'StartInstances', {}, 50, 2],
  ['CloudTrailClient', 'LookupEvents', {}, 2, 2],
])('B5.28 %s %s with %j is paced as AWS documents it', (client, action, input, burst, perSecond) => {
  expect(rateOf(client, action, input)).toEqual({ burst, perSecond });
});

it('leaves services without a known limit to the retries', () => {
  expect(rateOf('SNSClient', 'Publish', {})).toBeUndefined();
});

it('B5.28 lets the burst through at once and then keeps the rate', async () => {
  const clock = time();
  const pace = pacing(clock);

  for (let call = 0; call < 50; call += 1) await pace(IRELAND, 'EC2Client', 'RevokeSecurityGroupIngress', {});
  expect(clock.elapsed()).toBe(0);
  for (let call = 0; call < 10; call += 1) await pace(IRELAND, 'EC2Client', 'RevokeSecurityGroupIngress', {});

  expect(clock.elapsed()).toBe(2_000);
});

it('B5.28 counts each account, region and action alone, and refills with time', async () => {
  const clock = time();
  const pace = pacing(clock);
  const lookUp = (place: Place) => pace(place, 'CloudTrailClient', 'LookupEvents', {});

  await lookUp(IRELAND);
  await lookUp(IRELAND);
  await lookUp({ ...IRELAND, region: 'us-east-1' });
  await lookUp({ ...IRELAND, account: '444455556666' });
  expect(clock.elapsed()).toBe(0);

  clock.pass(60_000);
  await lookUp(IRELAND);
  await lookUp(IRELAND);
  expect(clock.elapsed()).toBe(60_000);
  await lookUp(IRELAND);
  expect(clock.elapsed()).toBe(60_500);
});

it('lets callers that arrive together through one by one', async () => {
  const waits: number[] = [];
  const pace = pacing({ now: () => new Date(0), sleep: async (ms) => void waits.push(ms) });

  await Promise.all(Array.from({ length: 5 }, () => pace(IRELAND, 'CloudTrailClient', 'LookupEvents', {})));

  expect(waits).toEqual([500, 1_000, 1_500]);
});
