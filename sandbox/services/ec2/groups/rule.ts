import type { Ec2State, Resource, Tag } from '../state.ts';

/** Where a rule's traffic comes from (or goes to, for egress). */
export type Peer =
  | { readonly kind: 'ipv4'; readonly cidr: string }
  | { readonly kind: 'ipv6'; readonly cidr: string }
  | { readonly kind: 'prefix-list'; readonly id: string }
  | {
      readonly kind: 'group';
      readonly id: string;
      readonly owner: string;
      readonly vpcId?: string | undefined;
    };

/** What makes a rule the same rule: its description is not part of it. Ports are -1 where the protocol has none. */
export interface RuleFacts {
  /** `tcp`, `udp`, `icmp`, `icmpv6`, `-1`, or another protocol's number. */
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly peer: Peer;
}

export interface RuleDraft extends RuleFacts {
  readonly description?: string | undefined;
}

export interface Rule extends RuleDraft {
  readonly id: string;
  readonly serial: number;
  readonly egress: boolean;
  readonly tags: readonly Tag[];
}

export interface SecurityGroup extends Resource {
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
  readonly rules: readonly Rule[];
}

/** A rule's peer as one word: a CIDR, a group id or a list id. */
export function peerName(peer: Peer): string {
  return peer.kind === 'ipv4' || peer.kind === 'ipv6' ? peer.cidr : peer.id;
}

/** Equal for equal rules of one direction. */
export function ruleKey(facts: RuleFacts): string {
  return `${facts.protocol} ${facts.fromPort}-${facts.toPort} ${peerName(facts.peer)}`;
}

/** A new rule with its own id. */
export function newRule(state: Ec2State, draft: RuleDraft, egress: boolean, tags: readonly Tag[] = []): Rule {
  return { ...draft, id: state.newId('sgr'), serial: state.nextSerial(), egress, tags };
}

/** The rule every new group has: all traffic out. */
export function everythingOut(state: Ec2State): Rule {
  const peer: Peer = { kind: 'ipv4', cidr: '0.0.0.0/0' };
  return newRule(state, { protocol: '-1', fromPort: -1, toPort: -1, peer }, true);
}

/** The rule every default group has: all traffic from its own members. */
export function fromItself(state: Ec2State, id: string, owner: string): Rule {
  return newRule(
    state,
    { protocol: '-1', fromPort: -1, toPort: -1, peer: { kind: 'group', id, owner } },
    false,
  );
}
