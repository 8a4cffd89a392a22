import { StandardRetryStrategy } from '@smithy/core/retry';

type RetryToken = Awaited<ReturnType<StandardRetryStrategy['acquireInitialRetryToken']>>;
type RetryErrorInfo = Parameters<StandardRetryStrategy['refreshRetryTokenForRetry']>[1];

export interface RetryOptions {
  /** Tries in all, the first one included. */
  readonly attempts: number;
  sleep(ms: number): Promise<void>;
  /** From 0 to 1, for the jitter. */
  random(): number;
}

const LONGEST_MS = 20_000;
const BASE_MS = { throttled: 500, other: 100 };

/**
 * The SDK's standard strategy (which errors, how many tries, its own retry budget), waiting by our clock: full jitter,
 * doubling, at most 20 s.
 */
export class PatientRetry extends StandardRetryStrategy {
  readonly #options: RetryOptions;

  constructor(options: RetryOptions) {
    super({
      maxAttempts: options.attempts,
      backoff: { setDelayBase() {}, computeNextBackoffDelay: () => 0 },
    });
    this.#options = options;
  }

  override async refreshRetryTokenForRetry(
    token: RetryToken,
    error: RetryErrorInfo,
  ): ReturnType<StandardRetryStrategy['refreshRetryTokenForRetry']> {
    const next = await super.refreshRetryTokenForRetry(token, error);
    const base = error.errorType === 'THROTTLING' ? BASE_MS.throttled : BASE_MS.other;
    const ceiling = Math.min(LONGEST_MS, base * 2 ** token.getRetryCount());
    await this.#options.sleep(Math.floor(this.#options.random() * ceiling));
    return next;
  }
}
