import type { Place } from '../engine/signal.ts';

/** A token bucket as AWS documents them: so many calls at once, then so many per second. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

export interface Time {
  now(): Date;
  sleep(ms: number): Promise<void>;
}

const EC2_READ: Rate = { burst: 100, perSecond: 20 };
const EC2_UNFILTERED: Rate = { burst: 50, perSecond: 10 };
const EC2_MUTATION: Rate = { burst: 50, perSecond: 5 };

/**
 * Limits per account, region and action, by client and operation.
 * https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
 * https://docs.aws.amazon.com/firehose/latest/dev/limits.html
 */
const RATES: ReadonlyMap<string, Rate> = new Map([
  ['EC2Client:CreateTags', { burst: 100, perSecond: 10 }],
  ['EC2Client:DeleteTags', { burst: 100, perSecond: 10 }],
  // Besides the requests it counts instances: a thousand at once, then two a second.
  ['EC2Client:StartInstances', { burst: 50, perSecond: 2 }],
  ['CloudTrailClient:LookupEvents', { burst: 2, perSecond: 2 }],
  ['CloudWatchClient:GetMetricData', { burst: 50, perSecond: 50 }],
  ['FirehoseClient:DescribeDeliveryStream', { burst: 5, perSecond: 5 }],
]);

/** The limit that one call falls under; undefined where AWS's own retries are limit enough. */
export function rateOf(client: string, action: string, input: object): Rate | undefined {
  const known = RATES.get(`${client}:${action}`);
  if (known !== undefined || client !== 'EC2Client') return known;
  if (!/^(Describe|Get|List|Search)/.test(action)) return EC2_MUTATION;
  return action.startsWith('Describe') && !isNarrowed(input) ? EC2_UNFILTERED : EC2_READ;
}

/** EC2 counts a Describe call without filter, ids or page size against a smaller bucket. */
function isNarrowed(input: object): boolean {
  return Object.entries(input).some(
    ([key, given]) => given !== undefined && /^(Filters|MaxResults|NextToken|\w+Ids?|\w+Names)$/.test(key),
  );
}

/** Waits until one more call of this action is due in this account and region. */
export type Pace = (place: Place, client: string, action: string, input: object) => Promise<void>;

/** Our own limiter, so that a sweep does not use up what the account's owners need for their own work. */
export function pacing(time: Time): Pace {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return async (place, client, action, input) => {
    const rate = rateOf(client, action, input);
    if (rate === undefined) return;
    const key = `${place.account}/${place.region}/${client}:${action}/${rate.burst}`;
    const now = time.now().getTime();
    const bucket = buckets.get(key) ?? { tokens: rate.burst, at: now };
    buckets.set(key, bucket);
    const refill = (Math.max(0, now - bucket.at) / 1000) * rate.perSecond;
    // Going below zero reserves a place in the queue, so callers that wait at once are let through one by one.
    bucket.tokens = Math.min(rate.burst, bucket.tokens + refill) - 1;
    bucket.at = Math.max(bucket.at, now);
    if (bucket.tokens < 0) await time.sleep(Math.ceil((-bucket.tokens / rate.perSecond) * 1000));
  };
}
