import { AwsError } from '../../../core/errors.ts';
import type { Call } from '../../../core/service.ts';
import { ec2State } from '../state.ts';

/** How many instances one may change at once, and how many more each second (API Reference, "Resource rate limiting"). */
const RATES: Readonly<Record<string, { readonly burst: number; readonly perSecond: number }>> = {
  RunInstances: { burst: 1000, perSecond: 2 },
  StartInstances: { burst: 1000, perSecond: 2 },
  StopInstances: { burst: 1000, perSecond: 20 },
  TerminateInstances: { burst: 1000, perSecond: 20 },
};

/** Takes a token for each instance of a request, or refuses the whole request; only where throttling is on. */
export function takeResourceTokens(call: Call, count: number): void {
  const rate = RATES[call.operation];
  if (!rate || !call.world.behaviour.throttling) return;
  const { resourceTokens } = ec2State.of(call);
  const now = call.now.getTime();
  const last = resourceTokens.get(call.operation) ?? { tokens: rate.burst, at: now };
  const tokens = Math.min(rate.burst, last.tokens + ((now - last.at) / 1000) * rate.perSecond);
  const enough = tokens >= count;
  resourceTokens.set(call.operation, { tokens: enough ? tokens - count : tokens, at: now });
  if (!enough) throw new AwsError('RequestLimitExceeded', 'Request limit exceeded.', 503);
}
