import type {
  FailureInfo,
  TagResourcesInput,
  TagResourcesOutput,
  UntagResourcesInput,
  UntagResourcesOutput,
} from '@aws-sdk/client-resource-groups-tagging-api';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import { invalidParameter, knownResources } from './resources.ts';
import type { Taggable } from './taggable.ts';
import { taggableOf } from './taggables.ts';

const MOST_ARNS = 20;

/**
 * Tags up to 20 resources through their own services: the caller needs the right of each of them too. What fails
 * stands in FailedResourcesMap of an answer that is a success.
 */
export const tagResources = operation<TagResourcesInput, TagResourcesOutput>({
  async run({ ResourceARNList: arns = [], Tags: tags = {} }, call) {
    const entries = new Map(Object.entries(tags));
    if (entries.size < 1 || entries.size > 50) throw invalidParameter('1 to 50 tags are needed.');
    checkKeys([...entries.keys()]);
    const tooLong = [...entries.values()].find((value) => [...value].length > 256);
    if (tooLong !== undefined) throw invalidParameter('A tag value can have 256 characters at most.');
    return eachOf(arns, call, (taggable, arn) => taggable.tag(arn, entries, call));
  },
});

/** Removes tags by key from up to 20 resources, as TagResources writes them. */
export const untagResources = operation<UntagResourcesInput, UntagResourcesOutput>({
  async run({ ResourceARNList: arns = [], TagKeys: keys = [] }, call) {
    if (keys.length < 1 || keys.length > 50) throw invalidParameter('1 to 50 tag keys are needed.');
    checkKeys(keys);
    return eachOf(arns, call, (taggable, arn) => taggable.untag(arn, keys, call));
  },
});

function checkKeys(keys: readonly string[]): void {
  const reserved = keys.find((key) => /^aws:/i.test(key));
  if (reserved !== undefined) throw invalidParameter(`Tag keys cannot begin with aws:, as ${reserved} does.`);
  if (keys.some((key) => key === '' || [...key].length > 128)) {
    throw invalidParameter('A tag key has 1 to 128 characters.');
  }
}

async function eachOf(
  arns: readonly string[],
  call: Call,
  own: (taggable: Taggable, arn: string) => ReturnType<Taggable['tag']>,
): Promise<{ FailedResourcesMap: Record<string, FailureInfo> }> {
  if (arns.length < 1 || arns.length > MOST_ARNS) {
    throw invalidParameter(`ResourceARNList must name 1 to ${MOST_ARNS} ARNs.`);
  }
  // Before anything is tagged or untagged: what has tags now is known for ever.
  knownResources(call);
  const planned = arns.map((arn) => ({ arn, taggable: taggableOf(arn) }));
  const failed: Record<string, FailureInfo> = {};
  for (const { arn, taggable } of planned) {
    const failure = await failureOf(call, arn, taggable, own);
    if (failure) failed[arn] = failure;
  }
  return { FailedResourcesMap: failed };
}

async function failureOf(
  call: Call,
  arn: string,
  taggable: Taggable,
  own: (taggable: Taggable, arn: string) => ReturnType<Taggable['tag']>,
): Promise<FailureInfo | undefined> {
  try {
    const region = arn.split(':')[3] || taggable.regionOf?.(arn, call);
    if (region && region !== call.region)
      throw invalidParameter(`${arn} is not in the region ${call.region}.`);
    const { operation: name, input } = own(taggable, arn);
    await call.world.invoke(call.principal, call, taggable.service, name, input);
    return undefined;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    // "Any valid error code returned by the service that hosts the resource" (API Reference): wider than its enum.
    const code = error.code as FailureInfo['ErrorCode'];
    return { StatusCode: error.status, ErrorCode: code, ErrorMessage: error.message };
  }
}
