import { AthenaClient, CreateWorkGroupCommand, type WorkGroupConfiguration } from '@aws-sdk/client-athena';
import { CloudTrailClient, CreateTrailCommand } from '@aws-sdk/client-cloudtrail';
import {
  ConfigServiceClient,
  PutConfigurationRecorderCommand,
  PutDeliveryChannelCommand,
} from '@aws-sdk/client-config-service';
import {
  CreateDeliveryStreamCommand,
  type CreateDeliveryStreamInput,
  FirehoseClient,
} from '@aws-sdk/client-firehose';
import { CreateDatabaseCommand, CreateTableCommand, GlueClient, type TableInput } from '@aws-sdk/client-glue';
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  type ResourceRecordSet,
  Route53Client,
} from '@aws-sdk/client-route-53';
import {
  PutBucketAclCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketWebsiteCommand,
} from '@aws-sdk/client-s3';
import { CreateAccessPointCommand } from '@aws-sdk/client-s3-control';
import { CreateDocumentCommand, SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { bucketOfLocation } from '../../../functions/delete-stale-buckets/analytics.ts';
import { bucketOfDomain } from '../../../functions/delete-stale-buckets/references.ts';
import { seedDistribution } from '../../../sandbox/services/cloudfront/distributions.ts';
import { seedMultiRegionAccessPoint } from '../../../sandbox/services/s3-control/multi-region.ts';
import { Attic, ref } from './attic.ts';

const Bucket = 'old-logs';
// S3 knows this canned ACL of buckets, the SDK's type does not.
const LOG_DELIVERY = 'log-delivery-write' as 'private';

async function zone(attic: Attic, Name: string, records: readonly ResourceRecordSet[]): Promise<void> {
  const client = new Route53Client(attic.sandbox.clientConfig());
  const { HostedZone } = await client.send(new CreateHostedZoneCommand({ Name, CallerReference: Name }));
  for (const one of records) {
    const Changes = [{ Action: 'CREATE' as const, ResourceRecordSet: one }];
    await client.send(
      new ChangeResourceRecordSetsCommand({ HostedZoneId: HostedZone?.Id, ChangeBatch: { Changes } }),
    );
  }
}

async function sessionPreferences(attic: Attic, Content: string): Promise<void> {
  const client = new SSMClient(attic.sandbox.clientConfig());
  const Name = 'SSM-SessionManagerRunShell';
  await client.send(new CreateDocumentCommand({ Name, Content, DocumentType: 'Session' }));
}

async function workGroup(
  attic: Attic,
  Configuration: WorkGroupConfiguration,
  Name = 'reports',
): Promise<void> {
  const client = new AthenaClient(attic.sandbox.clientConfig());
  await client.send(new CreateWorkGroupCommand({ Name, Configuration }));
}

async function deliveryStream(
  attic: Attic,
  destination: Partial<CreateDeliveryStreamInput>,
  DeliveryStreamName = 'clicks',
): Promise<void> {
  const client = new FirehoseClient(attic.sandbox.clientConfig());
  await client.send(new CreateDeliveryStreamCommand({ DeliveryStreamName, ...destination }));
}

const RoleARN = 'arn:aws:iam::111122223333:role/delivery';
const delivered = (name: string) => ({ RoleARN, BucketARN: `arn:aws:s3:::${name}` });

async function database(attic: Attic, Name: string, LocationUri?: string): Promise<void> {
  const client = new GlueClient(attic.sandbox.clientConfig());
  await client.send(new CreateDatabaseCommand({ DatabaseInput: { Name, LocationUri } }));
}

async function table(attic: Attic, Name: string, more: Partial<TableInput>): Promise<void> {
  const client = new GlueClient(attic.sandbox.clientConfig());
  await client.send(new CreateTableCommand({ DatabaseName: 'sales', TableInput: { Name, ...more } }));
}

async function reasonOf(attic: Attic, name = Bucket): Promise<string> {
  const verdict = await attic.verdict(name);
  return `${verdict.verdict}: ${verdict.reason}`;
}

describe('what protects a stale bucket, as AWS tells it', () => {
  it('is none of the below where there is nothing else', async () => {
    const attic = new Attic();
    attic.stale(Bucket);
    expect(await reasonOf(attic)).toMatch(/^violation/);
  });

  it.each<{ when: string; make: (attic: Attic) => unknown; says: RegExp }>([
    {
      when: 'B4.11 Object Lock',
      make: (attic) => attic.stale(Bucket, 3, {}, { objectLock: true }),
      says: /exempt: .*Object Lock is on/,
    },
    {
      when: 'B4.13 MFA Delete',
      make: (attic) => attic.stale(Bucket, 3, {}, { versioning: 'Enabled', mfaDevice: '123' }),
      says: /exempt: .*MFA Delete is on/,
    },
    {
      when: 'B4.19 a website',
      make: (attic) =>
        attic.s3.send(
          new PutBucketWebsiteCommand({
            Bucket,
            WebsiteConfiguration: { IndexDocument: { Suffix: 'i.html' } },
          }),
        ),
      says: /exempt: .*website/,
    },
    {
      when: 'B4.20 a notification',
      make: (attic) =>
        attic.s3.send(
          new PutBucketNotificationConfigurationCommand({
            Bucket,
            NotificationConfiguration: { EventBridgeConfiguration: {} },
          }),
        ),
      says: /exempt: .*notifications/,
    },
    {
      when: 'B4.14 a Deny',
      make: (attic) =>
        policy(attic, {
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:DeleteBucket',
          Resource: `arn:aws:s3:::${Bucket}`,
        }),
      says: /exempt: .*denies deleting/,
    },
    {
      when: 'B4.18 S3 access logs, flow logs and the like by the service that is let in',
      make: (attic) =>
        policy(attic, {
          Effect: 'Allow',
          Principal: { Service: 'logging.s3.amazonaws.com' },
          Action: 's3:PutObject',
          Resource: `arn:aws:s3:::${Bucket}/*`,
        }),
      says: /exempt: .*logging\.s3/,
    },
    {
      when: 'B4.23 another account',
      make: (attic) =>
        policy(attic, {
          Effect: 'Allow',
          Principal: { AWS: '999988887777' },
          Action: 's3:GetObject',
          Resource: `arn:aws:s3:::${Bucket}/*`,
        }),
      says: /exempt: .*999988887777/,
    },
    {
      when: 'B4.18 B4.23 an ACL for log delivery',
      make: async ({ s3 }) => {
        await s3.send(
          new PutBucketOwnershipControlsCommand({
            Bucket,
            OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] },
          }),
        );
        await s3.send(new PutBucketAclCommand({ Bucket, ACL: LOG_DELIVERY }));
      },
      says: /exempt: .*LogDelivery/,
    },
    {
      when: 'B4.22 Terraform state',
      make: (attic) => attic.fill(Bucket, 1, { key: () => 'prod/terraform.tfstate' }),
      says: /exempt: .*Terraform state/,
    },
    {
      when: 'B4.18 logs of services',
      make: (attic) => attic.fill(Bucket, 1, { key: () => 'lb/AWSLogs/111122223333/x.gz' }),
      says: /exempt: .*AWSLogs/,
    },
    {
      when: 'B4.18 a trail',
      make: async (attic) => {
        const Resource = [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`];
        await policy(attic, {
          Effect: 'Allow',
          Principal: { Service: 'cloudtrail.amazonaws.com' },
          Action: ['s3:GetBucketAcl', 's3:PutObject'],
          Resource,
        });
        const client = new CloudTrailClient(attic.sandbox.clientConfig());
        await client.send(new CreateTrailCommand({ Name: 'audit', S3BucketName: Bucket }));
      },
      says: /exempt: .*the trail audit writes to it/,
    },
    {
      when: 'B4.18 AWS Config',
      make: async (attic) => {
        const client = new ConfigServiceClient(attic.sandbox.clientConfig());
        await client.send(
          new PutConfigurationRecorderCommand({
            ConfigurationRecorder: { name: 'default', roleARN: 'arn:aws:iam::111122223333:role/config' },
          }),
        );
        await client.send(
          new PutDeliveryChannelCommand({ DeliveryChannel: { name: 'default', s3BucketName: Bucket } }),
        );
      },
      says: /exempt: .*AWS Config delivers to it/,
    },
    {
      when: 'B4.19 a CloudFront origin',
      make: (attic) => seedDistribution(attic.sandbox, { origins: [`${Bucket}.s3.eu-west-1.amazonaws.com`] }),
      says: /exempt: .*distribution E\w+ has it as an origin/,
    },
    {
      when: 'B4.45 an access point',
      make: (attic) =>
        attic.control.send(
          new CreateAccessPointCommand({ AccountId: attic.place.account, Name: 'data', Bucket }),
        ),
      says: /exempt: .*access point data leads to it/,
    },
    {
      when: 'B4.45 a multi-region access point',
      make: ({ world, place }) =>
        seedMultiRegionAccessPoint(world, { name: 'everywhere', account: place.account, buckets: [Bucket] }),
      says: /exempt: .*multi-region access point everywhere leads to it/,
    },
    {
      when: 'B4.18 Session Manager',
      make: (attic) => sessionPreferences(attic, JSON.stringify({ inputs: { s3BucketName: Bucket } })),
      says: /exempt: .*Session Manager sends its logs to it/,
    },
    {
      when: 'B4.18 Athena results',
      make: (attic) =>
        workGroup(attic, { ResultConfiguration: { OutputLocation: `s3://${Bucket}/answers/` } }),
      says: /exempt: .*the Athena workgroup reports writes to it/,
    },
    {
      when: 'B4.18 logs of Athena for Spark',
      make: (attic) =>
        workGroup(attic, {
          MonitoringConfiguration: {
            S3LoggingConfiguration: { Enabled: true, LogLocation: `s3://${Bucket}` },
          },
        }),
      says: /exempt: .*the Athena workgroup reports writes to it/,
    },
    {
      when: 'B4.18 the destination of a Firehose stream',
      make: (attic) => deliveryStream(attic, { ExtendedS3DestinationConfiguration: delivered(Bucket) }),
      says: /exempt: .*the Firehose stream clicks writes to it/,
    },
    {
      when: 'B4.18 what a Firehose stream keeps of what it changes',
      make: (attic) =>
        deliveryStream(attic, {
          ExtendedS3DestinationConfiguration: {
            ...delivered('elsewhere'),
            ...{ S3BackupMode: 'Enabled', S3BackupConfiguration: delivered(Bucket) },
          },
        }),
      says: /exempt: .*the Firehose stream clicks writes to it/,
    },
    {
      when: 'B4.18 what a Firehose stream could not deliver elsewhere',
      make: (attic) =>
        deliveryStream(attic, {
          HttpEndpointDestinationConfiguration: {
            EndpointConfiguration: { Url: 'https://collector.example.com' },
            S3Configuration: delivered(Bucket),
          },
        }),
      says: /exempt: .*the Firehose stream clicks writes to it/,
    },
    {
      when: 'B4.18 a Glue database',
      make: (attic) => database(attic, 'sales', `s3://${Bucket}/sales`),
      says: /exempt: .*the Glue database sales lies in it/,
    },
    {
      when: 'B4.18 the hundred and first Glue table',
      make: async (attic) => {
        await database(attic, 'sales');
        const StorageDescriptor = { Location: 's3://elsewhere/a' };
        for (let index = 100; index < 200; index++) await table(attic, `a${index}`, { StorageDescriptor });
        await table(attic, 'orders', { StorageDescriptor: { Location: `s3://${Bucket}/orders` } });
      },
      says: /exempt: .*the Glue table sales\.orders lies in it/,
    },
    {
      when: 'B4.18 a Glue table with one more location',
      make: async (attic) => {
        await database(attic, 'sales');
        const AdditionalLocations = [`s3://${Bucket}/old`];
        await table(attic, 'orders', {
          StorageDescriptor: { Location: 's3://new/orders', AdditionalLocations },
        });
      },
      says: /exempt: .*the Glue table sales\.orders lies in it/,
    },
    {
      when: 'B4.18 the metadata of an Iceberg table',
      make: async (attic) => {
        await database(attic, 'sales');
        await table(attic, 'orders', { Parameters: { metadata_location: `s3://${Bucket}/m.json` } });
      },
      says: /exempt: .*the Glue table sales\.orders lies in it/,
    },
  ])('$when', async ({ make, says }) => {
    const attic = new Attic();
    attic.stale(Bucket);
    await make(attic);

    const { results } = await attic.sweep();

    expect(results.map(({ verdict }) => `${verdict.verdict}: ${verdict.reason}`)).toEqual([
      expect.stringMatching(says),
    ]);
    await attic.days(20);
    await attic.sweep();
    expect(attic.exists(Bucket)).toBe(true);
    expect(attic.calls().filter((call) => /^(Delete|Put|Abort)/.test(call))).toEqual([]);
  });

  it.each(['eu-west-1', 'us-east-1'])(
    'B4.17 a replication source and its destination, the source in %s',
    async (region) => {
      const attic = new Attic();
      attic.stale(Bucket, 3, {}, { versioning: 'Enabled' });
      attic.stale('origin', 3, {}, { versioning: 'Enabled', region });
      const Rules = [{ Status: 'Enabled' as const, Destination: { Bucket: `arn:aws:s3:::${Bucket}` } }];
      const ReplicationConfiguration = { Role: 'arn:aws:iam::111122223333:role/copy', Rules };
      attic.state('origin').configurations.replication = ReplicationConfiguration;
      expect(await reasonOf(attic)).toMatch(/exempt: .*the bucket origin is replicated to it/);
      if (region === 'eu-west-1')
        expect(await reasonOf(attic, 'origin')).toMatch(/exempt: .*replicated to another/);
    },
  );

  it('B4.19 B4.46 a record that leads to it protects, other mentions keep its name', async () => {
    const attic = new Attic();
    const [live, parked, plain] = ['www.example.com', 'old.example.com', 'files.example.org'] as const;
    for (const name of [live, parked, plain]) attic.stale(name);
    await zone(attic, 'example.com', [
      {
        Name: live,
        Type: 'CNAME',
        TTL: 60,
        ResourceRecords: [{ Value: `${live}.s3-website-eu-west-1.amazonaws.com` }],
      },
      { Name: parked, Type: 'TXT', TTL: 60, ResourceRecords: [{ Value: '"parked"' }] },
    ]);
    seedDistribution(attic.sandbox, { origins: [`${plain}.s3.amazonaws.com`], enabled: false });

    expect(await reasonOf(attic, live)).toMatch(/exempt: .*a record in the zone example.com leads to it/);
    for (const name of [parked, plain]) {
      const verdict = await attic.verdict(name);
      expect(verdict).toMatchObject({
        verdict: 'violation',
        advice: expect.arrayContaining([expect.stringMatching(/kept and shut/)]),
      });
    }
  });
});

/** Puts it as one of long ago: a new one would be a sign of life (B4.5). */
async function policy(attic: Attic, ...Statement: readonly object[]): Promise<void> {
  attic.state(Bucket).configurations.publicAccess = {};
  await attic.s3.send(
    new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }),
  );
  attic.state(Bucket).createdAt = attic.daysAgo(1100).getTime();
}

