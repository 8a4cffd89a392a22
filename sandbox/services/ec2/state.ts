import { drawer } from '../../core/drawer.ts';
import { type LaggedMap, laggedMap } from '../../core/lagged-map.ts';
import type { Where } from '../../core/service.ts';
import type { World } from '../../core/world.ts';
import type { ElasticAddress } from './addresses/model.ts';
import type { SecurityGroup } from './groups/rule.ts';
import { layAmazonImages } from './images/amazon.ts';
import type { Image } from './images/model.ts';
import type {
  Health,
  Instance,
  LaunchTemplate,
  NetworkInterface,
  SpotRequest,
  Whim,
} from './instances/model.ts';
import type { KeyPair } from './keys/model.ts';
import type { NatGateway } from './nat/model.ts';
import { layDefaultNetwork } from './network/default-network.ts';
import type { InternetGateway, NetworkAcl, RouteTable, Subnet, Vpc } from './network/model.ts';
import { layAwsPrefixLists, type PrefixList } from './prefix-lists/model.ts';
import type { Snapshot, Volume } from './storage/model.ts';

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** What every EC2 resource has. `serial` counts creations: the order of listings and of page tokens. */
export interface Resource {
  readonly id: string;
  readonly owner: string;
  readonly serial: number;
  readonly tags: readonly Tag[];
}

export interface BlockPublicAccess {
  readonly mode: 'off' | 'block-bidirectional' | 'block-ingress';
  readonly lastUpdate: Date;
}

/** EC2 of one account in one region. */
export interface Ec2State {
  readonly vpcs: LaggedMap<Vpc>;
  readonly subnets: LaggedMap<Subnet>;
  readonly gateways: LaggedMap<InternetGateway>;
  readonly routeTables: LaggedMap<RouteTable>;
  readonly acls: LaggedMap<NetworkAcl>;
  readonly groups: LaggedMap<SecurityGroup>;
  readonly prefixLists: LaggedMap<PrefixList>;
  readonly interfaces: LaggedMap<NetworkInterface>;
  readonly instances: LaggedMap<Instance>;
  readonly templates: LaggedMap<LaunchTemplate>;
  readonly volumes: LaggedMap<Volume>;
  readonly snapshots: LaggedMap<Snapshot>;
  readonly images: LaggedMap<Image>;
  readonly addresses: LaggedMap<ElasticAddress>;
  readonly keyPairs: LaggedMap<KeyPair>;
  readonly natGateways: LaggedMap<NatGateway>;
  readonly spotRequests: LaggedMap<SpotRequest>;
  /** Instance id to status checks and scheduled events that are not all well. */
  readonly health: Map<string, Health>;
  /** Instance id to what goes wrong with it when it changes its state. */
  readonly whims: Map<string, Whim>;
  /** Operation to its resource tokens: how many instances may still be changed. */
  readonly resourceTokens: Map<string, { readonly tokens: number; readonly at: number }>;
  readonly blockPublicAccess: LaggedMap<BlockPublicAccess>;
  /** Rule id to group id, for as long as the world lives. */
  readonly ruleHomes: Map<string, string>;
  /** Subnet id to the number of addresses handed out so far. */
  readonly addressesUsed: Map<string, number>;
  /** Operation and ClientToken to what was asked and answered under them. */
  readonly clientTokens: Map<string, { readonly request: string; readonly output: unknown }>;
  nextSerial(): number;
  newId(prefix: string): string;
}

/** A place whose EC2 state is wanted: a call, or an account and region of a world. */
export type Place = Where & { readonly world: World };

/** Each account and region starts with a default VPC and the AWS-managed prefix lists, as real ones do. */
export const ec2State = drawer<Ec2State>(({ world, account, region, partition }) => {
  const place = { world, account, region, partition };
  const state = emptyState(world);
  layDefaultNetwork(state, place);
  layAwsPrefixLists(state, region);
  layAmazonImages(state, world);
  return state;
});

function emptyState(world: World): Ec2State {
  let serial = 0;
  return {
    vpcs: laggedMap(world),
    subnets: laggedMap(world),
    gateways: laggedMap(world),
    routeTables: laggedMap(world),
    acls: laggedMap(world),
    groups: laggedMap(world),
    prefixLists: laggedMap(world),
    interfaces: laggedMap(world),
    instances: laggedMap(world),
    templates: laggedMap(world),
    volumes: laggedMap(world),
    snapshots: laggedMap(world),
    images: laggedMap(world),
    addresses: laggedMap(world),
    keyPairs: laggedMap(world),
    natGateways: laggedMap(world),
    spotRequests: laggedMap(world),
    health: new Map(),
    whims: new Map(),
    resourceTokens: new Map(),
    blockPublicAccess: laggedMap(world),
    ruleHomes: new Map(),
    addressesUsed: new Map(),
    clientTokens: new Map(),
    nextSerial() {
      serial += 1;
      return serial;
    },
    newId: (prefix) => `${prefix}-${world.random.hex(17)}`,
  };
}

/** A fresh resource's common part. */
export function newResource(
  state: Ec2State,
  prefix: string,
  owner: string,
  tags: readonly Tag[] = [],
): Resource {
  return { id: state.newId(prefix), owner, serial: state.nextSerial(), tags };
}
