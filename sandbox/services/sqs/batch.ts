import { AwsError } from '../../core/errors.ts';

interface Entry {
  readonly Id?: string | undefined;
}

/** One to ten entries with ids of their own, or the error that SQS has for each mistake. */
export function checkBatch(entries: readonly Entry[]): void {
  const ids = entries.map(({ Id = '' }) => Id);
  if (ids.length === 0)
    throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (ids.length > 10) {
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are 10. You have sent ${ids.length}.`,
    );
  }
  const double = ids.find((id, index) => ids.indexOf(id) < index);
  if (double !== undefined) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${double} repeated.`);
  if (ids.some((id) => !/^[\w-]{1,80}$/.test(id))) {
    throw new AwsError(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    );
  }
}

/** Each entry on its own: what went well, and what the sender did wrong. */
export function attempts<E extends Entry>(entries: readonly E[], run: (entry: E) => object) {
  const Successful: object[] = [];
  const Failed: { Id: string | undefined; Code: string; Message: string; SenderFault: boolean }[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError) || error.status === 501) throw error;
      Failed.push({
        Id: entry.Id,
        Code: error.code,
        Message: error.message,
        SenderFault: error.status < 500,
      });
    }
  }
  return { Successful, Failed };
}