describe('what cannot be read', () => {
  it.each([
    'GetBucketTagging',
    'GetBucketPolicy',
    'GetBucketAcl',
    'GetBucketVersioning',
    'GetObjectLockConfiguration',
    'GetBucketReplication',
    'GetBucketWebsite',
    'GetBucketNotificationConfiguration',
    'ListObjectVersions',
    'ListMultipartUploads',
    'ListAccessPoints',
    'ListDistributions',
    'DescribeTrails',
    'DescribeDeliveryChannels',
    'ListMultiRegionAccessPoints',
    'GetDocument',
    'ListWorkGroups',
    'GetWorkGroup',
    'ListDeliveryStreams',
    'DescribeDeliveryStream',
    'GetDatabases',
    'GetTables',
  ])('B4.18 %s denied protects', async (operation) => {
    const attic = new Attic();
    attic.stale(Bucket);
    await deliveryStream(attic, { ExtendedS3DestinationConfiguration: delivered('elsewhere') });
    await database(attic, 'sales');
    attic.world.faults.add({ operation, kind: 'denied' });
    const report = await attic.sweep();
    expect(report.results).toMatchObject([{ verdict: { verdict: 'unknown' } }]);
    expect(attic.calls().filter((call) => /^(Delete|Put|Abort)/.test(call))).toEqual([]);
  });

  it.each<[string, string, RegExp]>([
    ['ListWorkGroups', 'OptInRequired', /^violation/],
    ['ListWorkGroups', 'SubscriptionRequiredException', /^violation/],
    ['ListWorkGroups', 'UnrecognizedClientException', /^unknown: .*Athena/],
    ['ListWorkGroups', 'InternalServerException', /^unknown: .*Athena/],
    ['ListDeliveryStreams', 'SubscriptionRequiredException', /^violation/],
    ['ListDeliveryStreams', 'ServiceUnavailableException', /^unknown: .*Firehose/],
    ['DescribeDeliveryStream', 'ResourceNotFoundException', /^violation/],
    ['DescribeDeliveryStream', 'ServiceUnavailableException', /^unknown: .*Firehose/],
    ['GetDatabases', 'OptInRequired', /^violation/],
    ['GetDatabases', 'GlueEncryptionException', /^unknown: .*Glue/],
    ['GetTables', 'EntityNotFoundException', /^violation/],
    ['GetTables', 'FederationSourceException', /^unknown: .*Glue/],
    ['DescribeTrails', 'OptInRequired', /^unknown: .*a trail/],
  ])('B4.18 %s answers %s', async (operation, code, says) => {
    const attic = new Attic();
    attic.stale(Bucket);
    await deliveryStream(attic, { ExtendedS3DestinationConfiguration: delivered('elsewhere') });
    await database(attic, 'sales');
    attic.world.faults.add({ operation, kind: 'error', code });
    expect(await reasonOf(attic)).toMatch(says);
  });

  it('B4.18 a workgroup on the second page protects', async () => {
    const attic = new Attic();
    attic.stale(Bucket);
    const results = { ResultConfiguration: { OutputLocation: `s3://${Bucket}` } };
    for (let index = 0; index < 50; index++) await workGroup(attic, {}, `g${index}`);
    await workGroup(attic, results, 'z');
    expect(await reasonOf(attic)).toMatch(/exempt: .*the Athena workgroup z writes to it/);
  });

  it('B4.18 Session Manager preferences that nobody understands protect all', async () => {
    const attic = new Attic();
    attic.stale(Bucket);
    await sessionPreferences(attic, '{"inputs":');
    expect(await reasonOf(attic)).toMatch(/unknown: .*Session Manager/);
  });

  it('B4.18 preferences without a bucket are none', async () => {
    const attic = new Attic();
    attic.stale(Bucket);
    await sessionPreferences(attic, '{"schemaVersion":"1.0","inputs":{"s3BucketName":""}}');
    expect(await reasonOf(attic)).toMatch(/^violation/);
  });

  it('B4.17 the replication of any other bucket protects all', async () => {
    const attic = new Attic();
    attic.stale(Bucket);
    attic.stale('secret', 1, { at: attic.now() });
    attic.world.faults.add({
      operation: 'GetBucketReplication',
      kind: 'denied',
      when: (input) => JSON.stringify(input).includes('secret'),
    });
    expect(await reasonOf(attic)).toMatch(/unknown: .*the replication of secret/);
  });

  it('B4.3 B4.4 metrics that are denied leave the listing to tell', async () => {
    const attic = new Attic();
    attic.stale(Bucket);
    attic.bucket('empty');
    attic.world.faults.add({ operation: 'GetMetricData', kind: 'denied' });
    expect(await reasonOf(attic)).toMatch(/^violation/);
    expect(await reasonOf(attic, 'empty')).toMatch(/^unknown: .*it is empty, and its metrics/);
  });
});

