import * as s3 from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../sandbox/sandbox.ts';
import { seedBucket, seededBucket } from '../../../sandbox/services/s3/seed.ts';
import { clientOf, openS3 } from './client.ts';

const Bucket = 'stale-logs';
let sandbox: Sandbox;
let client: s3.S3Client;
beforeEach(async () => {
  ({ sandbox, client } = await openS3());
});

const name = (wanted: string) => ({ name: wanted });
/** `GetBucketWebsite` as a call on the bucket. */
const call = async (operation: string, more: object = {}): Promise<unknown> => {
  const Command = Reflect.get(s3, `${operation}Command`);
  return client.send(new Command({ Bucket, ...more }));
};
const version = (Status: 'Enabled' | 'Suspended', more: object = {}) =>
  call('PutBucketVersioning', { VersioningConfiguration: { Status, ...more } });

const CORS = { CORSRules: [{ AllowedMethods: ['GET'], AllowedOrigins: ['https://example.com'] }] };
const WEBSITE = { IndexDocument: { Suffix: 'index.html' } };
const INVENTORY = {
  Id: 'weekly',
  IsEnabled: true,
  IncludedObjectVersions: 'All' as const,
  Schedule: { Frequency: 'Weekly' as const },
  Destination: { S3BucketDestination: { Bucket: 'arn:aws:s3:::target', Format: 'CSV' as const } },
};

