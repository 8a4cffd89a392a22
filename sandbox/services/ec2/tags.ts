import type {
  CreateTagsRequest,
  DeleteTagsRequest,
  DescribeTagsRequest,
  DescribeTagsResult,
} from '@aws-sdk/client-ec2';
import type { Call, Demand, TrailDetail } from '../../core/service.ts';
import { checkTagPolicy } from '../organizations/effective.ts';
import { onResource, requestTags } from './demands.ts';
import { ec2Operation } from './ec2-operation.ts';
import { items } from './groups/trail.ts';
import { filterBy, pageOf } from './listing.ts';
import { invalidValue, missing } from './refuse.ts';
import { ec2State, type Tag } from './state.ts';
import { checkedKey, checkedTags, withTags } from './tag-specifications.ts';
import { retagAll, SHELVES, shelfOf } from './taggable.ts';

/** Writes tags on up to 1,000 resources: on all of them, or on none. */
export const CreateTags = ec2Operation<CreateTagsRequest, object>(['Resources', 'Tags'], {
  run(input, call) {
    if (!input.Tags?.length) throw missing('Tags');
    const tags = checkedTags(input.Tags);
    for (const id of input.Resources ?? []) {
      mustFitMetadata(call, id, tags);
      checkTagPolicy(call, `ec2:${shelfOf(id).type}`, tags);
    }
    retagAll(call, input.Resources, (old) => withTags(old, tags));
    return {};
  },
  authorize: demands,
  trail: trailOfTags,
});

/** An instance that shows its tags in its metadata takes only keys that fit into a path. */
function mustFitMetadata(call: Call, id: string, tags: readonly Tag[]): void {
  const instance = ec2State.of(call).instances.newest.get(id);
  if (instance?.metadata.instanceMetadataTags !== 'enabled') return;
  const odd = tags.find(({ Key }) => !/^[\w\-+=,.@:]+$/.test(Key) || ['.', '..', '_index'].includes(Key));
  if (!odd) return;
  throw invalidValue(
    `'${odd.Key}' is not a valid tag key. Tag keys must match pattern ([0-9a-zA-Z\\-_+=,.@:]{1,255}), and must not be a reserved name ('.', '..', '_index')`,
  );
}

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
