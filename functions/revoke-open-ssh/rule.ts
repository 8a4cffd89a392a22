import type { Json, Resource, Tags } from '../../shared/engine/verdict.ts';

/** Where an ingress rule lets traffic come from. */
export type Source =
  | { readonly kind: 'cidr'; readonly cidr: string }
  | { readonly kind: 'prefix-list'; readonly id: string }
  | { readonly kind: 'security-group'; readonly id: string };

/** One ingress rule with one source, as DescribeSecurityGroupRules tells it. */
export interface Rule {
  /** `sgr-…`; unknown where only DescribeSecurityGroups or an old event was read. */
  readonly id: string | undefined;
  /** AWS's name or number: `tcp`, `6`, `-1` for all, `icmp`, `50`. */
  readonly protocol: string;
  /** For ICMP the type and code, for other protocols meaningless. */
  readonly fromPort: number | undefined;
  readonly toPort: number | undefined;
  readonly source: Source;
  readonly description: string | undefined;
  readonly tags: Tags;
}

export interface SecurityGroup extends Resource {
  readonly type: 'AWS::EC2::SecurityGroup';
  readonly vpcId: string | undefined;
  readonly ownerId: string;
  /** Whether the account that is looked at may change it: a group shared with us belongs to somebody else (B3.43). */
  readonly ownedHere: boolean;
  /** Ingress only. */
  readonly rules: readonly Rule[];
  /** The address that the signal's actor called from, where it is one: what to allow instead of the world (B3.31). */
  readonly callerAddress: string | undefined;
}

/** The source as people write it: `0.0.0.0/0`, `pl-…`, `sg-…`. */
export function sourceText(source: Source): string {
  return source.kind === 'cidr' ? source.cidr : source.id;
}

/** What the rule lets in, without its id: the same text for the same rule added again. */
export function ruleText({ protocol, fromPort, toPort, source }: Rule): string {
  return `${protocolText(protocol)}${portsText(fromPort, toPort)} from ${sourceText(source)}`;
}

function protocolText(protocol: string): string {
  if (protocol === '-1') return 'all traffic';
  return protocol === '6' ? 'tcp' : protocol;
}

function portsText(from: number | undefined, to: number | undefined): string {
  if (from === undefined || from < 0) return '';
  return from === to ? ` ${from}` : ` ${from}-${to}`;
}

/** The rule as AuthorizeSecurityGroupIngress and RevokeSecurityGroupIngress take it, plain enough for the journal. */
export function permissionOf({ protocol, fromPort, toPort, source, description }: Rule): {
  readonly [key: string]: Json;
} {
  const about = description === undefined ? {} : { Description: description };
  return {
    IpProtocol: protocol,
    ...(fromPort === undefined ? {} : { FromPort: fromPort }),
    ...(toPort === undefined ? {} : { ToPort: toPort }),
    ...sourceOf(source, about),
  };
}

function sourceOf(
  source: Source,
  about: { readonly Description?: string },
): { readonly [key: string]: Json } {
  if (source.kind === 'prefix-list') return { PrefixListIds: [{ PrefixListId: source.id, ...about }] };
  if (source.kind === 'security-group') return { UserIdGroupPairs: [{ GroupId: source.id, ...about }] };
  if (source.cidr.includes(':')) return { Ipv6Ranges: [{ CidrIpv6: source.cidr, ...about }] };
  return { IpRanges: [{ CidrIp: source.cidr, ...about }] };
}
