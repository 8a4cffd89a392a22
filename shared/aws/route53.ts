import {
  type HostedZone,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { type Aws, verb } from './access.ts';
import { pages } from './pages.ts';

/** All hosted zones of the account; Route 53 is the same from every region. */
export const hostedZones = verb(
  ['route53:ListHostedZones'],
  (aws: Aws): AsyncIterable<readonly HostedZone[]> =>
    pages(async (token) => {
      const command = new ListHostedZonesCommand(token === undefined ? {} : { Marker: token });
      const { HostedZones: items = [], IsTruncated, NextMarker } = await aws.send(Route53Client, command);
      return { items, next: IsTruncated === true ? NextMarker : undefined };
    }),
);

/** The records of exactly this name in a zone; a hundred are more than one name can have of interest. */
export const recordsNamed = verb(
  ['route53:ListResourceRecordSets'],
  async (aws: Aws, zoneId: string, name: string): Promise<readonly ResourceRecordSet[]> => {
    const { ResourceRecordSets: records = [] } = await aws.send(
      Route53Client,
      new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, StartRecordName: name, MaxItems: 100 }),
    );
    return records.filter((record) => record.Name?.replace(/\.$/, '') === name);
  },
);

/** All records of a zone, three hundred a page. */
export const recordsOf = verb(
  ['route53:ListResourceRecordSets'],
  (aws: Aws, zoneId: string): AsyncIterable<readonly ResourceRecordSet[]> =>
    pages(async (token) => {
      const { ResourceRecordSets: items = [], ...answer } = await aws.send(
        Route53Client,
        new ListResourceRecordSetsCommand({
          HostedZoneId: zoneId,
          // The token is this very place, written out below.
          ...(token === undefined ? {} : (JSON.parse(token) as object)),
        }),
      );
      const place = {
        StartRecordName: answer.NextRecordName,
        StartRecordType: answer.NextRecordType,
        StartRecordIdentifier: answer.NextRecordIdentifier,
      };
      return { items, next: answer.IsTruncated === true ? JSON.stringify(place) : undefined };
    }),
);
