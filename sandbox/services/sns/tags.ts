import type * as sns from '@aws-sdk/client-sns';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import { checkTagPolicy } from '../organizations/effective.ts';
import { addTags, type TagRefusals } from '../tag-rules.ts';
import { invalidParameter, type Topic, topics } from './state.ts';

const REFUSALS: TagRefusals = {
  reserved: (key) => invalidParameter(`Tag Reason: the tag key ${key} is reserved`),
  tooMany: () =>
    new AwsError(
      'TagLimitExceededException',
      'Could not complete request: tag quota of per resource exceeded',
    ),
};

export const tagResource = operation<sns.TagResourceRequest, object>({
  authorize: ({ ResourceArn = '' }) => [{ action: 'sns:TagResource', resources: [ResourceArn] }],
  run({ ResourceArn, Tags = [] }, call) {
    const { tags } = tagged(call, ResourceArn);
    checkTagPolicy(call, 'sns:topic', Tags, 'TagPolicyException');
    addTags(
      tags,
      Tags.map(({ Key = '', Value = '' }) => [Key, Value]),
      REFUSALS,
    );
    return {};
  },
});

export const untagResource = operation<sns.UntagResourceRequest, object>({
  authorize: ({ ResourceArn = '' }) => [{ action: 'sns:UntagResource', resources: [ResourceArn] }],
  run({ ResourceArn, TagKeys = [] }, call) {
    const { tags } = tagged(call, ResourceArn);
    for (const key of TagKeys) tags.delete(key);
    return {};
  },
});

export const listTagsForResource = operation<sns.ListTagsForResourceRequest, sns.ListTagsForResourceResponse>(
  {
    authorize: ({ ResourceArn = '' }) => [{ action: 'sns:ListTagsForResource', resources: [ResourceArn] }],
    run: ({ ResourceArn }, call) => ({
      Tags: [...tagged(call, ResourceArn).tags].map(([Key, Value]) => ({ Key, Value })),
    }),
  },
);

function tagged(call: Call, arn = ''): Topic {
  const topic = topics.of(call).get(arn);
  if (topic) return topic;
  throw new AwsError('ResourceNotFoundException', 'Resource does not exist', 404);
}
