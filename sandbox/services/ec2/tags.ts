import type {
  CreateTagsRequest,
  DeleteTagsRequest,
  DescribeTagsRequest,
  DescribeTagsResult,
  ResourceType,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../core/errors.ts';
import type { LaggedMap } from '../../core/lagged-map.ts';
import type { Call, Demand, TrailDetail } from '../../core/service.ts';
import { onResource, requestTags } from './demands.ts';
import { ec2Operation } from './ec2-operation.ts';
import { items } from './groups/trail.ts';
import { filterBy, pageOf } from './listing.ts';
import { invalidValue, KINDS, missing } from './refuse.ts';
import { type Ec2State, ec2State, type Resource, type Tag } from './state.ts';
import { checkedKey, checkedTags, withTags } from './tag-specifications.ts';

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

const SHELVES: readonly Shelf[] = [
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
];

function shelfOf(id: string): Shelf {
  const prefix = id.slice(0, id.lastIndexOf('-'));
  const found = SHELVES.find((one) => one.kind.prefix === prefix);
  if (!found) throw new AwsError('InvalidID', `The ID '${id}' is not valid`);
  return found;
}

/** Writes tags on up to 1,000 resources: on all of them, or on none. */
export const CreateTags = ec2Operation<CreateTagsRequest, object>(['Resources', 'Tags'], {
  run(input, call) {
    if (!input.Tags?.length) throw missing('Tags');
    const tags = checkedTags(input.Tags);
    retagAll(call, input.Resources, (old) => withTags(old, tags));
    return {};
  },
  authorize: demands,
  trail: trailOfTags,
});

/** Removes tags: by key, by key and value, or all of the user's own when none are named. */
export const DeleteTags = ec2Operation<DeleteTagsRequest, object>(['Resources', 'Tags'], {
  run(input, call) {
    const wanted = input.Tags?.map(({ Key, Value }) => ({ Key: checkedKey(Key), Value }));
    const goes = (tag: Tag) =>
      wanted
        ? wanted.some(({ Key, Value }) => Key === tag.Key && (Value === undefined || Value === tag.Value))
        : !tag.Key.startsWith('aws:');
    retagAll(call, input.Resources, (old) => old.filter((tag) => !goes(tag)));
    return {};
  },
  authorize: demands,
  trail: trailOfTags,
});

function retagAll(
  call: Call,
  resources: readonly string[] | undefined,
  change: (old: readonly Tag[]) => readonly Tag[],
): void {
  if (!resources?.length) throw missing('resourceIdSet');
  if (resources.length > 1000) throw invalidValue('At most 1000 resources can be tagged in one call.');
  const state = ec2State.of(call);
  const planned = resources.map((id) => ({ id, shelf: shelfOf(id) }));
  for (const { id, shelf: found } of planned) {
    found.retag(state, id, (old) => {
      change(old);
      return old;
    });
  }
  for (const { id, shelf: found } of planned) found.retag(state, id, change);
}

/** Lists tags with what carries them. */
export const DescribeTags = ec2Operation<DescribeTagsRequest, DescribeTagsResult>(
  ['Filters', 'MaxResults', 'NextToken'],
  {
    run(input, call) {
      const state = ec2State.of(call);
      const all = SHELVES.flatMap(({ type, list }) =>
        list(state).flatMap((resource) => resource.tags.map((tag) => ({ ...tag, type, id: resource.id }))),
      );
      const placed = all.map((tag, index) => ({ ...tag, serial: index + 1 }));
      const keep = filterBy<(typeof placed)[number]>(input.Filters, {
        key: (tag) => [tag.Key],
        'resource-id': (tag) => [tag.id],
        'resource-type': (tag) => [tag.type],
        value: (tag) => [tag.Value],
      });
      const page = pageOf(placed.filter(keep), input, { min: 5, max: 1000 });
      return {
        Tags: page.items.map(({ Key, Value, id, type }) => ({
          Key,
          Value,
          ResourceId: id,
          ResourceType: type,
        })),
        NextToken: page.NextToken,
      };
    },
  },
);

function demands(input: CreateTagsRequest | DeleteTagsRequest, call: Call): readonly Demand[] {
  const state = ec2State.of(call);
  const requested = requestTags(input.Tags ?? []);
  return (input.Resources ?? []).map((id) => {
    const found = shelfOf(id);
    return onResource(call, found.type, id, found.find(state, id), requested);
  });
}

function trailOfTags(input: CreateTagsRequest | DeleteTagsRequest): TrailDetail {
  return {
    request: {
      resourcesSet: items((input.Resources ?? []).map((resourceId) => ({ resourceId }))),
      tagSet: items(
        (input.Tags ?? []).map(({ Key, Value }) =>
          Value === undefined ? { key: Key } : { key: Key, value: Value },
        ),
      ),
    },
  };
}
