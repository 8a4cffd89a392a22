import type { Resource } from '../state.ts';

export interface Vpc extends Resource {
  readonly cidr: string;
  readonly isDefault: boolean;
}

export interface Subnet extends Resource {
  readonly vpcId: string;
  readonly cidr: string;
  readonly zone: string;
  readonly zoneId: string;
  readonly defaultForAz: boolean;
  readonly mapPublicIp: boolean;
}

export interface InternetGateway extends Resource {
  readonly vpcId?: string;
}

export interface Route {
  /** IPv4 or IPv6 CIDR, or a prefix list id. */
  readonly destination: string;
  /** `local`, or the id of a gateway or network interface. */
  readonly target: string;
  readonly origin: 'CreateRouteTable' | 'CreateRoute';
}

export interface RouteTable extends Resource {
  readonly vpcId: string;
  readonly routes: readonly Route[];
  /** An association without a subnet is the VPC's main one. */
  readonly associations: readonly { readonly id: string; readonly subnetId?: string }[];
}

export interface AclEntry {
  readonly ruleNumber: number;
  readonly egress: boolean;
  /** A number as text; `-1` is all. */
  readonly protocol: string;
  readonly allow: boolean;
  readonly cidr?: string;
  readonly ipv6Cidr?: string;
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly icmpType?: number;
  readonly icmpCode?: number;
}

export interface NetworkAcl extends Resource {
  readonly vpcId: string;
  readonly isDefault: boolean;
  readonly entries: readonly AclEntry[];
  readonly associations: readonly { readonly id: string; readonly subnetId: string }[];
}
