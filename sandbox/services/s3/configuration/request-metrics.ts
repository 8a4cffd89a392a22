import type * as s3 from '@aws-sdk/client-s3';
import { AwsError } from '../../../core/errors.ts';
import { refuse } from '../refuse.ts';
import { onBucket } from '../s3-operation.ts';

/** Which requests of a bucket CloudWatch counts, by id; kept apart because nothing else looks at it. */
const configured = new WeakMap<object, Map<string, s3.MetricsConfiguration>>();

function metricsOf(bucket: object): Map<string, s3.MetricsConfiguration> {
  const found = configured.get(bucket) ?? new Map<string, s3.MetricsConfiguration>();
  configured.set(bucket, found);
  return found;
}

export const putBucketMetricsConfiguration = onBucket<s3.PutBucketMetricsConfigurationRequest, object>({
  action: 's3:PutMetricsConfiguration',
  supports: ['Id', 'MetricsConfiguration'],
  run({ Id = '', MetricsConfiguration: wished }, bucket) {
    if (wished?.Id !== Id) throw refuse.malformedXml();
    metricsOf(bucket).set(Id, wished);
    return {};
  },
  trail: ({ Id }) => ({ metrics: '', id: Id }),
});

export const deleteBucketMetricsConfiguration = onBucket<s3.DeleteBucketMetricsConfigurationRequest, object>({
  action: 's3:PutMetricsConfiguration',
  supports: ['Id'],
  run({ Id = '' }, bucket) {
    if (metricsOf(bucket).delete(Id)) return {};
    throw new AwsError('NoSuchConfiguration', 'The specified configuration does not exist.', 404);
  },
  trail: ({ Id }) => ({ metrics: '', id: Id }),
});

/** At most 100 a page, by id. */
export const listBucketMetricsConfigurations = onBucket<
  s3.ListBucketMetricsConfigurationsRequest,
  s3.ListBucketMetricsConfigurationsOutput
>({
  action: 's3:GetMetricsConfiguration',
  supports: ['ContinuationToken'],
  run({ ContinuationToken: token }, bucket) {
    const metrics = metricsOf(bucket);
    const ids = [...metrics.keys()].sort().filter((id) => token === undefined || id > token);
    const page = ids.slice(0, 100);
    const IsTruncated = page.length < ids.length;
    return {
      MetricsConfigurationList: page.flatMap((id) => metrics.get(id) ?? []),
      IsTruncated,
      ...(token !== undefined && { ContinuationToken: token }),
      ...(IsTruncated && { NextContinuationToken: page.at(-1) }),
    };
  },
});
