import type * as rds from '@aws-sdk/client-rds';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import { type Database, databaseArn, databaseNamed } from './state.ts';

interface OnResource {
  readonly ResourceName?: string | undefined;
  readonly Tags?: rds.Tag[] | undefined;
}

const onResource = ({ ResourceName = '', Tags }: OnResource, call: Call) => [
  { action: `rds:${call.operation}`, resources: [ResourceName], context: requestTags(Tags) },
];

export const addTagsToResource = operation<rds.AddTagsToResourceMessage, object>({
  authorize: onResource,
  run({ ResourceName, Tags }, call) {
    const { tags } = databaseAt(call, ResourceName);
    const merged = new Map([...tags, ...tagsFrom(Tags)]);
    if (merged.size > 50) throw new AwsError('InvalidParameterValue', 'A resource can have 50 tags at most.');
    for (const [key, value] of merged) tags.set(key, value);
    return {};
  },
});

export const removeTagsFromResource = operation<rds.RemoveTagsFromResourceMessage, object>({
  authorize: onResource,
  run({ ResourceName, TagKeys = [] }, call) {
    const { tags } = databaseAt(call, ResourceName);
    for (const key of TagKeys) tags.delete(key);
    return {};
  },
});

export const listTagsForResource = operation<rds.ListTagsForResourceMessage, rds.TagListMessage>({
  authorize: onResource,
  run(input, call) {
    const { tags } = databaseAt(call, input.ResourceName);
    return { TagList: [...tags].map(([Key, Value]) => ({ Key, Value })) };
  },
});

/** Tags of a request, by key; reserved ones are refused. */
export function tagsFrom(tags: readonly rds.Tag[] = []): Map<string, string> {
  if (tags.some(({ Key = '' }) => Key === '' || /^(aws|rds):/i.test(Key))) {
    throw new AwsError('InvalidParameterValue', 'Tag keys must not be empty or begin with aws: or rds:.');
  }
  return new Map(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** `aws:RequestTag/…` and `aws:TagKeys` for the tags of a request. */
export function requestTags(tags: readonly rds.Tag[] = []): Readonly<Record<string, readonly string[]>> {
  if (tags.length === 0) return {};
  const named = tags.map(({ Key = '', Value = '' }) => [`aws:RequestTag/${Key}`, [Value]] as const);
  return { ...Object.fromEntries(named), 'aws:TagKeys': tags.map(({ Key = '' }) => Key) };
}

/** Only databases carry tags here. */
function databaseAt(call: Call, arn = ''): Database {
  const prefix = databaseArn(call);
  if (arn.startsWith(prefix)) return databaseNamed(call, arn.slice(prefix.length));
  throw new AwsError('InvalidParameterValue', `Invalid resource name: ${arn}`);
}
