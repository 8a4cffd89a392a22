import type * as s3 from '@aws-sdk/client-s3';
import { AwsError } from '../../../core/errors.ts';
import { refuse } from '../refuse.ts';
import { onBucket } from '../s3-operation.ts';

const AES256: s3.ServerSideEncryptionConfiguration = {
  Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
};

export const getBucketEncryption = onBucket<s3.GetBucketEncryptionRequest, s3.GetBucketEncryptionOutput>({
  action: 's3:GetEncryptionConfiguration',
  run: (_input, { configurations: { encryption } }) => ({
    ServerSideEncryptionConfiguration: encryption ?? AES256,
  }),
});

export const putBucketEncryption = onBucket<s3.PutBucketEncryptionRequest, object>({
  action: 's3:PutEncryptionConfiguration',
  supports: ['ServerSideEncryptionConfiguration'],
  run({ ServerSideEncryptionConfiguration: wished }, { configurations }) {
    if (wished?.Rules?.length !== 1) throw refuse.malformedXml();
    configurations.encryption = wished;
    return {};
  },
  trail: ({ ServerSideEncryptionConfiguration }) => ({ encryption: '', ServerSideEncryptionConfiguration }),
});

/** Back to AES256, which nobody can switch off. */
export const deleteBucketEncryption = onBucket<s3.DeleteBucketEncryptionRequest, object>({
  action: 's3:PutEncryptionConfiguration',
  run(_input, { configurations }) {
    delete configurations.encryption;
    return {};
  },
  trail: () => ({ encryption: '' }),
});

export const getBucketRequestPayment = onBucket<
  s3.GetBucketRequestPaymentRequest,
  s3.GetBucketRequestPaymentOutput
>({
  action: 's3:GetBucketRequestPayment',
  run: (_input, { configurations }) => ({ Payer: configurations.requestPayment?.Payer ?? 'BucketOwner' }),
});

export const putBucketRequestPayment = onBucket<s3.PutBucketRequestPaymentRequest, object>({
  action: 's3:PutBucketRequestPayment',
  supports: ['RequestPaymentConfiguration'],
  run({ RequestPaymentConfiguration: wished }, { configurations }) {
    if (wished?.Payer !== 'Requester' && wished?.Payer !== 'BucketOwner') throw refuse.malformedXml();
    configurations.requestPayment = wished;
    return {};
  },
  trail: ({ RequestPaymentConfiguration }) => ({ requestPayment: '', RequestPaymentConfiguration }),
});

/** Transfer acceleration, which nobody can switch on here. */
export const getBucketAccelerateConfiguration = onBucket<
  s3.GetBucketAccelerateConfigurationRequest,
  s3.GetBucketAccelerateConfigurationOutput
>({ action: 's3:GetAccelerateConfiguration', run: () => ({}) });

export const putBucketInventoryConfiguration = onBucket<s3.PutBucketInventoryConfigurationRequest, object>({
  action: 's3:PutInventoryConfiguration',
  supports: ['Id', 'InventoryConfiguration'],
  run({ Id = '', InventoryConfiguration: wished }, { inventories }) {
    if (!wished?.Destination?.S3BucketDestination?.Bucket) throw refuse.malformedXml();
    if (wished.Id !== Id)
      throw new AwsError('InvalidArgument', 'The Id in the request and in the body differ.');
    if (!inventories.has(Id) && inventories.size >= 1000) {
      throw new AwsError(
        'TooManyConfigurations',
        'You are attempting to create more than 1,000 configurations.',
      );
    }
    inventories.set(Id, wished);
    return {};
  },
  trail: ({ Id, InventoryConfiguration }) => ({ inventory: '', id: Id, InventoryConfiguration }),
});

export const getBucketInventoryConfiguration = onBucket<
  s3.GetBucketInventoryConfigurationRequest,
  s3.GetBucketInventoryConfigurationOutput
>({
  action: 's3:GetInventoryConfiguration',
  supports: ['Id'],
  run({ Id = '' }, { inventories }) {
    const InventoryConfiguration = inventories.get(Id);
    if (InventoryConfiguration) return { InventoryConfiguration };
    throw new AwsError('NoSuchConfiguration', 'The specified configuration does not exist.', 404);
  },
});

export const deleteBucketInventoryConfiguration = onBucket<
  s3.DeleteBucketInventoryConfigurationRequest,
  object
>({
  action: 's3:PutInventoryConfiguration',
  supports: ['Id'],
  run({ Id = '' }, { inventories }) {
    if (inventories.delete(Id)) return {};
    throw new AwsError('NoSuchConfiguration', 'The specified configuration does not exist.', 404);
  },
  trail: ({ Id }) => ({ inventory: '', id: Id }),
});

/** At most 100 a page, by id. */
export const listBucketInventoryConfigurations = onBucket<
  s3.ListBucketInventoryConfigurationsRequest,
  s3.ListBucketInventoryConfigurationsOutput
>({
  action: 's3:GetInventoryConfiguration',
  supports: ['ContinuationToken'],
  run({ ContinuationToken: token }, { inventories }) {
    const ids = [...inventories.keys()].sort().filter((id) => token === undefined || id > token);
    const page = ids.slice(0, 100);
    const IsTruncated = page.length < ids.length;
    return {
      InventoryConfigurationList: page.flatMap((id) => inventories.get(id) ?? []),
      IsTruncated,
      ...(token !== undefined && { ContinuationToken: token }),
      ...(IsTruncated && { NextContinuationToken: page.at(-1) }),
    };
  },
});
