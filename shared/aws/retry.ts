import type { StandardRetryStrategy } from '@smithy/core/retry';

type Strategy = Pick<
  StandardRetryStrategy,
  'acquireInitialRetryToken' | 'refreshRetryTokenForRetry' | 'recordSuccess'
>;
type RetryToken = Awaited<ReturnType<Strategy['refreshRetryTokenForRetry']>>;
type RetryErrorInfo = Parameters<Strategy['refreshRetryTokenForRetry']>[1];

export interface RetryOptions {
  /** Tries in all, the first one included. */
  readonly attempts: number;
  now(): Date;
  sleep(ms: number): Promise<void>;
  /** From 0 to 1, for the jitter. */
  random(): number;
}

const LONGEST_MS = 20_000;
const BASE_MS = { THROTTLING: 500, TRANSIENT: 100 };

/**
 * What all calls over one connection may spend on retries, and what each costs:
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html, as `@smithy/core` 3 has it.
 */
const BUDGET = { whole: 500, THROTTLING: 5, TRANSIENT: 14, perSuccess: 1 };

/** Longest that a `Retry-After` of AWS's adds to our own wait, as `@smithy/core` 3 has it. */
const LONGEST_HINT_MS = 5_000;

/**
 * The SDK's standard strategy (which errors, how many tries, its retry budget), waiting by our clock: full jitter,
 * doubling, at most 20 s. Not derived from the SDK's own, which waits by the machine's timer, whatever clock it is given.
 */
export class PatientRetry implements Strategy {
  readonly #options: RetryOptions;
  #left = BUDGET.whole;

  constructor(options: RetryOptions) {
    this.#options = options;
  }

  async acquireInitialRetryToken(): Promise<RetryToken> {
    return tokenOf(0, BUDGET.perSuccess);
  }

  /** Throws where there is to be no further try: the SDK then throws the error itself. */
  async refreshRetryTokenForRetry(
    token: RetryToken,
    { errorType, retryAfterHint }: RetryErrorInfo,
  ): Promise<RetryToken> {
    const retries = token.getRetryCount();
    if (errorType !== 'THROTTLING' && errorType !== 'TRANSIENT') throw new Error(`${errorType} is final`);
    if (retries + 1 >= this.#options.attempts) throw new Error('all tries are used up');
    const cost = BUDGET[errorType];
    if (this.#left < cost) throw new Error('the budget of retries is used up');
    this.#left -= cost;
    const ceiling = Math.min(LONGEST_MS, BASE_MS[errorType] * 2 ** retries);
    const own = Math.floor(this.#options.random() * ceiling);
    const asked = retryAfterHint === undefined ? 0 : retryAfterHint.getTime() - this.#options.now().getTime();
    await this.#options.sleep(Math.max(own, Math.min(asked, own + LONGEST_HINT_MS)));
    return tokenOf(retries + 1, cost);
  }

  /** What the last retry cost is given back. */
  recordSuccess(token: RetryToken): void {
    this.#left = Math.min(BUDGET.whole, this.#left + (token.getRetryCost() ?? BUDGET.perSuccess));
  }
}

function tokenOf(retries: number, cost: number) {
  return { getRetryCount: () => retries, getRetryDelay: () => 0, getRetryCost: () => cost };
}
