import type {
  AddTagsInput,
  DescribeTagsInput,
  DescribeTagsOutput,
  RemoveTagsInput,
  Tag,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '../../core/errors.ts';
import { type Call, type Demand, operation } from '../../core/service.ts';
import {
  elbArn,
  elbState,
  findLoadBalancer,
  findTargetGroup,
  invalid,
  onArn,
  requestTags,
  type Tags,
  taggedBy,
} from './state.ts';

/** Tags of a request, checked, written over `old`: at most 50, none that begins with `aws:`. */
export function withTags(old: Tags, tags: readonly Tag[] = []): Tags {
  for (const { Key = '', Value = '' } of tags) {
    if (Key === '' || [...Key].length > 128 || [...Value].length > 256)
      throw invalid('Tag key or value has an invalid length');
    if (/^aws:/i.test(Key)) throw invalid("Tag keys starting with 'aws:' are reserved for system use");
  }
  const merged = new Map([...old, ...tags.map(({ Key = '', Value = '' }) => [Key, Value] as const)]);
  if (merged.size > 50) throw new AwsError('TooManyTags', 'The maximum number of tags for a resource is 50');
  return merged;
}

/** Writes tags on load balancers, listeners and target groups. */
export const addTags = operation<AddTagsInput, object>({
  run(input, call) {
    const arns = input.ResourceArns ?? [];
    for (const arn of arns) withTags(mustBeThere(call, arn).tags, input.Tags);
    for (const arn of arns) retag(call, arn, (old) => withTags(old, input.Tags));
    return {};
  },
  authorize: (input, call) => onArns(call, input.ResourceArns, requestTags(input.Tags)),
});

/** Removes tags by key. */
export const removeTags = operation<RemoveTagsInput, object>({
  run(input, call) {
    const arns = input.ResourceArns ?? [];
    for (const arn of arns) mustBeThere(call, arn);
    const goes = new Set(input.TagKeys);
    for (const arn of arns) retag(call, arn, (old) => new Map([...old].filter(([key]) => !goes.has(key))));
    return {};
  },
  authorize: (input, call) =>
    onArns(call, input.ResourceArns, input.TagKeys?.length ? { 'aws:TagKeys': input.TagKeys } : {}),
});

/** Lists the tags of up to 20 resources. */
export const describeTags = operation<DescribeTagsInput, DescribeTagsOutput>({
  run(input, call) {
    const arns = input.ResourceArns ?? [];
    if (arns.length > 20) throw invalid('Up to 20 resources can be described at once');
    return {
      TagDescriptions: arns.map((ResourceArn) => ({
        ResourceArn,
        Tags: [...mustBeThere(call, ResourceArn).tags].map(([Key, Value]) => ({ Key, Value })),
      })),
    };
  },
});

function onArns(call: Call, arns: readonly string[] = [], context: Demand['context']): readonly Demand[] {
  const asked = arns.length > 0 ? arns : [elbArn(call, 'loadbalancer/*')];
  return asked.map((arn) => onArn(call, arn, context));
}

function mustBeThere(call: Call, arn: string): { readonly tags: Tags } {
  const found = taggedBy(call, arn);
  if (found) return found;
  return arn.includes(':targetgroup/') ? findTargetGroup(call, arn) : findLoadBalancer(call, arn);
}

function retag(call: Call, arn: string, change: (old: Tags) => Tags): void {
  const { loadBalancers, targetGroups, listeners } = elbState.of(call);
  const balancer = loadBalancers.get(arn);
  const group = targetGroups.get(arn);
  const listener = listeners.get(arn);
  if (balancer) loadBalancers.set(arn, { ...balancer, tags: change(balancer.tags) });
  if (group) targetGroups.set(arn, { ...group, tags: change(group.tags) });
  if (listener) listeners.set(arn, { ...listener, tags: change(listener.tags) });
}
