import {
  DescribeManagedPrefixListsCommand,
  EC2Client,
  GetManagedPrefixListAssociationsCommand,
  GetManagedPrefixListEntriesCommand,
  type ManagedPrefixList,
} from '@aws-sdk/client-ec2';
import { type Aws, verb } from '../access.ts';
import { collect, pages } from '../pages.ts';
import { filtered } from './filtered.ts';

/** The prefix lists with these ids, customer-managed and AWS's own, without their entries. */
export const prefixListsById = verb(
  ['ec2:DescribeManagedPrefixLists'],
  (aws: Aws, ids: readonly string[]): Promise<readonly ManagedPrefixList[]> =>
    filtered('prefix-list-id', ids, (filter) =>
      collect(
        pages(async (token) => {
          const { PrefixLists: items = [], NextToken: next } = await aws.send(
            EC2Client,
            new DescribeManagedPrefixListsCommand({
              MaxResults: 100,
              Filters: [filter],
              ...(token === undefined ? {} : { NextToken: token }),
            }),
          );
          return { items, next };
        }),
      ),
    ),
);

/** The CIDR blocks of one prefix list, in its current version. */
export const prefixListCidrs = verb(
  ['ec2:GetManagedPrefixListEntries'],
  (aws: Aws, id: string): Promise<readonly string[]> =>
    collect(
      pages(async (token) => {
        const { Entries: entries = [], NextToken: next } = await aws.send(
          EC2Client,
          new GetManagedPrefixListEntriesCommand({
            PrefixListId: id,
            MaxResults: 100,
            ...(token === undefined ? {} : { NextToken: token }),
          }),
        );
        return { items: entries.flatMap(({ Cidr }) => Cidr ?? []), next };
      }),
    ),
);

/** The ids of the resources whose rules or routes refer to one prefix list. */
export const prefixListUsers = verb(
  ['ec2:GetManagedPrefixListAssociations'],
  (aws: Aws, id: string): Promise<readonly string[]> =>
    collect(
      pages(async (token) => {
        const { PrefixListAssociations: associations = [], NextToken: next } = await aws.send(
          EC2Client,
          new GetManagedPrefixListAssociationsCommand({
            PrefixListId: id,
            MaxResults: 255,
            ...(token === undefined ? {} : { NextToken: token }),
          }),
        );
        return { items: associations.flatMap(({ ResourceId }) => ResourceId ?? []), next };
      }),
    ),
);