describe('settings that are given back as they were put', () => {
  it.each([
    ['Cors', 'NoSuchCORSConfiguration', { CORSConfiguration: CORS }, CORS],
    ['Website', 'NoSuchWebsiteConfiguration', { WebsiteConfiguration: WEBSITE }, WEBSITE],
    [
      'LifecycleConfiguration',
      'NoSuchLifecycleConfiguration',
      {
        LifecycleConfiguration: {
          Rules: [{ ID: 'r', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 1 } }],
        },
      },
      { Rules: [{ ID: 'r', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 1 } }] },
    ],
    [
      'Tagging',
      'NoSuchTagSet',
      { Tagging: { TagSet: [{ Key: 'team', Value: 'web' }] } },
      { TagSet: [{ Key: 'team', Value: 'web' }] },
    ],
  ])('%s is missing with %s, then there, then missing again', async (what, missing, wished, given) => {
    await expect(call(`GetBucket${what}`)).rejects.toMatchObject(name(missing));
    await call(`PutBucket${what}`, wished);
    expect(await call(`GetBucket${what}`)).toMatchObject(given);
    await call(`DeleteBucket${what === 'LifecycleConfiguration' ? 'Lifecycle' : what}`);
    await expect(call(`GetBucket${what}`)).rejects.toMatchObject(name(missing));
  });

  it('B4.18 logs go to a bucket of the same owner and region, and to none that does not exist', async () => {
    const put = (TargetBucket: string) =>
      call('PutBucketLogging', {
        BucketLoggingStatus: { LoggingEnabled: { TargetBucket, TargetPrefix: 'a/' } },
      });
    await expect(put('target')).rejects.toMatchObject(name('InvalidTargetBucketForLogging'));
    seedBucket(sandbox.world, { name: 'target', account: sandbox.account, region: 'us-east-1' });
    await expect(put('target')).rejects.toMatchObject(name('InvalidTargetBucketForLogging'));
    await put(Bucket);
    expect(await call('GetBucketLogging')).toMatchObject({ LoggingEnabled: { TargetBucket: Bucket } });
    await call('PutBucketLogging', { BucketLoggingStatus: {} });
    expect(await call('GetBucketLogging')).not.toHaveProperty('LoggingEnabled');
  });

  it('B4.17 replication needs versions on both sides', async () => {
    const put = () =>
      call('PutBucketReplication', {
        ReplicationConfiguration: {
          Role: 'arn:aws:iam::111122223333:role/copy',
          Rules: [{ Status: 'Enabled', Prefix: '', Destination: { Bucket: 'arn:aws:s3:::target' } }],
        },
      });
    await expect(call('GetBucketReplication')).rejects.toMatchObject(
      name('ReplicationConfigurationNotFoundError'),
    );
    await expect(put()).rejects.toThrow("Versioning must be 'Enabled'");
    await version('Enabled');
    await expect(put()).rejects.toThrow('Destination bucket must exist');
    const target = seedBucket(sandbox.world, {
      name: 'target',
      account: sandbox.account,
      region: 'us-east-1',
    });
    await expect(put()).rejects.toThrow('Destination bucket must have versioning enabled');
    target.versioning = 'Enabled';
    await put();
    expect(await call('GetBucketReplication')).toMatchObject({
      ReplicationConfiguration: { Rules: [{ Status: 'Enabled' }] },
    });
    await call('DeleteBucketReplication');
  });

  it('B4.18 inventories are listed by id', async () => {
    await call('PutBucketInventoryConfiguration', { Id: 'weekly', InventoryConfiguration: INVENTORY });
    const listed = await call('ListBucketInventoryConfigurations');
    expect(listed).toMatchObject({ IsTruncated: false, InventoryConfigurationList: [INVENTORY] });
    await call('DeleteBucketInventoryConfiguration', { Id: 'weekly' });
    const get = call('GetBucketInventoryConfiguration', { Id: 'weekly' });
    await expect(get).rejects.toMatchObject(name('NoSuchConfiguration'));
  });

  it('B4.3 request metrics are off until they are asked for, and listed by id', async () => {
    expect(await call('ListBucketMetricsConfigurations')).not.toHaveProperty('MetricsConfigurationList');
    await call('PutBucketMetricsConfiguration', { Id: 'all', MetricsConfiguration: { Id: 'all' } });
    const listed = await call('ListBucketMetricsConfigurations');
    expect(listed).toMatchObject({ IsTruncated: false, MetricsConfigurationList: [{ Id: 'all' }] });
    await call('DeleteBucketMetricsConfiguration', { Id: 'all' });
    const again = call('DeleteBucketMetricsConfiguration', { Id: 'all' });
    await expect(again).rejects.toMatchObject(name('NoSuchConfiguration'));
  });

  it('a new bucket is private, encrypted, paid by its owner and without ACLs', async () => {
    expect(await call('GetPublicAccessBlock')).toMatchObject({
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    });
    const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }];
    expect(await call('GetBucketEncryption')).toMatchObject({ ServerSideEncryptionConfiguration: { Rules } });
    expect(await call('GetBucketRequestPayment')).toMatchObject({ Payer: 'BucketOwner' });
    expect(await call('GetBucketAcl')).toMatchObject({ Grants: [{ Permission: 'FULL_CONTROL' }] });
    expect(await call('GetBucketAccelerateConfiguration')).not.toHaveProperty('Status');
    await expect(call('PutBucketAcl', { ACL: 'public-read' })).rejects.toMatchObject(
      name('AccessControlListNotSupported'),
    );
    await call('DeletePublicAccessBlock');
    await expect(call('GetPublicAccessBlock')).rejects.toMatchObject(
      name('NoSuchPublicAccessBlockConfiguration'),
    );
  });

  it('B4.23 once ACLs are let in and public access is not blocked, everyone may be granted', async () => {
    await call('PutBucketOwnershipControls', {
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerPreferred' }] },
    });
    await expect(call('PutBucketAcl', { ACL: 'public-read' })).rejects.toMatchObject(name('AccessDenied'));
    await call('DeletePublicAccessBlock');
    await call('PutBucketAcl', { ACL: 'public-read' });
    const Grantee = { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/global/AllUsers' };
    expect(await call('GetBucketAcl')).toMatchObject({ Grants: [{}, { Grantee, Permission: 'READ' }] });
  });
});

