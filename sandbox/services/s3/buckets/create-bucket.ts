import type * as s3 from '@aws-sdk/client-s3';
import { AwsError } from '../../../core/errors.ts';
import { type Call, operation } from '../../../core/service.ts';
import { checkTags } from '../configuration/tag-rules.ts';
import { startDays } from '../lifecycle/daily.ts';
import { refuse } from '../refuse.ts';
import { hostOf, refuseUnsupported } from '../s3-operation.ts';
import { addBucket, type Bucket, bucketsOf } from '../state.ts';
import { checkBucketName } from './bucket-name.ts';

const SUPPORTED = [
  'ACL',
  'BucketNamespace',
  'CreateBucketConfiguration',
  'ObjectLockEnabledForBucket',
  'ObjectOwnership',
];

export const createBucket = operation<s3.CreateBucketRequest, s3.CreateBucketOutput>({
  /** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucketConfiguration.html: tags ask for a right of their own. */
  authorize: ({ Bucket, CreateBucketConfiguration }, call) => {
    const resources = [`arn:${call.partition}:s3:::${Bucket}`];
    const hasTags = (CreateBucketConfiguration?.Tags ?? []).length > 0;
    return [
      { action: 's3:CreateBucket', resources },
      ...(hasTags ? [{ action: 's3:TagResource', resources }] : []),
    ];
  },
  run(input, call) {
    refuseUnsupported(input, SUPPORTED, call);
    const name = input.Bucket ?? '';
    checkBucketName(name);
    checkNamespace(input, call);
    const { LocationConstraint: location, Tags = [] } = input.CreateBucketConfiguration ?? {};
    const region = regionFor(location, call);
    const known = bucketsOf(call.world, call.partition).get(name);
    if (known) return { Location: `/${again(known, region, call).name}` };
    checkAcl(input);
    checkTags(Tags);
    const bucket = addBucket(call.world, {
      name,
      owner: call.account,
      partition: call.partition,
      region,
      ...(location && { location }),
    });
    furnish(bucket, input, Tags);
    startDays(call.world);
    const Location = region === 'us-east-1' ? `/${name}` : `http://${name}.s3.amazonaws.com/`;
    return { Location, BucketArn: bucket.arn };
  },
  trail: (
    { Bucket, CreateBucketConfiguration, ACL, ObjectLockEnabledForBucket, ObjectOwnership },
    _output,
    call,
  ) => ({
    request: {
      ...(CreateBucketConfiguration && { CreateBucketConfiguration }),
      bucketName: Bucket,
      Host: hostOf(call),
      ...(ACL && { 'x-amz-acl': ACL }),
      ...(ObjectLockEnabledForBucket && { 'x-amz-bucket-object-lock-enabled': 'true' }),
      ...(ObjectOwnership && { 'x-amz-object-ownership': ObjectOwnership }),
    },
    response: null,
  }),
});

/** The region of the endpoint, unless the global one is asked, which takes any region's constraint. */
function regionFor(location: string | undefined, call: Call): string {
  const wished = location === 'EU' ? 'eu-west-1' : location;
  if (call.region === 'us-east-1') {
    if (!wished) return 'us-east-1';
    const state = call.world.accounts.get(call.account)?.regions.get(wished);
    if (wished === 'us-east-1' || state === undefined || state === 'not-opted-in') {
      throw new AwsError('InvalidLocationConstraint', 'The specified location-constraint is not valid', 400, {
        LocationConstraint: location,
      });
    }
    return wished;
  }
  if (wished === call.region) return wished;
  const text = wished
    ? `The ${location} location constraint is incompatible for the region specific endpoint this request was sent to.`
    : 'The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.';
  throw new AwsError('IllegalLocationConstraintException', text);
}

/** In us-east-1 making one's own bucket again is no mistake. */
function again(known: Bucket, region: string, call: Call): Bucket {
  if (known.owner !== call.account) {
    const text =
      'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.';
    throw new AwsError('BucketAlreadyExists', text, 409, { BucketName: known.name });
  }
  if (region === 'us-east-1' && known.region === region) return known;
  const text = 'Your previous request to create the named bucket succeeded and you already own it.';
  throw new AwsError('BucketAlreadyOwnedByYou', text, 409, { BucketName: known.name });
}

function checkNamespace({ Bucket = '', BucketNamespace }: s3.CreateBucketRequest, call: Call): void {
  const own = Bucket.endsWith(`-${call.account}-${call.region}-an`);
  const wished = BucketNamespace === 'account-regional';
  if (own === wished) return;
  throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName: Bucket });
}

/** Where the owner owns everything, only the ACL that grants nothing to others fits. */
function checkAcl({ ACL, ObjectOwnership = 'BucketOwnerEnforced' }: s3.CreateBucketRequest): void {
  if (ACL === undefined || ACL === 'private') return;
  if (ObjectOwnership !== 'BucketOwnerEnforced') throw refuse.accessDenied();
  throw new AwsError(
    'InvalidBucketAclWithObjectOwnership',
    'Bucket cannot have ACLs set with ObjectOwnership’s BucketOwnerEnforced setting',
  );
}

function furnish(bucket: Bucket, input: s3.CreateBucketRequest, tags: readonly s3.Tag[]): void {
  const { ObjectOwnership, ObjectLockEnabledForBucket } = input;
  if (ObjectOwnership) bucket.configurations.ownership = { Rules: [{ ObjectOwnership }] };
  for (const { Key = '', Value = '' } of tags) bucket.tags.set(Key, Value);
  if (!ObjectLockEnabledForBucket) return;
  bucket.versioning = 'Enabled';
  bucket.configurations.objectLock = { ObjectLockEnabled: 'Enabled' };
}
