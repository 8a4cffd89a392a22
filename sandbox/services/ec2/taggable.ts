import type { ResourceType } from '@aws-sdk/client-ec2';
import { AwsError } from '../../core/errors.ts';
import type { LaggedMap } from '../../core/lagged-map.ts';
import type { Call } from '../../core/service.ts';
import { invalidValue, KINDS, missing, unauthorized } from './refuse.ts';
import { type Ec2State, ec2State, type Resource, type Tag } from './state.ts';

/** A collection of taggable resources, its id prefix, and EC2's name of the type. */
interface Shelf {
  readonly type: ResourceType;
  readonly kind: (typeof KINDS)[keyof typeof KINDS];
  readonly list: (state: Ec2State) => readonly Resource[];
  readonly find: (state: Ec2State, id: string) => Resource | undefined;
  readonly retag: (state: Ec2State, id: string, change: (old: readonly Tag[]) => readonly Tag[]) => void;
}

function shelf<T extends Resource>(
  type: ResourceType,
  kind: Shelf['kind'],
  of: (state: Ec2State) => LaggedMap<T>,
): Shelf {
  return {
    type,
    kind,
    list: (state) => [...of(state).seen().values()],
    find: (state, id) => of(state).newest.get(id),
    retag(state, id, change) {
      const resource = of(state).newest.get(id);
      if (!resource) throw new AwsError(kind.notFound, kind.says(id));
      of(state).set(id, { ...resource, tags: change(resource.tags) });
    },
  };
}

const RULES: Shelf = {
  type: 'security-group-rule',
  kind: KINDS.rule,
  list: (state) =>
    [...state.groups.seen().values()].flatMap(({ owner, rules }) =>
      rules.map((rule) => ({ ...rule, owner })),
    ),
  find(state, id) {
    const group = state.groups.newest.get(state.ruleHomes.get(id) ?? '');
    const rule = group?.rules.find((one) => one.id === id);
    return group && rule && { ...rule, owner: group.owner };
  },
  retag(state, id, change) {
    const group = state.groups.newest.get(state.ruleHomes.get(id) ?? '');
    if (!group?.rules.some((rule) => rule.id === id))
      throw new AwsError(KINDS.rule.notFound, KINDS.rule.says(id));
    const rules = group.rules.map((rule) => (rule.id === id ? { ...rule, tags: change(rule.tags) } : rule));
    state.groups.set(group.id, { ...group, rules });
  },
};

/** Everything that carries tags, in the order in which DescribeTags lists it. */
export const SHELVES: readonly Shelf[] = [
  shelf('vpc', KINDS.vpc, (state) => state.vpcs),
  shelf('subnet', KINDS.subnet, (state) => state.subnets),
  shelf('internet-gateway', KINDS.gateway, (state) => state.gateways),
  shelf('route-table', KINDS.routeTable, (state) => state.routeTables),
  shelf('network-acl', KINDS.acl, (state) => state.acls),
  shelf('security-group', KINDS.group, (state) => state.groups),
  RULES,
  shelf('prefix-list', KINDS.prefixList, (state) => state.prefixLists),
  shelf('network-interface', KINDS.interface, (state) => state.interfaces),
  shelf('instance', KINDS.instance, (state) => state.instances),
  shelf('launch-template', KINDS.template, (state) => state.templates),
  shelf('volume', KINDS.volume, (state) => state.volumes),
  shelf('snapshot', KINDS.snapshot, (state) => state.snapshots),
  shelf('image', KINDS.image, (state) => state.images),
  shelf('elastic-ip', KINDS.address, (state) => state.addresses),
  shelf('key-pair', KINDS.keyPair, (state) => state.keyPairs),
  shelf('natgateway', KINDS.natGateway, (state) => state.natGateways),
  shelf('spot-instances-request', KINDS.spotRequest, (state) => state.spotRequests),
];

/** Where a resource is kept, told by the prefix of its id. */
export function shelfOf(id: string): Shelf {
  const prefix = id.slice(0, id.lastIndexOf('-'));
  const found = SHELVES.find((one) => one.kind.prefix === prefix);
  if (!found) throw new AwsError('InvalidID', `The ID '${id}' is not valid`);
  return found;
}

/** Changes the tags of all resources, or of none when one is missing or would refuse. */
export function retagAll(
  call: Call,
  resources: readonly string[] | undefined,
  change: (old: readonly Tag[]) => readonly Tag[],
): void {
  if (!resources?.length) throw missing('resourceIdSet');
  if (resources.length > 1000) throw invalidValue('At most 1000 resources can be tagged in one call.');
  const state = ec2State.of(call);
  const planned = resources.map((id) => ({ id, shelf: shelfOf(id) }));
  for (const { id, shelf: found } of planned) {
    const owner = found.find(state, id)?.owner;
    if (owner !== undefined && owner !== call.account) throw unauthorized();
    found.retag(state, id, (old) => {
      change(old);
      return old;
    });
  }
  for (const { id, shelf: found } of planned) found.retag(state, id, change);
}