describe('tags', () => {
  const put = (TagSet: s3.Tag[]) => call('PutBucketTagging', { Tagging: { TagSet } });
  const STACK = { Key: 'aws:cloudformation:stack-id', Value: 'arn:stack' };
  const TEAM = { Key: 'team', Value: 'web' };

  it('B2.33 B2.34 B4.21 putting replaces the whole set, and keeps what is of AWS only if it is in it', async () => {
    seededBucket(sandbox.world, Bucket).tags.set(STACK.Key, STACK.Value);
    const removed = 'System tags cannot be removed by requester';
    await expect(put([TEAM])).rejects.toThrow(removed);
    await expect(call('DeleteBucketTagging')).rejects.toThrow(removed);
    await put([STACK, TEAM]);
    await put([STACK]);
    expect(await call('GetBucketTagging')).toMatchObject({ TagSet: [STACK] });
    await expect(put([{ ...STACK, Value: 'other' }])).rejects.toMatchObject(name('InvalidTag'));
  });

  it.each([
    [50, true],
    [51, false],
  ])('%i tags fit: %s', async (count, fits) => {
    const tags = Array.from({ length: count }, (_, index) => ({ Key: `k${index}`, Value: '' }));
    if (fits) await put(tags);
    else await expect(put(tags)).rejects.toMatchObject(name('BadRequest'));
  });

  it.each([
    [{ Key: '', Value: '' }],
    [{ Key: 'k'.repeat(129), Value: '' }],
    [{ Key: 'k', Value: 'v'.repeat(257) }],
    [{ Key: 'a;b', Value: '' }],
    [{ Key: 'aws:mine', Value: '' }],
  ])('the tag %j is invalid', async (tag) => {
    await expect(put([tag])).rejects.toMatchObject(name('InvalidTag'));
    await expect(put([TEAM, TEAM])).rejects.toMatchObject(name('InvalidTag'));
  });
});

describe('MFA delete', () => {
  const MFA = 'arn:aws:iam::111122223333:mfa/root 123456';
  const on = () =>
    call('PutBucketVersioning', {
      VersioningConfiguration: { Status: 'Enabled', MFADelete: 'Enabled' },
      MFA,
    });
  const batch = (Objects: s3.ObjectIdentifier[], mfa?: string) =>
    call('DeleteObjects', { Delete: { Objects }, MFA: mfa });

  it('B4.13 B4.39 fails a whole batch that names versions without a code, and lets no lifecycle in', async () => {
    await on();
    expect(await call('GetBucketVersioning')).toMatchObject({ Status: 'Enabled', MFADelete: 'Enabled' });
    const { VersionId } = await client.send(new s3.PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }));
    await call('PutObject', { Key: 'b', Body: 'x' });
    await expect(batch([{ Key: 'a', VersionId }, { Key: 'b' }])).rejects.toMatchObject(name('AccessDenied'));
    await expect(batch([{ Key: 'b' }], 'wrong 1')).rejects.toMatchObject(name('AccessDenied'));
    await expect(call('DeleteObject', { Key: 'a', VersionId })).rejects.toMatchObject(name('AccessDenied'));
    await call('HeadObject', { Key: 'b' });
    const lifecycle = call('PutBucketLifecycleConfiguration', {
      LifecycleConfiguration: { Rules: [{ Status: 'Enabled', Prefix: '', Expiration: { Days: 1 } }] },
    });
    await expect(lifecycle).rejects.toMatchObject(name('InvalidBucketState'));
    expect(await batch([{ Key: 'a', VersionId }, { Key: 'b' }], MFA)).toMatchObject({
      Deleted: [{ Key: 'a' }, { Key: 'b' }],
    });
  });

  it('only the root user switches it on, and only with a code off again', async () => {
    const ana = clientOf(sandbox, { user: 'ana' });
    const wish = { Status: 'Enabled' as const, MFADelete: 'Enabled' as const };
    const put = new s3.PutBucketVersioningCommand({ Bucket, MFA, VersioningConfiguration: wish });
    await expect(ana.send(put)).rejects.toMatchObject(name('AccessDenied'));
    await on();
    await expect(version('Suspended', { MFADelete: 'Disabled' })).rejects.toMatchObject(name('AccessDenied'));
    await call('PutBucketVersioning', {
      MFA,
      VersioningConfiguration: { Status: 'Enabled', MFADelete: 'Disabled' },
    });
    expect(await call('GetBucketVersioning')).toMatchObject({ MFADelete: 'Disabled' });
  });
});

