import type { NetworkAcl, NetworkInterface, RouteTable } from '@aws-sdk/client-ec2';
import { openings } from './network-acl.ts';

/** The network around some interfaces; undefined is what could not be read, and shields nobody. */
export interface Network {
  readonly routeTables: readonly RouteTable[] | undefined;
  readonly acls: readonly NetworkAcl[] | undefined;
  /** VPC Block Public Access is on, without exclusions. */
  readonly shut: boolean | undefined;
}

/** Nothing around is known. */
export const NO_NETWORK: Network = { routeTables: undefined, acls: undefined, shut: undefined };

/** Why nobody on the internet can reach these interfaces on any of the ports right now, if that is certain (B3.46). */
export function shieldOf(
  interfaces: readonly NetworkInterface[],
  network: Network,
  ports: readonly number[],
): string | undefined {
  if (interfaces.length === 0) return 'no network interface uses the group';
  const reachable = interfaces.filter(hasPublicAddress);
  if (reachable.length === 0) return 'no network interface that uses it has a public address';
  if (network.shut === true) return 'VPC Block Public Access is on';
  const shields = reachable.map(
    (one) => withoutInternet(one, network.routeTables) ?? stoppedByAcl(one, network.acls, ports),
  );
  return shields.every((shield) => shield !== undefined) ? shields[0] : undefined;
}

/** A public IPv4 address belongs to an association; every IPv6 address is a global one. */
export function hasPublicAddress({
  Association,
  PrivateIpAddresses = [],
  Ipv6Addresses = [],
}: NetworkInterface): boolean {
  if (Association?.PublicIp !== undefined || Ipv6Addresses.length > 0) return true;
  return PrivateIpAddresses.some((address) => address.Association?.PublicIp !== undefined);
}

/** A subnet has the table that it is associated with, else the main one of its VPC. */
function withoutInternet(
  { SubnetId, VpcId }: NetworkInterface,
  tables: readonly RouteTable[] | undefined,
): string | undefined {
  const associated = (wanted: 'subnet' | 'main') =>
    tables?.find(({ VpcId: vpc, Associations = [] }) =>
      Associations.some(({ SubnetId: subnet, Main }) =>
        wanted === 'subnet' ? subnet !== undefined && subnet === SubnetId : Main === true && vpc === VpcId,
      ),
    );
  const table = associated('subnet') ?? associated('main');
  if (table === undefined) return undefined;
  const leads = (table.Routes ?? []).some(({ GatewayId }) => GatewayId?.startsWith('igw-') === true);
  return leads ? undefined : 'its subnet has no route to an internet gateway';
}

function stoppedByAcl(
  { SubnetId }: NetworkInterface,
  acls: readonly NetworkAcl[] | undefined,
  ports: readonly number[],
): string | undefined {
  const acl = acls?.find(({ Associations = [] }) => Associations.some((one) => one.SubnetId === SubnetId));
  if (acl === undefined) return undefined;
  const stops = ports.every((port) => openings(acl.Entries ?? [], port) === undefined);
  return stops ? 'the network ACL of its subnet stops it' : undefined;
}
