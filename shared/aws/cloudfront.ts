import {
  CloudFrontClient,
  type DistributionSummary,
  ListDistributionsCommand,
} from '@aws-sdk/client-cloudfront';
import { type Aws, verb } from './access.ts';
import { pages } from './pages.ts';

/** All distributions of the account, each with its origins; CloudFront is the same from every region. */
export const distributions = verb(
  ['cloudfront:ListDistributions'],
  (aws: Aws): AsyncIterable<readonly DistributionSummary[]> =>
    pages(async (token) => {
      const command = new ListDistributionsCommand(token === undefined ? {} : { Marker: token });
      const { DistributionList: list } = await aws.send(CloudFrontClient, command);
      return { items: list?.Items ?? [], next: list?.IsTruncated === true ? list.NextMarker : undefined };
    }),
);
