import type { IpPermission, UserIdGroupPair } from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import type { Call } from '../../../core/service.ts';
import { canonicalIpv4, canonicalIpv6 } from '../cidr.ts';
import { invalidValue, KINDS, resolve } from '../refuse.ts';
import { ec2State } from '../state.ts';
import { findGroup } from './find-group.ts';
import { canonicalPorts, canonicalProtocol } from './ports.ts';
import { type Peer, peerName, type RuleDraft } from './rule.ts';

/** Where names of groups are looked up, and which account they belong to by default. */
export interface RuleContext {
  readonly call: Call;
  readonly vpcId: string;
}

/** Every rule that a list of permissions spells out, in canonical form. */
export function readPermissions(permissions: readonly IpPermission[], context: RuleContext): RuleDraft[] {
  return permissions.flatMap((permission) => readPermission(permission, context));
}

/** One permission: the same protocol and ports for each of its peers. */
export function readPermission(permission: IpPermission, context: RuleContext): RuleDraft[] {
  const protocol = canonicalProtocol(permission.IpProtocol);
  const ports = canonicalPorts(protocol, permission.FromPort, permission.ToPort);
  return peersOf(permission, context).map(({ peer, description }) => ({
    protocol,
    ...ports,
    peer,
    description: checkedDescription(description),
  }));
}

interface DescribedPeer {
  readonly peer: Peer;
  readonly description: string | undefined;
}

function peersOf(permission: IpPermission, context: RuleContext): DescribedPeer[] {
  const peers: DescribedPeer[] = [];
  for (const { CidrIp = '', Description } of permission.IpRanges ?? []) {
    peers.push({ peer: { kind: 'ipv4', cidr: canonicalIpv4(CidrIp) }, description: Description });
  }
  for (const { CidrIpv6 = '', Description } of permission.Ipv6Ranges ?? []) {
    peers.push({ peer: { kind: 'ipv6', cidr: canonicalIpv6(CidrIpv6) }, description: Description });
  }
  for (const { PrefixListId, Description } of permission.PrefixListIds ?? []) {
    peers.push({ peer: prefixListPeer(context.call, PrefixListId), description: Description });
  }
  for (const pair of permission.UserIdGroupPairs ?? []) {
    peers.push({ peer: groupPeer(pair, context), description: pair.Description });
  }
  return peers;
}

/** A prefix list that this account can see, as a rule's peer. */
export function prefixListPeer(call: Call, id: string | undefined): Peer {
  const list = resolve(ec2State.of(call).prefixLists.newest, id, KINDS.prefixList, 'PrefixListId');
  return { kind: 'prefix-list', id: list.id };
}

/** A group as a rule's peer; a group of another account is taken at its word, as for peered VPCs. */
export function groupPeer(pair: UserIdGroupPair, { call, vpcId }: RuleContext): Peer {
  const owner = pair.UserId ?? call.account;
  if (owner !== call.account) {
    if (!pair.GroupId) throw invalidValue('A security group of another account must be given by its ID');
    return { kind: 'group', id: pair.GroupId, owner, vpcId: pair.VpcId };
  }
  const group = findGroup(call, pair.GroupId, pair.GroupName, vpcId);
  return {
    kind: 'group',
    id: group.id,
    owner: group.owner,
    vpcId: group.vpcId === vpcId ? undefined : group.vpcId,
  };
}

/** At most 255 characters of AWS's set. */
export function checkedDescription(description: string | undefined): string | undefined {
  if (description === undefined || description === '') return undefined;
  if (description.length > 255 || !/^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]*$/.test(description)) {
    throw invalidValue(
      'Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*',
    );
  }
  return description;
}

/** `InvalidPermission.Duplicate` in AWS's words. */
export function duplicate(rule: RuleDraft): AwsError {
  const text = `peer: ${peerName(rule.peer)}, ${trafficName(rule)}, ALLOW`;
  return new AwsError('InvalidPermission.Duplicate', `the specified rule "${text}" already exists`);
}

function trafficName({ protocol, fromPort, toPort }: RuleDraft): string {
  if (protocol === '-1') return 'ALL';
  const shown = (value: number) => (value === -1 ? 'ALL' : String(value));
  if (protocol.startsWith('icmp'))
    return `${protocol.toUpperCase()}, type: ${shown(fromPort)}, code: ${shown(toPort)}`;
  if (protocol === 'tcp' || protocol === 'udp') {
    return `${protocol.toUpperCase()}, from port: ${fromPort}, to port: ${toPort}`;
  }
  return `protocol: ${protocol}`;
}
