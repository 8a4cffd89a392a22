import { throttled } from '../../core/refusals.ts';
import type { Call } from '../../core/service.ts';
import type { World } from '../../core/world.ts';
import type { Bucket } from './state.ts';

/** Requests a second for each partitioned prefix (S3 User Guide, "Best practices design patterns"). */
const WRITES = 3500;
const READS = 5500;

interface Tokens {
  left: number;
  at: number;
}

const buckets = new WeakMap<World, Map<string, Tokens>>();

/** Counts a request against its prefix while AWS's limits are switched on; SlowDown when they are used up. */
export function spend(call: Call, bucket: Bucket, key: string | undefined): void {
  if (key !== undefined) spendKeys(call, bucket, [key]);
}

/** Each key of DeleteObjects counts as a request; where one prefix has too few left, the whole call is told to slow down. */
export function spendKeys(call: Call, bucket: Bucket, keys: readonly string[]): void {
  if (!call.world.behaviour.throttling) return;
  const rate = /^(Get|Head|List)/.test(call.operation) ? READS : WRITES;
  const wanted = new Map<string, number>();
  for (const key of keys) wanted.set(prefixOf(key), (wanted.get(prefixOf(key)) ?? 0) + 1);
  const tokens = [...wanted].map(
    ([prefix, count]) => [tokensOf(call, `${rate} ${bucket.arn}/${prefix}`, rate), count] as const,
  );
  if (tokens.some(([{ left }, count]) => left < count)) throw throttled('s3');
  for (const [each, count] of tokens) each.left -= count;
}

/** The partitions of a real bucket are S3's secret; here each first step of the path is one. */
function prefixOf(key: string): string {
  return key.slice(0, key.indexOf('/') + 1);
}

function tokensOf({ world, now }: Call, name: string, rate: number): Tokens {
  const ofWorld = buckets.get(world) ?? new Map<string, Tokens>();
  buckets.set(world, ofWorld);
  const tokens = ofWorld.get(name) ?? { left: rate, at: now.getTime() };
  ofWorld.set(name, tokens);
  tokens.left = Math.min(rate, tokens.left + ((now.getTime() - tokens.at) / 1000) * rate);
  tokens.at = now.getTime();
  return tokens;
}
