import { type AccessPoint, ListAccessPointsCommand } from '@aws-sdk/client-s3-control';
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
