import { AwsFailure } from './errors.ts';
import { refusalsOf } from './transaction.ts';

/** Waiting and chance, injected. */
export interface Patience {
  sleep(ms: number): Promise<void>;
  /** From 0 to 1, for the jitter. */
  random(): number;
}

const TRIES = 10;
const BASE_MS = 50;
const LONGEST_MS = 1000;

/** Reasons of a cancelled transaction that pass by themselves: another write had the item, or there was too much at once. */
const PASSING: ReadonlySet<string | undefined> = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

/**
 * Writes again what DynamoDB refused because another write had the same item in hand, and transactions that it cancelled
 * because there was too much at once, none of which the SDK does by itself: full jitter, doubling, some three seconds in all. Nothing was written by then, so it is safe.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling,
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html ("Cancellation reason codes")
 */
export async function untilFree<T>({ sleep, random }: Patience, write: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await write();
    } catch (error) {
      if (tried === TRIES || !isContended(error)) throw error;
      await sleep(Math.floor(random() * Math.min(LONGEST_MS, BASE_MS * 2 ** (tried - 1))));
    }
  }
}

function isContended(error: unknown): boolean {
  if (!(error instanceof AwsFailure)) return false;
  return (
    error.code === 'TransactionConflictException' || refusalsOf(error).some((reason) => PASSING.has(reason))
  );
}