describe('where buckets are', () => {
  it('B4.41 B4.42 B4.43 looks at those of the region, and tells of others', async () => {
    const attic = new Attic();
    attic.stale(Bucket);
    attic.stale('far', 3, {}, { region: 'us-east-1' });
    attic.stale('theirs', 3, {}, { account: '999988887777' });
    const report = await attic.sweep();
    expect(report.counts).toMatchObject({ scanned: 1, done: 1 });
    const named = await attic.run(
      attic.signal([
        ref('far'),
        ref('theirs'),
        ref('arn:aws:s3:::old-logs'),
        ref('zonal--use1-az4--x-s3'),
        { type: 'AWS::S3::AccessPoint', id: 'x' },
      ]),
    );
    expect(named.missing.map(({ ref: { id }, why }) => `${id} ${why}`)).toEqual([
      'far unresolved',
      'theirs gone',
      'zonal--use1-az4--x-s3 unresolved',
      'x unresolved',
    ]);
    expect(named.missing[0]?.reason).toContain('lies in us-east-1');
    expect(named.missing[2]?.reason).toContain('a directory bucket');
  });

  it('B4.42 reads page after page', async () => {
    const attic = new Attic();
    for (let index = 0; index < 1001; index++) {
      const region = index % 100 === 0 ? attic.place.region : 'us-east-1';
      attic.bucket(`cdk-${1000 + index}-assets-x`, { region });
    }
    const report = await attic.sweep();
    expect(report.counts).toMatchObject({ scanned: 11, compliant: 11 });
  });

  it('B4.44 a table bucket is out of scope', async () => {
    const attic = new Attic();
    const report = await attic.run(attic.signal([ref('a--table-s3')]));
    expect(report.missing[0]?.reason).toContain('a table bucket');
  });
});

