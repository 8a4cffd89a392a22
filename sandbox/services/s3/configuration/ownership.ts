import type * as s3 from '@aws-sdk/client-s3';
import { AwsError } from '../../../core/errors.ts';
import { notImplemented } from '../../../core/refusals.ts';
import { refuse } from '../refuse.ts';
import { onBucket } from '../s3-operation.ts';
import { type Bucket, canonicalId } from '../state.ts';

const ACLS_OFF = () => new AwsError('AccessControlListNotSupported', 'The bucket does not allow ACLs');
const EVERYONE = 'http://acs.amazonaws.com/groups/global/AllUsers';
const SIGNED_IN = 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers';
const LOG_DELIVERY = 'http://acs.amazonaws.com/groups/s3/LogDelivery';

/** Do ACLs speak at all? Not where the owner owns everything. */
export function aclsEnabled({ configurations }: Bucket): boolean {
  return configurations.ownership?.Rules?.[0]?.ObjectOwnership !== 'BucketOwnerEnforced';
}

export const getBucketOwnershipControls = onBucket<
  s3.GetBucketOwnershipControlsRequest,
  s3.GetBucketOwnershipControlsOutput
>({
  action: 's3:GetBucketOwnershipControls',
  run(_input, { configurations: { ownership }, name }) {
    if (ownership) return { OwnershipControls: ownership };
    const text = 'The bucket ownership controls were not found';
    throw new AwsError('OwnershipControlsNotFoundError', text, 404, { BucketName: name });
  },
});

export const putBucketOwnershipControls = onBucket<s3.PutBucketOwnershipControlsRequest, object>({
  action: 's3:PutBucketOwnershipControls',
  supports: ['OwnershipControls'],
  run({ OwnershipControls: wished }, bucket) {
    const rule = wished?.Rules?.[0]?.ObjectOwnership;
    if (wished?.Rules?.length !== 1) throw refuse.malformedXml();
    if (rule === 'BucketOwnerEnforced' && (bucket.configurations.acl?.Grants ?? []).length > 1) {
      throw new AwsError(
        'InvalidBucketAclWithObjectOwnership',
        'Bucket cannot have ACLs set with ObjectOwnership’s BucketOwnerEnforced setting',
      );
    }
    bucket.configurations.ownership = wished;
    return {};
  },
  trail: ({ OwnershipControls }) => ({ ownershipControls: '', OwnershipControls }),
});

export const deleteBucketOwnershipControls = onBucket<s3.DeleteBucketOwnershipControlsRequest, object>({
  action: 's3:PutBucketOwnershipControls',
  run(_input, { configurations }) {
    delete configurations.ownership;
    return {};
  },
  trail: () => ({ ownershipControls: '' }),
});

export const getBucketAcl = onBucket<s3.GetBucketAclRequest, s3.GetBucketAclOutput>({
  action: 's3:GetBucketAcl',
  run: (_input, bucket) => bucket.configurations.acl ?? ownersOnly(bucket),
});

/** Grants, as a list or as one of the canned ACLs. */
export const putBucketAcl = onBucket<s3.PutBucketAclRequest, object>({
  action: 's3:PutBucketAcl',
  supports: ['ACL', 'AccessControlPolicy'],
  run({ ACL, AccessControlPolicy }, bucket) {
    if ((ACL === undefined) === (AccessControlPolicy === undefined)) {
      throw refuse.invalidRequest('Specify either a canned ACL or an access control policy.');
    }
    const acl = AccessControlPolicy ?? canned(ACL ?? '', bucket);
    if (!acl.Owner?.ID || !acl.Grants) throw refuse.malformedXml();
    if (!aclsEnabled(bucket) && !isOwnersOnly(acl, bucket)) throw ACLS_OFF();
    const open = acl.Grants.some(({ Grantee }) => [EVERYONE, SIGNED_IN].includes(Grantee?.URI ?? ''));
    if (open && bucket.configurations.publicAccess?.BlockPublicAcls) throw refuse.accessDenied();
    bucket.configurations.acl = acl;
    return {};
  },
  trail: ({ ACL, AccessControlPolicy }) => ({
    acl: '',
    ...(ACL && { 'x-amz-acl': [ACL] }),
    ...(AccessControlPolicy && { AccessControlPolicy }),
  }),
});

function ownersOnly({ owner }: Bucket): s3.AccessControlPolicy {
  return { Owner: { ID: canonicalId(owner) }, Grants: [grant(owner)] };
}

const grant = (account: string): s3.Grant => ({
  Grantee: { Type: 'CanonicalUser', ID: canonicalId(account) },
  Permission: 'FULL_CONTROL',
});

function isOwnersOnly({ Grants = [] }: s3.AccessControlPolicy, { owner }: Bucket): boolean {
  return Grants.every(({ Grantee }) => Grantee?.ID === canonicalId(owner));
}

function canned(name: string, bucket: Bucket): s3.AccessControlPolicy {
  const { Owner, Grants = [] } = ownersOnly(bucket);
  const groups: Readonly<Record<string, readonly (readonly [uri: string, permission: s3.Permission])[]>> = {
    private: [],
    'public-read': [[EVERYONE, 'READ']],
    'public-read-write': [
      [EVERYONE, 'READ'],
      [EVERYONE, 'WRITE'],
    ],
    'authenticated-read': [[SIGNED_IN, 'READ']],
    'log-delivery-write': [
      [LOG_DELIVERY, 'WRITE'],
      [LOG_DELIVERY, 'READ_ACP'],
    ],
  };
  const given = groups[name];
  if (!given) throw notImplemented(`the canned ACL ${name} of s3:PutBucketAcl`);
  const more = given.map(([URI, Permission]) => ({ Grantee: { Type: 'Group' as const, URI }, Permission }));
  return { ...(Owner && { Owner }), Grants: [...Grants, ...more] };
}
