import { AwsError } from '../../../core/errors.ts';
import type { Bucket } from '../state.ts';

/** A key that S3 fails to delete for reasons of its own, as it now and then does within a batch. */
export interface DeleteFailure {
  readonly fails: (key: string, versionId: string | undefined) => boolean;
  /** `InternalError`, `SlowDown` … */
  readonly code: string;
  readonly message?: string;
  /** Default: for ever. */
  readonly times?: number;
}

const armed = new WeakMap<Bucket, { readonly failure: DeleteFailure; left: number }[]>();

/** From now on DeleteObjects reports these keys in its Errors. */
export function addDeleteFailure(bucket: Bucket, failure: DeleteFailure): void {
  const ofBucket = armed.get(bucket) ?? [];
  armed.set(bucket, [...ofBucket, { failure, left: failure.times ?? Number.POSITIVE_INFINITY }]);
}

export function strikeDelete(
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
): AwsError | undefined {
  const hit = armed.get(bucket)?.find(({ failure, left }) => left > 0 && failure.fails(key, versionId));
  if (!hit) return undefined;
  hit.left -= 1;
  const { code, message = 'We encountered an internal error. Please try again.' } = hit.failure;
  return new AwsError(code, message, code === 'AccessDenied' ? 403 : 503);
}