describe('the bucket policy', () => {
  const deny = (Action: string, Resource: string | string[]) =>
    call('PutBucketPolicy', {
      Policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Deny', Principal: '*', Action, Resource }],
      }),
    });

  it('B4.14 a Deny holds root and everyone back, key by key, and counts for batches too', async () => {
    await call('PutObject', { Key: 'kept/a', Body: 'x' });
    await call('PutObject', { Key: 'b', Body: 'x' });
    await deny('s3:DeleteObject*', `arn:aws:s3:::${Bucket}/kept/*`);
    const batch = await call('DeleteObjects', { Delete: { Objects: [{ Key: 'kept/a' }, { Key: 'b' }] } });
    expect(batch).toMatchObject({
      Errors: [{ Key: 'kept/a', Code: 'AccessDenied' }],
      Deleted: [{ Key: 'b' }],
    });
    await expect(call('DeleteObject', { Key: 'kept/a' })).rejects.toThrow(
      'with an explicit deny in a resource-based policy',
    );
  });

  it('B4.14 Beanstalk forbids DeleteBucket this way', async () => {
    await deny('s3:DeleteBucket', `arn:aws:s3:::${Bucket}`);
    await expect(call('DeleteBucket')).rejects.toMatchObject(name('AccessDenied'));
    await call('DeleteBucketPolicy');
    await expect(call('GetBucketPolicy')).rejects.toMatchObject(name('NoSuchBucketPolicy'));
    await call('DeleteBucket');
  });

  it('B4.23 lets another account in, if that account agrees', async () => {
    sandbox.world.addAccount({ id: '999900001111' });
    const stranger = clientOf(sandbox, { account: '999900001111' });
    await call('PutBucketPolicy', {
      Policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: 'arn:aws:iam::999900001111:root' },
            Action: 's3:ListBucket',
            Resource: `arn:aws:s3:::${Bucket}`,
          },
        ],
      }),
    });
    await stranger.send(new s3.ListObjectsV2Command({ Bucket }));
    await expect(stranger.send(new s3.GetBucketPolicyCommand({ Bucket }))).rejects.toMatchObject(
      name('AccessDenied'),
    );
  });

  it.each([
    ['no JSON', '{'],
    [
      'another bucket',
      JSON.stringify({
        Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::other/*' }],
      }),
    ],
    [
      'no principal',
      JSON.stringify({ Statement: [{ Effect: 'Deny', Action: 's3:*', Resource: `arn:aws:s3:::${Bucket}` }] }),
    ],
  ])('with %s in it is malformed', async (_what, Policy) => {
    await expect(call('PutBucketPolicy', { Policy })).rejects.toMatchObject(name('MalformedPolicy'));
  });

  it('that is open to all is blocked until public access is let in', async () => {
    const Policy = JSON.stringify({
      Statement: [
        { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` },
      ],
    });
    await expect(call('PutBucketPolicy', { Policy })).rejects.toMatchObject(name('AccessDenied'));
    await expect(call('GetBucketPolicy')).rejects.toMatchObject(name('NoSuchBucketPolicy'));
    await call('DeletePublicAccessBlock');
    await call('PutBucketPolicy', { Policy });
  });
});

describe('what the sandbox does not do is named', () => {
  it.each([
    ['an operation', 'GetBucketAnalyticsConfiguration', { Id: 'all' }, 's3:GetBucketAnalyticsConfiguration'],
    ['a header', 'GetObject', { Key: 'a', Range: 'bytes=0-1' }, 'Range of s3:GetObject'],
    [
      'a query parameter',
      'GetObject',
      { Key: 'a', ResponseContentType: 'x/y' },
      'ResponseContentType of s3:GetObject',
    ],
    [
      'an element',
      'PutBucketLifecycleConfiguration',
      {
        LifecycleConfiguration: {
          Rules: [{ Status: 'Enabled', Prefix: '', Transitions: [{ Days: 1, StorageClass: 'GLACIER' }] }],
        },
      },
      'transitions of s3:PutBucketLifecycleConfiguration',
    ],
  ])('%s', async (_what, operation, more, named) => {
    await expect(call(operation, more)).rejects.toMatchObject({
      name: 'NotImplemented',
      message: `The sandbox does not implement ${named}.`,
      $metadata: { httpStatusCode: 501 },
    });
  });

  it.each([
    ['?colour of s3:ListObjectsV2', (request: Sent) => Object.assign(request.query, { colour: 'red' })],
    [
      'x-amz-colour of s3:ListObjectsV2',
      (request: Sent) => Object.assign(request.headers, { 'x-amz-colour': 'red' }),
    ],
  ])('%s, which no schema knows', async (named, change) => {
    client.middlewareStack.add(
      (next) => (args) => {
        change(args.request as Sent);
        return next(args);
      },
      { step: 'build', name: 'change' },
    );
    await expect(call('ListObjectsV2')).rejects.toThrow(`The sandbox does not implement ${named}.`);
  });

  interface Sent {
    readonly query: Record<string, string>;
    readonly headers: Record<string, string>;
  }
});
