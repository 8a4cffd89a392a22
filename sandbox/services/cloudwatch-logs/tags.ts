import type * as logs from '@aws-sdk/client-cloudwatch-logs';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import { groupAt } from './log-groups.ts';

const onArn = ({ resourceArn = '' }: { readonly resourceArn?: string | undefined }, call: Call) => [
  { action: `logs:${call.operation}`, resources: [resourceArn] },
];

export const tagResource = operation<logs.TagResourceRequest, object>({
  authorize: onArn,
  run({ resourceArn, tags: added = {} }, call) {
    const { tags } = groupAt(call, resourceArn);
    const merged = new Map([...tags, ...Object.entries(added)]);
    if (merged.size > 50) {
      throw new AwsError('TooManyTagsException', 'A resource can have no more than 50 tags.', 400, {
        resourceName: resourceArn,
      });
    }
    for (const [key, value] of merged) tags.set(key, value);
    return {};
  },
});

export const untagResource = operation<logs.UntagResourceRequest, object>({
  authorize: onArn,
  run({ resourceArn, tagKeys = [] }, call) {
    const { tags } = groupAt(call, resourceArn);
    for (const key of tagKeys) tags.delete(key);
    return {};
  },
});

export const listTagsForResource = operation<
  logs.ListTagsForResourceRequest,
  logs.ListTagsForResourceResponse
>({
  authorize: onArn,
  run: ({ resourceArn }, call) => ({ tags: Object.fromEntries(groupAt(call, resourceArn).tags) }),
});
