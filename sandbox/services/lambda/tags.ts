import type {
  ListTagsRequest,
  ListTagsResponse,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-lambda';
import { AwsError } from '../../core/errors.ts';
import { type Call, type Operation, operation } from '../../core/service.ts';
import { findFunction } from '../../lambda/function.ts';
import { addTags, type TagRefusals } from '../tag-rules.ts';
import { onFunction } from './demands.ts';

const refused = (message: string) =>
  new AwsError('InvalidParameterValueException', message, 400, { Type: 'User' });
const REFUSALS: TagRefusals = {
  reserved: (key) => refused(`The tag key ${key} is reserved.`),
  tooMany: () => refused('A function can have 50 tags at most.'),
};

export const tagResource: Operation = operation<TagResourceRequest, object>({
  authorize: (input, call) => onFunction('lambda:TagResource', call, input.Resource),
  run({ Resource = '', Tags = {} }, call) {
    addTags(tagsOf(call, Resource), Object.entries(Tags), REFUSALS);
    return {};
  },
});

export const untagResource: Operation = operation<UntagResourceRequest, object>({
  authorize: (input, call) => onFunction('lambda:UntagResource', call, input.Resource),
  run({ Resource = '', TagKeys = [] }, call) {
    for (const key of TagKeys) tagsOf(call, Resource).delete(key);
    return {};
  },
});

export const listTags: Operation = operation<ListTagsRequest, ListTagsResponse>({
  authorize: (input, call) => onFunction('lambda:ListTags', call, input.Resource),
  run: ({ Resource = '' }, call) => ({ Tags: Object.fromEntries(tagsOf(call, Resource)) }),
});

const tagsOf = (call: Call, resource: string) => findFunction(call.world, call, resource).tags;
