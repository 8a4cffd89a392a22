import type {
  CreateOrUpdateTagsType,
  DeleteTagsType,
  DescribeTagsType,
  Tag,
  TagDescription,
  TagsType,
} from '@aws-sdk/client-auto-scaling';
import { AwsError } from '../../core/errors.ts';
import { type Call, type Demand, operation } from '../../core/service.ts';
import { refuseUnknown } from '../ec2/ec2-operation.ts';
import { pageByKey } from '../pages.ts';
import { change, findGroup, type Group, groups, invalid, onGroup } from './state.ts';

interface CheckedTag {
  readonly group: string;
  readonly key: string;
  readonly value: string;
  readonly propagate: boolean;
}

/** Tags of a request: keys up to 128 characters and values up to 256, none that begins with `aws:`. */
export function checkedTags(call: Call, tags: readonly Tag[]): readonly CheckedTag[] {
  return tags.map(
    ({ Key: key, Value: value = '', ResourceId: group = '', ResourceType, PropagateAtLaunch }) => {
      if (ResourceType && ResourceType !== 'auto-scaling-group')
        throw invalid(`Invalid ResourceType ${ResourceType}`);
      if (!key || [...key].length > 128 || [...value].length > 256)
        throw invalid('Tag key or value has an invalid length.');
      if (/^aws:/i.test(key))
        throw invalid('Tag keys may not start with aws:, which is reserved for internal use.');
      if (call.operation !== 'CreateAutoScalingGroup') findGroup(call, group);
      return { group, key, value, propagate: PropagateAtLaunch ?? false };
    },
  );
}

/** Writes tags on groups; running members keep theirs, later ones get those that propagate. */
export const createOrUpdateTags = operation<CreateOrUpdateTagsType, object>({
  run(input, call) {
    const tags = checkedTags(call, input.Tags ?? []);
    for (const name of new Set(tags.map(({ group }) => group))) {
      change(call, name, (now) => {
        const mine = tags.filter(({ group }) => group === name);
        const merged = new Map([
          ...now.tags,
          ...mine.map(({ key, value, propagate }) => [key, { value, propagate }] as const),
        ]);
        if (merged.size > 50) throw new AwsError('LimitExceeded', 'Tag limit of 50 exceeded.');
        return { ...now, tags: merged };
      });
    }
    return {};
  },
  authorize: onTagged,
});

/** Removes tags from groups. */
export const deleteTags = operation<DeleteTagsType, object>({
  run(input, call) {
    for (const { ResourceId, Key } of input.Tags ?? []) {
      const { name } = findGroup(call, ResourceId);
      change(call, name, (now) => ({ ...now, tags: new Map([...now.tags].filter(([key]) => key !== Key)) }));
    }
    return {};
  },
  authorize: onTagged,
});

function onTagged({ Tags: tags = [] }: CreateOrUpdateTagsType, call: Call): readonly Demand[] {
  const names = [...new Set(tags.map(({ ResourceId }) => ResourceId))];
  return (names.length > 0 ? names : [undefined]).map((name) => {
    const mine = tags.filter(({ ResourceId }) => ResourceId === name);
    const requested = mine.map(({ Key, Value = '' }) => [`aws:RequestTag/${Key}`, [Value]]);
    const keys = mine.map(({ Key = '' }) => Key);
    return onGroup(call, name, {
      ...Object.fromEntries(requested),
      ...(keys.length > 0 && { 'aws:TagKeys': keys }),
    });
  });
}

/** Lists the tags of groups, filtered by group, key, value or propagation. */
export const describeTags = operation<DescribeTagsType, TagsType>({
  run(input, call) {
    refuseUnknown(input, ['Filters', 'MaxRecords', 'NextToken'], '');
    const all = [...groups.of(call).values()].flatMap(tagsOf);
    const wanted = (input.Filters ?? []).reduce((left, { Name = '', Values = [] }) => {
      const read = READ[Name];
      if (!read)
        throw invalid(
          `Filter type ${Name} is not correct. Allowed Filter types are: ${Object.keys(READ).join(', ')}`,
        );
      return left.filter((tag) => Values.includes(read(tag)));
    }, all);
    const page = pageByKey(
      wanted,
      (tag) => `${tag.ResourceId}/${tag.Key}`,
      input.MaxRecords ?? 50,
      input.NextToken,
    );
    if (!page) throw new AwsError('InvalidNextToken', 'The token is not valid.');
    return { Tags: [...page.items], NextToken: page.next };
  },
});

const READ: Readonly<Record<string, (tag: TagDescription) => string>> = {
  'auto-scaling-group': (tag) => tag.ResourceId ?? '',
  key: (tag) => tag.Key ?? '',
  'propagate-at-launch': (tag) => String(tag.PropagateAtLaunch),
  value: (tag) => tag.Value ?? '',
};

/** A group's tags as Auto Scaling shows them. */
export function tagsOf(group: Group): TagDescription[] {
  return [...group.tags].map(([Key, { value, propagate }]) => ({
    ResourceId: group.name,
    ResourceType: 'auto-scaling-group',
    Key,
    Value: value,
    PropagateAtLaunch: propagate,
  }));
}
