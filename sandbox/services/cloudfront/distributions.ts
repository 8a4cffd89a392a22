import type {
  DistributionSummary,
  ListDistributionsRequest,
  ListDistributionsResult,
} from '@aws-sdk/client-cloudfront';
import { drawer } from '../../core/drawer.ts';
import { homeRegion } from '../../core/regions.ts';
import { operation } from '../../core/service.ts';
import type { World } from '../../core/world.ts';

const distributions = drawer<Map<string, DistributionSummary>>(() => new Map());

const PAGE = 100;

/** Lists distributions with their origins, 100 a page. */
export const listDistributions = operation<ListDistributionsRequest, ListDistributionsResult>({
  run({ Marker = '', MaxItems = PAGE }, call) {
    const size = Math.min(Number(MaxItems), PAGE);
    const rest = [...distributions.of(call).values()].filter(({ Id = '' }) => Id > Marker);
    const items = rest.sort((a, b) => ((a.Id ?? '') < (b.Id ?? '') ? -1 : 1)).slice(0, size);
    const isTruncated = items.length < rest.length;
    return {
      DistributionList: {
        Marker,
        MaxItems: size,
        IsTruncated: isTruncated,
        Quantity: items.length,
        ...(items.length > 0 && { Items: items }),
        ...(isTruncated && { NextMarker: items.at(-1)?.Id }),
      },
    };
  },
});

export interface SeededDistribution {
  /** Domain names of its origins: `pictures.s3.eu-west-1.amazonaws.com`. */
  readonly origins: readonly string[];
  readonly aliases?: readonly string[];
  readonly comment?: string;
  readonly enabled?: boolean;
}

/** Puts a distribution into the account; answers its id. */
export function seedDistribution(
  { world, account }: { readonly world: World; readonly account: string },
  { origins, aliases = [], comment = '', enabled = true }: SeededDistribution,
): string {
  const partition = world.accounts.get(account)?.partition ?? 'aws';
  const Id = `E${world.random.hex(13).toUpperCase()}`;
  const isS3 = (domain: string) => /\.s3[.-]/.test(domain);
  distributions.of({ world, account, partition, region: homeRegion(partition) }).set(Id, {
    Id,
    ARN: `arn:${partition}:cloudfront::${account}:distribution/${Id}`,
    Status: 'Deployed',
    LastModifiedTime: new Date(world.clock.now()),
    DomainName: `d${world.random.hex(13)}.cloudfront.net`,
    Aliases: { Quantity: aliases.length, Items: [...aliases] },
    Origins: {
      Quantity: origins.length,
      Items: origins.map((DomainName, index) => ({
        Id: `origin-${index + 1}`,
        DomainName,
        OriginPath: '',
        ...(isS3(DomainName)
          ? { S3OriginConfig: { OriginAccessIdentity: '' } }
          : { CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'https-only' } }),
      })),
    },
    DefaultCacheBehavior: { TargetOriginId: 'origin-1', ViewerProtocolPolicy: 'redirect-to-https' },
    CacheBehaviors: { Quantity: 0 },
    CustomErrorResponses: { Quantity: 0 },
    Comment: comment,
    PriceClass: 'PriceClass_All',
    Enabled: enabled,
    ViewerCertificate: { CloudFrontDefaultCertificate: true },
    Restrictions: { GeoRestriction: { RestrictionType: 'none', Quantity: 0 } },
    WebACLId: '',
    HttpVersion: 'http2',
    IsIPV6Enabled: true,
    Staging: false,
  });
  return Id;
}
