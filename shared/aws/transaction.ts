import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { AwsFailure } from './errors.ts';

/**
 * What each write of a cancelled transaction had against it, in their order: `ConditionalCheckFailed`,
 * `TransactionConflict` (another write had the item just then), or undefined. Empty for every other failure.
 */
export function refusalsOf({ cause }: AwsFailure): readonly (string | undefined)[] {
  if (!(cause instanceof TransactionCanceledException)) return [];
  return (cause.CancellationReasons ?? []).map(({ Code }) => (Code === 'None' ? undefined : Code));
}
