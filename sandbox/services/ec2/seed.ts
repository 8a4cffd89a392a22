import { defaultVpcId } from './groups/find-group.ts';
import { newRule, type RuleDraft, type SecurityGroup } from './groups/rule.ts';
import { layGroup } from './network/default-network.ts';
import type { PrefixList } from './prefix-lists/model.ts';
import { ec2State, newResource, type Place, type Tag } from './state.ts';

/** Puts a prefix list of another account into view, as AWS RAM does; `readable: false` hides its entries. */
export function shareManagedPrefixList(
  place: Place,
  wish: { owner: string; name: string; cidrs: readonly string[]; readable?: boolean; maxEntries?: number },
): string {
  const state = ec2State.of(place);
  const maxEntries = wish.maxEntries ?? Math.max(wish.cidrs.length, 1);
  const list: PrefixList = {
    ...newResource(state, 'pl', wish.owner),
    name: wish.name,
    family: wish.cidrs.some((cidr) => cidr.includes(':')) ? 'IPv6' : 'IPv4',
    maxEntries,
    weight: maxEntries,
    version: 1,
    entriesByVersion: new Map([[1, wish.cidrs.map((cidr) => ({ cidr }))]]),
    state: 'create-complete',
    readable: wish.readable ?? true,
  };
  state.prefixLists.set(list.id, list);
  return list.id;
}

/** Puts a security group of another account into view, as a shared VPC does: this account may use it, not change it. */
export function shareSecurityGroup(
  place: Place,
  wish: {
    owner: string;
    name: string;
    vpcId?: string;
    inbound?: readonly RuleDraft[];
    tags?: readonly Tag[];
  },
): string {
  const state = ec2State.of(place);
  const vpcId = wish.vpcId ?? defaultVpcId(state) ?? '';
  const bare = layGroup(state, wish.owner, {
    name: wish.name,
    description: `Shared by ${wish.owner}`,
    vpcId,
    tags: wish.tags ?? [],
  });
  const rules = (wish.inbound ?? []).map((draft) => newRule(state, draft, false));
  for (const rule of rules) state.ruleHomes.set(rule.id, bare.id);
  const group: SecurityGroup = { ...bare, rules: [...bare.rules, ...rules] };
  state.groups.set(group.id, group);
  return group.id;
}

/** Sets tags that users cannot write themselves, such as `aws:cloudformation:stack-name`, on a security group. */
export function tagSecurityGroup(place: Place, groupId: string, tags: readonly Tag[]): void {
  const { groups } = ec2State.of(place);
  const group = groups.newest.get(groupId);
  if (!group) throw new Error(`No security group ${groupId} in ${place.account} ${place.region}`);
  const kept = group.tags.filter((old) => !tags.some((tag) => tag.Key === old.Key));
  groups.set(groupId, { ...group, tags: [...kept, ...tags] });
}
