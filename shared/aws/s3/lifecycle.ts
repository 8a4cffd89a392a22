import {
  DeleteBucketLifecycleCommand,
  GetBucketLifecycleConfigurationCommand,
  type LifecycleRule,
  PutBucketLifecycleConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type Aws, verb } from '../access.ts';
import { AwsFailure } from '../errors.ts';

/** The lifecycle rules of a bucket; none where there is no configuration. */
export const lifecycleRules = verb(
  ['s3:GetLifecycleConfiguration'],
  async (aws: Aws, bucket: string): Promise<readonly LifecycleRule[]> => {
    try {
      const command = new GetBucketLifecycleConfigurationCommand({
        Bucket: bucket,
        ExpectedBucketOwner: aws.place.account,
      });
      return (await aws.send(S3Client, command)).Rules ?? [];
    } catch (error) {
      if (error instanceof AwsFailure && error.code === 'NoSuchLifecycleConfiguration') return [];
      throw error;
    }
  },
);

/**
 * A rule that deletes, sooner or later, newest versions of keys with this prefix, or of some of them. Whatever else it
 * asks of an object counts as fulfilled. https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 */
export function expiringRule(rules: readonly LifecycleRule[], prefix: string): LifecycleRule | undefined {
  return rules.find((rule) => {
    const { Status, Expiration, Filter } = rule;
    const own = Filter?.And?.Prefix ?? Filter?.Prefix ?? rule.Prefix ?? '';
    const expires = Expiration?.Days !== undefined || Expiration?.Date !== undefined;
    return Status !== 'Disabled' && expires && (prefix.startsWith(own) || own.startsWith(prefix));
  });
}

/** Puts the whole configuration: what is not in it is gone (B4.39). No rules: no configuration. */
export const putLifecycleRules = verb(
  ['s3:PutLifecycleConfiguration'],
  async (aws: Aws, bucket: string, rules: readonly LifecycleRule[]): Promise<string | undefined> => {
    const input = { Bucket: bucket, ExpectedBucketOwner: aws.place.account };
    if (rules.length === 0) {
      return (await aws.send(S3Client, new DeleteBucketLifecycleCommand(input))).$metadata.requestId;
    }
    const LifecycleConfiguration = { Rules: rules.map(withFilter) };
    const command = new PutBucketLifecycleConfigurationCommand({ ...input, LifecycleConfiguration });
    return (await aws.send(S3Client, command)).$metadata.requestId;
  },
);

/** Old rules name their prefix outside of a filter, which S3 refuses beside new ones. */
function withFilter({ Prefix, ...rule }: LifecycleRule): LifecycleRule {
  return Prefix === undefined ? rule : { ...rule, Filter: { Prefix } };
}
