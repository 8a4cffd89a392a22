import {
  type AccessPoint,
  ListAccessPointsCommand,
  ListMultiRegionAccessPointsCommand,
  type MultiRegionAccessPointReport,
} from '@aws-sdk/client-s3-control';
import { type Aws, verb } from '../access.ts';
import { pages } from '../pages.ts';
import { AccountS3Client } from './control-client.ts';

/** The access points of the account and region, of all its buckets. */
export const accessPoints = verb(
  ['s3:ListAccessPoints'],
  (aws: Aws): AsyncIterable<readonly AccessPoint[]> =>
    pages(async (token) => {
      const { AccessPointList: items = [], NextToken: next } = await aws.send(
        AccountS3Client,
        new ListAccessPointsCommand({
          AccountId: aws.place.account,
          MaxResults: 1000,
          ...(token === undefined ? {} : { NextToken: token }),
        }),
      );
      return { items, next };
    }),
);

/** Where S3 keeps the multi-region access points of all accounts. */
export const MULTI_REGION_HOME = 'us-west-2';

/**
 * The multi-region access points of the account, each with its buckets; `aws` has to be that of us-west-2.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/MrapOperations.html
 */
export const multiRegionAccessPoints = verb(
  ['s3:ListMultiRegionAccessPoints'],
  (aws: Aws): AsyncIterable<readonly MultiRegionAccessPointReport[]> =>
    pages(async (token) => {
      const { AccessPoints: items = [], NextToken: next } = await aws.send(
        AccountS3Client,
        new ListMultiRegionAccessPointsCommand({
          AccountId: aws.place.account,
          MaxResults: 100,
          ...(token === undefined ? {} : { NextToken: token }),
        }),
      );
      return { items, next };
    }),
);
