import { bucketNamed } from '../../services/s3/state.ts';
import {
  json,
  type Making,
  onlyKnown,
  type ResourceType,
  records,
  refuseDropped,
  text,
} from '../resource-type.ts';
import { type Fields, isFields } from '../template.ts';

const SETTINGS = ['BucketEncryption', 'PublicAccessBlockConfiguration', 'VersioningConfiguration'];

const bucket: ResourceType = {
  properties: [...SETTINGS, 'BucketName', 'Tags'],
  replacedBy: ['BucketName'],
  updates: SETTINGS,
  async create(p, making) {
    const Bucket = (typeof p.BucketName === 'string' ? p.BucketName : making.uniqueName(63)).toLowerCase();
    const { partition, region, world } = making;
    const elsewhere = region !== 'us-east-1' && { CreateBucketConfiguration: { LocationConstraint: region } };
    await making.invoke('s3', 'CreateBucket', { Bucket, ...elsewhere });
    const host = `amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
    const made = {
      ref: Bucket,
      attributes: {
        Arn: `arn:${partition}:s3:::${Bucket}`,
        DomainName: `${Bucket}.s3.${host}`,
        RegionalDomainName: `${Bucket}.s3.${region}.${host}`,
      },
    };
    making.begun(made);
    // No request may set tags that begin with `aws:`; CloudFormation is part of AWS.
    const { tags } = bucketNamed(world, partition, Bucket);
    for (const { Key, Value } of making.tags) tags.set(Key, Value);
    await configure(p, making, Bucket);
    return made;
  },
  async update(p, making, { ref, attributes = {}, properties }) {
    refuseDropped(p, properties, SETTINGS);
    await configure(p, making, ref);
    return { ref, attributes };
  },
  remove: ({ ref: Bucket }, making) => making.invoke('s3', 'DeleteBucket', { Bucket }),
};

async function configure(p: Fields, making: Making, Bucket: string): Promise<void> {
  if (isFields(p.BucketEncryption)) {
    onlyKnown(p.BucketEncryption, 'BucketEncryption', ['ServerSideEncryptionConfiguration']);
    const Rules = records(p.BucketEncryption, 'ServerSideEncryptionConfiguration').map(encryptionRule);
    const ServerSideEncryptionConfiguration = { Rules };
    await making.invoke('s3', 'PutBucketEncryption', { Bucket, ServerSideEncryptionConfiguration });
  }
  const { PublicAccessBlockConfiguration, VersioningConfiguration } = p;
  if (PublicAccessBlockConfiguration !== undefined)
    await making.invoke('s3', 'PutPublicAccessBlock', { Bucket, PublicAccessBlockConfiguration });
  if (VersioningConfiguration !== undefined)
    await making.invoke('s3', 'PutBucketVersioning', { Bucket, VersioningConfiguration });
}

/** CloudFormation says `ServerSideEncryptionByDefault` where the API says `ApplyServerSideEncryptionByDefault`. */
function encryptionRule(rule: Fields): Fields {
  const path = 'BucketEncryption.ServerSideEncryptionConfiguration';
  onlyKnown(rule, path, ['ServerSideEncryptionByDefault', 'BucketKeyEnabled']);
  const { ServerSideEncryptionByDefault: ApplyServerSideEncryptionByDefault, ...rest } = rule;
  return { ApplyServerSideEncryptionByDefault, ...rest };
}

const bucketPolicy: ResourceType = {
  properties: ['Bucket', 'PolicyDocument'],
  replacedBy: ['Bucket'],
  updates: ['PolicyDocument'],
  async create(p, making) {
    await putPolicy(p, making);
    return { ref: text(p, 'Bucket') };
  },
  async update(p, making, { ref }) {
    await putPolicy(p, making);
    return { ref };
  },
  remove: ({ ref: Bucket }, making) => making.invoke('s3', 'DeleteBucketPolicy', { Bucket }),
};

async function putPolicy(p: Fields, making: Making): Promise<void> {
  const Policy = json(p.PolicyDocument);
  await making.invoke('s3', 'PutBucketPolicy', { Bucket: text(p, 'Bucket'), Policy });
}

/** Buckets and their policies. */
export const bucketTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::S3::Bucket': bucket,
  'AWS::S3::BucketPolicy': bucketPolicy,
};
