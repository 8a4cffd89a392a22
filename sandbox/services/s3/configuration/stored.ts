import type * as s3 from '@aws-sdk/client-s3';
import { AwsError } from '../../../core/errors.ts';
import { onBucket } from '../s3-operation.ts';
import type { Bucket, Configurations } from '../state.ts';

/** A setting as it was put, or the error that says that there is none. */
export function found<K extends keyof Configurations>(
  { configurations, name: BucketName }: Bucket,
  name: K,
  code: string,
  message: string,
): NonNullable<Configurations[K]> {
  const held = configurations[name];
  if (held === undefined) throw new AwsError(code, message, 404, { BucketName });
  return held;
}

/** Takes a subresource away; doing it twice is no mistake. */
export function removes(action: string, name: keyof Configurations, query: string, eventName?: string) {
  return onBucket<s3.DeleteBucketWebsiteRequest, object>({
    action,
    ...(eventName !== undefined && { eventName }),
    run(_input, { configurations }) {
      delete configurations[name];
      return {};
    },
    trail: () => ({ [query]: '' }),
  });
}
