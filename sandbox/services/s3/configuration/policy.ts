import type * as s3 from '@aws-sdk/client-s3';
import { AwsError } from '../../../core/errors.ts';
import { resourcePolicyOf, setResourcePolicy } from '../../../iam/resource-policies.ts';
import { refuse } from '../refuse.ts';
import { onBucket } from '../s3-operation.ts';
import type { Bucket } from '../state.ts';

const MOST_BYTES = 20 * 1024;

export const getBucketPolicy = onBucket<s3.GetBucketPolicyRequest, s3.GetBucketPolicyOutput>({
  action: 's3:GetBucketPolicy',
  run(_input, { configurations, name }) {
    if (configurations.policy !== undefined) return { Policy: configurations.policy };
    throw new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', 404, { BucketName: name });
  },
});

/** The policy speaks from the next call on, and moves the bucket's CreationDate, as it may on AWS. */
export const putBucketPolicy = onBucket<s3.PutBucketPolicyRequest, object>({
  action: 's3:PutBucketPolicy',
  supports: ['Policy', 'ConfirmRemoveSelfBucketAccess'],
  run({ Policy = '' }, bucket, { world, now }) {
    if (Buffer.byteLength(Policy) > MOST_BYTES)
      throw malformed('Policy exceeds the maximum allowed document size.');
    const before = bucket.configurations.policy;
    try {
      setResourcePolicy(world, bucket.arn, Policy, { owner: bucket.owner });
    } catch (error) {
      throw malformed(error instanceof Error ? error.message : 'Policies must be valid JSON');
    }
    const statements = resourcePolicyOf(world, bucket.arn)?.document.statements ?? [];
    const foreign = statements.some(
      ({ resources }) => !resources?.patterns.every((arn) => isWithin(arn, bucket)),
    );
    if (foreign || (isPublic(Policy) && bucket.configurations.publicAccess?.BlockPublicPolicy)) {
      setResourcePolicy(world, bucket.arn, before, { owner: bucket.owner });
      if (foreign) throw malformed('Policy has invalid resource');
      throw refuse.accessDenied(
        'User is not authorized to perform: s3:PutBucketPolicy because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.',
      );
    }
    bucket.configurations.policy = Policy;
    bucket.createdAt = now.getTime();
    return {};
  },
  trail: ({ Policy }) => ({ policy: '', bucketPolicy: parsed(Policy) }),
});

export const deleteBucketPolicy = onBucket<s3.DeleteBucketPolicyRequest, object>({
  action: 's3:DeleteBucketPolicy',
  run(_input, bucket, { world }) {
    delete bucket.configurations.policy;
    setResourcePolicy(world, bucket.arn, undefined);
    return {};
  },
  trail: () => ({ policy: '' }),
});

/** A pattern may only speak of this bucket and what is in it. */
function isWithin(pattern: string, { arn }: Bucket): boolean {
  return pattern === arn || pattern.startsWith(`${arn}/`);
}

/** An Allow to everyone that no condition narrows. */
function isPublic(policy: string): boolean {
  return statementsOf(parsed(policy)).some(
    (each) =>
      Reflect.get(each, 'Effect') === 'Allow' &&
      Reflect.get(each, 'Condition') === undefined &&
      /^("\*"|\{"AWS":(\["\*"\]|"\*")\})$/.test(JSON.stringify(Reflect.get(each, 'Principal') ?? '')),
  );
}

function statementsOf(document: unknown): readonly object[] {
  const listed: unknown =
    typeof document === 'object' && document !== null ? Reflect.get(document, 'Statement') : [];
  return [listed].flat().filter((each) => typeof each === 'object' && each !== null);
}

function parsed(policy = ''): unknown {
  try {
    return JSON.parse(policy);
  } catch {
    return policy;
  }
}

const malformed = (message: string) => new AwsError('MalformedPolicy', message);
