import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-eventbridge';
import { AwsError } from '../../core/errors.ts';
import { type Call, type Demand, type Operation, operation } from '../../core/service.ts';
import { busesOf } from '../../events/bus.ts';

const onArn = (action: string, arn = ''): readonly Demand[] => [{ action, resources: [arn] }];

export const tagResource: Operation = operation<TagResourceRequest, object>({
  authorize: (input) => onArn('events:TagResource', input.ResourceARN),
  run({ ResourceARN, Tags = [] }, call) {
    for (const { Key = '', Value = '' } of Tags) tagsOf(call, ResourceARN).set(Key, Value);
    return {};
  },
});

export const untagResource: Operation = operation<UntagResourceRequest, object>({
  authorize: (input) => onArn('events:UntagResource', input.ResourceARN),
  run({ ResourceARN, TagKeys = [] }, call) {
    for (const key of TagKeys) tagsOf(call, ResourceARN).delete(key);
    return {};
  },
});

export const listTagsForResource: Operation = operation<
  ListTagsForResourceRequest,
  ListTagsForResourceResponse
>({
  authorize: (input) => onArn('events:ListTagsForResource', input.ResourceARN),
  run: ({ ResourceARN }, call) => ({
    Tags: [...tagsOf(call, ResourceARN)].map(([Key, Value]) => ({ Key, Value })),
  }),
});

function tagsOf(call: Call, arn = ''): Map<string, string> {
  const buses = [...busesOf(call.world, call).values()];
  const found = [...buses, ...buses.flatMap(({ rules }) => [...rules.values()])].find(
    (each) => each.arn === arn,
  );
  if (found) return found.tags;
  throw new AwsError('ResourceNotFoundException', `Resource ${arn} does not exist.`);
}
