import type { Call } from './service.ts';

/** `burst` requests at once, then `perSecond`. */
interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

const rate = (burst: number, perSecond: number): Rate => ({ burst, perSecond });

/** EC2's request token buckets (API Reference, "Request throttling"). */
const EC2: Readonly<Record<string, Rate>> = {
  CreateTags: rate(100, 10),
  DeleteTags: rate(100, 10),
};
const EC2_UNFILTERED = rate(50, 10);
const EC2_READS = rate(100, 20);
const EC2_MUTATIONS = rate(50, 5);

/** Operations of other services with a documented limit; what is not listed is not throttled. */
const OTHERS: Readonly<Record<string, Rate>> = {
  'cloudtrail:LookupEvents': rate(2, 2),
  'cloudwatch:GetMetricData': rate(50, 50),
  'cloudwatch:GetMetricStatistics': rate(400, 400),
  'cloudwatch:ListMetrics': rate(25, 25),
  'cloudwatch:PutMetricData': rate(500, 500),
};

interface Bucket {
  tokens: number;
  at: number;
}

/** Takes one token for a call out of the bucket of its account, region and action; false when the bucket is empty. */
export function createBuckets(): (call: Call, input: unknown) => boolean {
  const buckets = new Map<string, Bucket>();
  return (call, input) => {
    const limit = rateOf(call, input);
    if (!limit) return true;
    const key = `${call.account}/${call.region}/${call.service}:${call.operation}/${limit.burst}`;
    const now = call.now.getTime();
    const bucket = buckets.get(key) ?? { tokens: limit.burst, at: now };
    buckets.set(key, bucket);
    bucket.tokens = Math.min(limit.burst, bucket.tokens + ((now - bucket.at) / 1000) * limit.perSecond);
    bucket.at = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  };
}

function rateOf({ service, operation }: Call, input: unknown): Rate | undefined {
  if (service !== 'ec2') return OTHERS[`${service}:${operation}`];
  if (EC2[operation]) return EC2[operation];
  if (!/^(Describe|Get|List|Search)/.test(operation)) return EC2_MUTATIONS;
  return isNarrow(input) ? EC2_READS : EC2_UNFILTERED;
}

/** A describe call that names ids, filters or a page size is cheaper to AWS. */
function isNarrow(input: unknown): boolean {
  if (typeof input !== 'object' || input === null) return false;
  return Object.entries(input).some(([name, value]) => name !== 'DryRun' && value !== undefined);
}
