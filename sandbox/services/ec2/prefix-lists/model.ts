import type { PrefixListState } from '@aws-sdk/client-ec2';
import { type Ec2State, newResource, type Resource } from '../state.ts';

export interface ListEntry {
  readonly cidr: string;
  readonly description?: string | undefined;
}

export interface PrefixList extends Resource {
  readonly name: string;
  readonly family: 'IPv4' | 'IPv6';
  readonly maxEntries: number;
  /** Rules that a reference to it counts as in a security group. */
  readonly weight: number;
  readonly version: number;
  readonly entriesByVersion: ReadonlyMap<number, readonly ListEntry[]>;
  readonly state: PrefixListState;
  /** False for a list that another account shares without the right to read its entries. */
  readonly readable: boolean;
}

const AWS_LISTS = [
  { service: 's3', weight: 1, entries: ['3.5.64.0/21', '52.218.0.0/17', '52.92.0.0/17'] },
  { service: 'dynamodb', weight: 1, entries: ['52.94.5.0/24', '52.119.240.0/21'] },
  {
    service: 'cloudfront.origin-facing',
    weight: 55,
    entries: ['13.124.199.0/24', '130.176.0.0/18', '64.252.64.0/18'],
  },
] as const;

/** The lists that AWS keeps in every region; a few of their ranges are enough here. */
export function layAwsPrefixLists(state: Ec2State, region: string): void {
  for (const { service, weight, entries } of AWS_LISTS) {
    const scope = service.startsWith('cloudfront') ? 'global' : region;
    const list: PrefixList = {
      ...newResource(state, 'pl', 'AWS'),
      name: `com.amazonaws.${scope}.${service}`,
      family: 'IPv4',
      maxEntries: weight,
      weight,
      version: 1,
      entriesByVersion: new Map([[1, entries.map((cidr) => ({ cidr }))]]),
      state: 'create-complete',
      readable: true,
    };
    state.prefixLists.set(list.id, list);
  }
}
