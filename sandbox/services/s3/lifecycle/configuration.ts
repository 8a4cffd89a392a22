import type * as s3 from '@aws-sdk/client-s3';
import { AwsError } from '../../../core/errors.ts';
import { notImplemented } from '../../../core/refusals.ts';
import { refuse } from '../refuse.ts';
import { onBucket } from '../s3-operation.ts';

const DAY = 86_400_000;

export const getBucketLifecycleConfiguration = onBucket<
  s3.GetBucketLifecycleConfigurationRequest,
  s3.GetBucketLifecycleConfigurationOutput
>({
  action: 's3:GetLifecycleConfiguration',
  run(_input, { configurations: { lifecycle }, name }) {
    const text = 'The lifecycle configuration does not exist';
    if (!lifecycle) throw new AwsError('NoSuchLifecycleConfiguration', text, 404, { BucketName: name });
    return { Rules: [...lifecycle.Rules] };
  },
});

/** Puts all rules at once: those of before are gone. Not with MFA delete, which nobody could answer for. */
export const putBucketLifecycleConfiguration = onBucket<
  s3.PutBucketLifecycleConfigurationRequest,
  s3.PutBucketLifecycleConfigurationOutput
>({
  action: 's3:PutLifecycleConfiguration',
  supports: ['LifecycleConfiguration'],
  run({ LifecycleConfiguration: wished }, bucket, call) {
    const rules = wished?.Rules ?? [];
    if (rules.length === 0 || rules.length > 1000) throw refuse.malformedXml();
    if (bucket.mfaDevice !== undefined) {
      throw refuse.invalidBucketState(
        'Lifecycle configuration is not allowed on a bucket with MFA delete enabled.',
      );
    }
    const ids = rules.flatMap(({ ID }) => ID ?? []);
    if (new Set(ids).size < ids.length) throw refuse.invalidArgument('Rule ID must be unique.', 'ID');
    for (const rule of rules) checkRule(rule);
    const Rules = rules.map((rule) => ({ ...rule, ID: rule.ID ?? call.world.random.uuid() }));
    bucket.configurations.lifecycle = { Rules };
    return {};
  },
  eventName: 'PutBucketLifecycle',
  trail: ({ LifecycleConfiguration }) => ({ lifecycle: '', LifecycleConfiguration }),
});

export const deleteBucketLifecycle = onBucket<s3.DeleteBucketLifecycleRequest, object>({
  action: 's3:PutLifecycleConfiguration',
  run(_input, { configurations }) {
    delete configurations.lifecycle;
    return {};
  },
  trail: () => ({ lifecycle: '' }),
});

function checkRule(rule: s3.LifecycleRule): void {
  const { Status, Filter, Prefix, Expiration, NoncurrentVersionExpiration, AbortIncompleteMultipartUpload } =
    rule;
  if (Status !== 'Enabled' && Status !== 'Disabled') throw refuse.malformedXml();
  if ((Filter === undefined) === (Prefix === undefined)) throw refuse.malformedXml();
  if (rule.Transitions?.length || rule.NoncurrentVersionTransitions?.length) {
    throw notImplemented('transitions of s3:PutBucketLifecycleConfiguration');
  }
  if (!Expiration && !NoncurrentVersionExpiration && !AbortIncompleteMultipartUpload) {
    throw refuse.invalidRequest('At least one action needs to be specified in a rule');
  }
  if (Expiration) checkExpiration(Expiration);
  checkDays(NoncurrentVersionExpiration, NoncurrentVersionExpiration?.NoncurrentDays, 'NoncurrentDays');
  checkDays(
    AbortIncompleteMultipartUpload,
    AbortIncompleteMultipartUpload?.DaysAfterInitiation,
    'DaysAfterInitiation',
  );
  const tagged = Filter?.Tag ?? Filter?.And?.Tags;
  if (tagged && (AbortIncompleteMultipartUpload || Expiration?.ExpiredObjectDeleteMarker)) {
    const action = AbortIncompleteMultipartUpload
      ? 'AbortIncompleteMultipartUpload'
      : 'ExpiredObjectDeleteMarker';
    throw refuse.invalidRequest(`${action} cannot be specified with Tags.`);
  }
}

/** Days, a date at midnight, or the wish to clear lone delete markers: exactly one of them. */
function checkExpiration({ Days, Date: date, ExpiredObjectDeleteMarker }: s3.LifecycleExpiration): void {
  const given = [Days, date, ExpiredObjectDeleteMarker].filter((each) => each !== undefined);
  if (given.length !== 1) throw refuse.malformedXml();
  checkDays(Days, Days, 'Days');
  if (date && date.getTime() % DAY !== 0) {
    throw refuse.invalidArgument("'Date' must be at midnight GMT", 'Date', date.toISOString());
  }
}

function checkDays(action: unknown, days: number | undefined, name: string): void {
  if (action === undefined) return;
  if (days !== undefined && Number.isInteger(days) && days > 0) return;
  throw refuse.invalidArgument(`'${name}' must be a positive integer`, name, String(days));
}
