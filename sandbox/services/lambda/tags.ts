import type {
  ListTagsRequest,
  ListTagsResponse,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-lambda';
import { type Call, type Operation, operation } from '../../core/service.ts';
import { findFunction } from '../../lambda/function.ts';
import { onFunction } from './demands.ts';

export const tagResource: Operation = operation<TagResourceRequest, object>({
  authorize: (input, call) => onFunction('lambda:TagResource', call, input.Resource),
  run({ Resource = '', Tags = {} }, call) {
    for (const [key, value] of Object.entries(Tags)) tagsOf(call, Resource).set(key, value);
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
