import type { NetworkInterface } from '@aws-sdk/client-ec2';
import type { Aws } from '../../shared/aws/access.ts';
import { interfacesOfGroups } from '../../shared/aws/ec2/network-interfaces.ts';
import { prefixListCidrs, prefixListsById } from '../../shared/aws/ec2/prefix-lists.ts';
import { aclsOfSubnets, isShutToInternet, routeTablesOfVpcs } from '../../shared/aws/ec2/routing.ts';
import { AwsFailure } from '../../shared/aws/errors.ts';
import type { Surroundings } from '../../shared/engine/policy.ts';
import { assess, type PrefixList } from './assess.ts';
import { hasPublicAddress, type Network, NO_NETWORK, shieldOf } from './exposure.ts';
import { type Facts, NO_FACTS } from './facts.ts';
import { coverage } from './ports.ts';
import type { SecurityGroup } from './rule.ts';
import type { Settings } from './settings.ts';

/** Rights of everything that `gather` calls. */
export const gatherRights = [
  prefixListsById,
  prefixListCidrs,
  interfacesOfGroups,
  routeTablesOfVpcs,
  aclsOfSubnets,
  isShutToInternet,
].flatMap(({ rights }) => rights);

/**
 * What the verdicts need: prefix lists once each, and only around violations the interfaces and their network. What is
 * not readable stays undefined, which lowers no severity and lets no wider rule go.
 */
export async function gather(
  groups: readonly SecurityGroup[],
  settings: Settings,
  { aws }: Surroundings<Aws>,
): Promise<ReadonlyMap<string, Facts>> {
  const prefixLists = await readPrefixLists(aws, groups, settings);
  const open = groups.filter((group) => assess(group.rules, prefixLists, settings).concerns.length > 0);
  const ids = open.map(({ id }) => id);
  const interfaces = ids.length === 0 ? [] : await unlessRefused(interfacesOfGroups(aws, ids));
  const network = await readNetwork(aws, interfaces ?? []);
  const ports = settings.ports.map(({ port }) => port);

  return new Map(
    groups.map((group) => {
      const users = interfaces?.filter(({ Groups = [] }) =>
        Groups.some(({ GroupId }) => GroupId === group.id),
      );
      const around = ids.includes(group.id) && users !== undefined ? surroundings(group, users) : NO_FACTS;
      return [group.id, { ...around, prefixLists }];
    }),
  );

  function surroundings(group: SecurityGroup, users: readonly NetworkInterface[]): Facts {
    const vpcs = new Set(users.flatMap(({ VpcId }) => VpcId ?? []));
    return {
      interfaces: users.length,
      shield: shieldOf(users, network, ports),
      otherVpcs: [...vpcs].filter((vpc) => vpc !== group.vpcId).sort(),
      prefixLists,
    };
  }
}

async function readPrefixLists(
  aws: Aws,
  groups: readonly SecurityGroup[],
  { ports }: Settings,
): Promise<ReadonlyMap<string, PrefixList>> {
  const rules = groups.flatMap((group) => group.rules);
  const relevant = rules.filter((rule) => ports.some(({ port }) => coverage(rule, port) === 'yes'));
  const ids = relevant.flatMap(({ source }) => (source.kind === 'prefix-list' ? [source.id] : []));
  if (ids.length === 0) return new Map();
  const told = await orWhy(prefixListsById(aws, ids));
  if (typeof told === 'string') return new Map(ids.map((id) => [id, { kind: 'unreadable', why: told }]));
  const lists = new Map<string, PrefixList>();
  for (const { PrefixListId: id = '', OwnerId } of told) {
    const cidrs = OwnerId === 'AWS' ? undefined : await orWhy(prefixListCidrs(aws, id));
    if (cidrs === undefined) lists.set(id, { kind: 'aws' });
    else if (typeof cidrs === 'string') lists.set(id, { kind: 'unreadable', why: cidrs });
    else lists.set(id, { kind: 'entries', cidrs });
  }
  return lists;
}

async function readNetwork(aws: Aws, interfaces: readonly NetworkInterface[]): Promise<Network> {
  const reachable = interfaces.filter(hasPublicAddress);
  if (reachable.length === 0) return NO_NETWORK;
  const vpcs = reachable.flatMap(({ VpcId }) => VpcId ?? []);
  const subnets = reachable.flatMap(({ SubnetId }) => SubnetId ?? []);
  const [routeTables, acls, shut] = await Promise.all([
    unlessRefused(routeTablesOfVpcs(aws, vpcs)),
    unlessRefused(aclsOfSubnets(aws, subnets)),
    unlessRefused(isShutToInternet(aws)),
  ]);
  return { routeTables, acls, shut };
}

async function unlessRefused<T extends object | boolean>(reading: Promise<T>): Promise<T | undefined> {
  const told = await orWhy(reading);
  return typeof told === 'string' ? undefined : told;
}

async function orWhy<T>(reading: Promise<T>): Promise<T | string> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof AwsFailure) return error.message;
    throw error;
  }
}
