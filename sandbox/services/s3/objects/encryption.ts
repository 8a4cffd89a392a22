import { createHash } from 'node:crypto';
import type * as s3 from '@aws-sdk/client-s3';
import { AwsError } from '../../../core/errors.ts';
import type { World } from '../../../core/world.ts';
import { refuse } from '../refuse.ts';
import type { Bucket } from '../state.ts';
import type { Version } from '../versions/version.ts';

type CustomerKey = Pick<s3.PutObjectRequest, 'SSECustomerAlgorithm' | 'SSECustomerKey' | 'SSECustomerKeyMD5'>;
type Wish = CustomerKey &
  Pick<s3.PutObjectRequest, 'ServerSideEncryption' | 'SSEKMSKeyId' | 'BucketKeyEnabled'>;
type Told = Pick<
  s3.GetObjectOutput,
  'ServerSideEncryption' | 'SSEKMSKeyId' | 'SSECustomerAlgorithm' | 'SSECustomerKeyMD5'
>;

const disabled = new WeakMap<World, Set<string>>();

/** From now on nobody reads what was encrypted with this key. */
export function disableKmsKey(world: World, keyId: string): void {
  const keys = disabled.get(world) ?? new Set();
  disabled.set(world, keys.add(keyId));
}

/** How a new version is encrypted: with the customer's own key, as wished, or by the bucket's default. */
export function encryptionOf(
  bucket: Bucket,
  wish: Wish,
): { readonly told: Told; readonly customerKeyMd5?: string } {
  const { SSECustomerAlgorithm, SSECustomerKey, ServerSideEncryption, SSEKMSKeyId } = wish;
  if (SSECustomerKey !== undefined) {
    if (SSECustomerAlgorithm !== 'AES256') {
      throw refuse.invalidArgument(
        'The encryption algorithm specified is not valid. The valid value is AES256.',
        'x-amz-server-side-encryption-customer-algorithm',
      );
    }
    const SSECustomerKeyMD5 = md5Of(wish);
    return { told: { SSECustomerAlgorithm, SSECustomerKeyMD5 }, customerKeyMd5: SSECustomerKeyMD5 };
  }
  const rule = bucket.configurations.encryption?.Rules?.[0]?.ApplyServerSideEncryptionByDefault;
  const kmsKey = SSEKMSKeyId ?? (ServerSideEncryption ? undefined : rule?.KMSMasterKeyID);
  return {
    told: {
      ServerSideEncryption: ServerSideEncryption ?? rule?.SSEAlgorithm ?? 'AES256',
      ...(kmsKey !== undefined && { SSEKMSKeyId: kmsKey }),
    },
  };
}

/** May the content be read? Not without the customer's key, not with a disabled one, not from the archive. */
export function checkReadable(world: World, version: Version, key: CustomerKey): void {
  const { details } = version;
  if (details?.customerKeyMd5 !== undefined && key.SSECustomerKey === undefined) {
    throw refuse.invalidRequest(
      'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.',
    );
  }
  if (details?.customerKeyMd5 !== undefined && md5Of(key) !== details.customerKeyMd5)
    throw refuse.accessDenied();
  const kmsKey = details?.given?.SSEKMSKeyId;
  if (kmsKey !== undefined && disabled.get(world)?.has(kmsKey)) {
    throw new AwsError('KMS.DisabledException', `${kmsKey} is disabled.`);
  }
}

/** Content in an archive class is out of reach, but for the time for which it was restored. */
export function checkNotArchived({ storageClass: StorageClass, details }: Version, now: Date): void {
  if (StorageClass !== 'GLACIER' && StorageClass !== 'DEEP_ARCHIVE') return;
  const { from, until } = details?.restored ?? { from: 0, until: 0 };
  if (now.getTime() >= from && now.getTime() < until) return;
  const text = "The operation is not valid for the object's storage class";
  throw new AwsError('InvalidObjectState', text, 403, { StorageClass });
}

function md5Of({ SSECustomerKey = '', SSECustomerKeyMD5 }: CustomerKey): string {
  const md5 = createHash('md5').update(Buffer.from(SSECustomerKey, 'base64')).digest('base64');
  if (SSECustomerKeyMD5 === undefined || SSECustomerKeyMD5 === md5) return md5;
  throw refuse.invalidArgument(
    'The calculated MD5 hash of the key did not match the hash that was provided.',
    'x-amz-server-side-encryption-customer-key-MD5',
  );
}
