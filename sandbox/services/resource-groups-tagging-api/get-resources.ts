import type {
  GetResourcesInput,
  GetResourcesOutput,
  GetTagKeysInput,
  GetTagKeysOutput,
  GetTagValuesInput,
  GetTagValuesOutput,
  TagFilter,
} from '@aws-sdk/client-resource-groups-tagging-api';
import { notImplemented } from '../../core/refusals.ts';
import { operation } from '../../core/service.ts';
import { invalidParameter, knownResources, pageOf } from './resources.ts';
import type { Tagged } from './taggable.ts';
import { taggableNamed, taggableOf } from './taggables.ts';

const MOST_PER_PAGE = 100;
const MOST_FILTERS = 50;
const MOST_VALUES = 20;

/** Lists what has or had tags, by tag, type or ARN. */
export const getResources = operation<GetResourcesInput, GetResourcesOutput>({
  run(input, call) {
    const { ResourcesPerPage: size = 50, ResourceARNList: arns, TagFilters, ResourceTypeFilters } = input;
    checkResources(input);
    const test = testsOf(TagFilters, ResourceTypeFilters);
    const wanted = arns && new Set(arns);
    const found = knownResources(call).filter(
      (resource) => (wanted?.has(resource.arn) ?? true) && test(resource),
    );
    const page = pageOf(found, ({ arn }) => arn, size, input.PaginationToken, call);
    return {
      PaginationToken: page.PaginationToken,
      ResourceTagMappingList: page.items.map(({ arn, tags }) => ({
        ResourceARN: arn,
        Tags: [...tags].map(([Key, Value]) => ({ Key, Value })),
      })),
    };
  },
});

function checkResources(input: GetResourcesInput): void {
  for (const member of ['TagsPerPage', 'IncludeComplianceDetails', 'ExcludeCompliantResources'] as const) {
    if (input[member]) throw notImplemented(`${member} of resource-groups-tagging-api:GetResources`);
  }
  const { ResourcesPerPage: size = 50, ResourceARNList: arns = [] } = input;
  if (size < 1 || size > MOST_PER_PAGE) {
    throw invalidParameter(`ResourcesPerPage must be between 1 and ${MOST_PER_PAGE}.`);
  }
  if (arns.length > 100) throw invalidParameter('ResourceARNList can name 100 ARNs at most.');
  for (const arn of arns) taggableOf(arn);
  const filtered = Boolean(input.TagFilters?.length || input.ResourceTypeFilters?.length);
  if (arns.length > 0 && (filtered || input.ResourcesPerPage !== undefined || input.PaginationToken)) {
    throw invalidParameter('ResourceARNList cannot be combined with filters or pages.');
  }
}

/** Every tag filter has to match, by any of its values; one of the types has to match. */
function testsOf(
  tagFilters: readonly TagFilter[] = [],
  types: readonly string[] = [],
): (resource: Tagged) => boolean {
  if (tagFilters.length > MOST_FILTERS)
    throw invalidParameter(`TagFilters can have ${MOST_FILTERS} keys at most.`);
  for (const { Key, Values = [] } of tagFilters) {
    if (!Key) throw invalidParameter('A tag filter needs a key.');
    if (Values.length > MOST_VALUES)
      throw invalidParameter(`A tag filter can have ${MOST_VALUES} values at most.`);
  }
  for (const type of types) taggableNamed(type.split(':')[0] ?? '', `the resource type ${type}`);
  return ({ arn, tags }) => {
    const [, , service, , , resource = ''] = arn.split(':');
    const type = `${service}:${resource.split(/[/:]/)[0]}`;
    return (
      tagFilters.every(({ Key = '', Values = [] }) => {
        const value = tags.get(Key);
        return value !== undefined && (Values.length === 0 || Values.includes(value));
      }) &&
      (types.length === 0 || types.some((wanted) => wanted === service || wanted === type))
    );
  };
}

/** Lists the keys in use in this account and region. */
export const getTagKeys = operation<GetTagKeysInput, GetTagKeysOutput>({
  run({ PaginationToken }, call) {
    const keys = sortedSet(knownResources(call).flatMap(({ tags }) => [...tags.keys()]));
    const page = pageOf(keys, (key) => key, MOST_PER_PAGE, PaginationToken, call);
    return { PaginationToken: page.PaginationToken, TagKeys: page.items };
  },
});

/** Lists the values in use for a key. */
export const getTagValues = operation<GetTagValuesInput, GetTagValuesOutput>({
  run({ Key = '', PaginationToken }, call) {
    if (!Key) throw invalidParameter('Key must not be empty.');
    const values = sortedSet(knownResources(call).flatMap(({ tags }) => tags.get(Key) ?? []));
    const page = pageOf(values, (value) => value, MOST_PER_PAGE, PaginationToken, call);
    return { PaginationToken: page.PaginationToken, TagValues: page.items };
  },
});

function sortedSet(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}
