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

/**
 * Writes again what DynamoDB refused because another write had the same item in hand, which the SDK does not do by
 * itself: full jitter, doubling, some three seconds in all. Nothing was written by then, so it is safe.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
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
  return error.code === 'TransactionConflictException' || refusalsOf(error).includes('TransactionConflict');
}