it('B4.19 reads the bucket out of an origin', () => {
  expect(
    [
      'a.b.s3.amazonaws.com',
      'a.s3.eu-west-1.amazonaws.com',
      'a.s3-website-eu-west-1.amazonaws.com',
      'a.s3.cn-north-1.amazonaws.com.cn',
      'a.s3.eusc-de-east-1.amazonaws.eu',
      'example.com',
    ].map((domain) => bucketOfDomain(domain)),
  ).toEqual(['a.b', 'a', 'a', 'a', 'a', undefined]);
});

it.each([
  ['s3.eu-west-1.amazonaws.com', '/a', 'a'],
  ['s3.amazonaws.com', '/a.b/images', 'a.b'],
  ['s3-eu-west-1.amazonaws.com', '/a', 'a'],
  ['s3.dualstack.eu-west-1.amazonaws.com', '/a', 'a'],
  ['s3.s3.eu-west-1.amazonaws.com', '/a', 's3'],
  ['s3.eu-west-1.amazonaws.com', '', undefined],
  ['s3.example.com', '/a', undefined],
])('B4.19 reads the bucket out of the origin %s with the path %j', (domain, path, bucket) => {
  expect(bucketOfDomain(domain, path)).toBe(bucket);
});

it('B4.18 reads the bucket out of a location', () => {
  expect(
    ['s3://a/b/c', 's3://a.b', 'S3A://a/', 's3n://a', 'hdfs://a/b', 'jdbc:x', ''].map(bucketOfLocation),
  ).toEqual(['a', 'a.b', 'a', 'a', undefined, undefined, undefined]);
});

it('B4.8 versioning that is off for now is no protection', async () => {
  const attic = new Attic();
  attic.stale(Bucket, 3, {}, { versioning: 'Suspended' });
  expect(await reasonOf(attic)).toMatch(/^violation/);
});
