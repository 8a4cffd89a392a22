import type * as control from '@aws-sdk/client-s3-control';
import { AwsError } from '../../core/errors.ts';
import { notImplemented } from '../../core/refusals.ts';
import { type Call, operation } from '../../core/service.ts';
import { checkTags } from '../s3/configuration/tag-rules.ts';
import { type Bucket, bucketNamed } from '../s3/state.ts';

type Wish = { readonly AccountId?: string | undefined; readonly ResourceArn?: string | undefined };

/** Tags are read and written for general purpose buckets here; other resources are refused by name. */
function bucketOf({ AccountId, ResourceArn = '' }: Wish, call: Call): Bucket {
  const [, , service, region, account, name = ''] = ResourceArn.split(':');
  if (service !== 's3' || region || account || name.includes('/')) {
    throw notImplemented(`tags of ${ResourceArn}`);
  }
  const bucket = bucketNamed(call.world, call.partition, name);
  if (AccountId !== call.account || bucket.owner !== call.account) {
    throw new AwsError('AccessDenied', 'Access Denied', 403);
  }
  return bucket;
}

const on = (action: string) => (input: Wish) => [{ action, resources: [input.ResourceArn ?? ''] }];

export const listTagsForResource = operation<
  control.ListTagsForResourceRequest,
  control.ListTagsForResourceResult
>({
  authorize: on('s3:ListTagsForResource'),
  run: (input, call) => ({
    Tags: [...bucketOf(input, call).tags].map(([Key, Value]) => ({ Key, Value })),
  }),
});

/** Adds tags or gives them other values; those that are not named stay, AWS's own among them. */
export const tagResource = operation<control.TagResourceRequest, object>({
  authorize: on('s3:TagResource'),
  run(input, call) {
    const { tags } = bucketOf(input, call);
    const { Tags = [] } = input;
    checkTags(Tags);
    const after = new Map([...tags, ...Tags.map(({ Key = '', Value = '' }) => [Key, Value] as const)]);
    const own = [...after].filter(([key]) => !key.startsWith('aws:'));
    checkTags(own.map(([Key, Value]) => ({ Key, Value })));
    for (const [key, value] of after) tags.set(key, value);
    return {};
  },
});

export const untagResource = operation<control.UntagResourceRequest, object>({
  authorize: on('s3:UntagResource'),
  run(input, call) {
    const { tags } = bucketOf(input, call);
    const { TagKeys = [] } = input;
    if (TagKeys.some((key) => key.startsWith('aws:'))) {
      throw new AwsError('InvalidTag', 'System tags cannot be removed by requester');
    }
    for (const key of TagKeys) tags.delete(key);
    return {};
  },
});
