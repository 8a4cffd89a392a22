import { CloudFrontClient, ListDistributionsCommand } from '@aws-sdk/client-cloudfront';
import { expect, it } from 'vitest';
import { createSandbox } from '../../../sandbox/sandbox.ts';
import { seedDistribution } from '../../../sandbox/services/cloudfront/distributions.ts';

it('B4.19 a distribution tells the buckets that it serves', async () => {
  const sandbox = createSandbox();
  const client = new CloudFrontClient(sandbox.clientConfig());
  const Id = seedDistribution(sandbox, {
    origins: ['pictures.s3.eu-west-1.amazonaws.com', 'www.example.com'],
    aliases: ['pictures.example.com'],
  });
  const { DistributionList } = await client.send(new ListDistributionsCommand({}));

  expect(DistributionList).toMatchObject({ Quantity: 1, IsTruncated: false });
  expect(DistributionList?.Items).toMatchObject([
    {
      Id,
      ARN: `arn:aws:cloudfront::111122223333:distribution/${Id}`,
      Enabled: true,
      Aliases: { Quantity: 1, Items: ['pictures.example.com'] },
      Origins: {
        Quantity: 2,
        Items: [
          {
            DomainName: 'pictures.s3.eu-west-1.amazonaws.com',
            S3OriginConfig: { OriginAccessIdentity: '' },
          },
          { DomainName: 'www.example.com', CustomOriginConfig: { OriginProtocolPolicy: 'https-only' } },
        ],
      },
    },
  ]);
});

it('pages by marker, and an account without distributions has none', async () => {
  const sandbox = createSandbox();
  const client = new CloudFrontClient(sandbox.clientConfig());
  expect((await client.send(new ListDistributionsCommand({}))).DistributionList).toMatchObject({
    Quantity: 0,
  });
  for (let index = 0; index < 3; index += 1) seedDistribution(sandbox, { origins: ['a.example.com'] });
  const list = async (Marker?: string) =>
    (await client.send(new ListDistributionsCommand({ MaxItems: 2, Marker }))).DistributionList;
  const first = await list();
  const second = await list(first?.NextMarker);

  expect([first?.Items?.length, first?.IsTruncated]).toEqual([2, true]);
  expect([second?.Items?.length, second?.IsTruncated]).toEqual([1, false]);
});
