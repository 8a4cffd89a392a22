import {
  type FailureInfo,
  GetResourcesCommand,
  ResourceGroupsTaggingAPIClient,
  TagResourcesCommand,
  type TagResourcesCommandOutput,
  UntagResourcesCommand,
} from '@aws-sdk/client-resource-groups-tagging-api';
import { type Aws, verb } from '../access.ts';
import { chunks } from '../batch.ts';
import { kindOf } from '../error-kinds.ts';
import { AwsFailure } from '../errors.ts';
import { pages } from '../pages.ts';
import { all, type Tags, type Target, tagsFrom, type Written } from './target.ts';

/** https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/ (TagResources, GetResources) */
const MOST = { arns: 20, page: 100 } as const;

/**
 * Tags by ARN of all resources of these types (`sns:topic`, …) that have, or once had, a tag: what was never tagged is
 * not among them (B2.30). A listing that outlasts its token begins anew, so an ARN may come twice (B2.32).
 */
export const taggedResources = verb(
  ['tag:GetResources'],
  async (aws: Aws, types: readonly string[]): Promise<ReadonlyMap<string, Tags>> => {
    const found = new Map<string, Tags>();
    const listing = pages(async (token) => {
      const command = new GetResourcesCommand({
        ResourceTypeFilters: [...types],
        ResourcesPerPage: MOST.page,
        ...(token === undefined ? {} : { PaginationToken: token }),
      });
      const told = await aws.send(ResourceGroupsTaggingAPIClient, command);
      return { items: told.ResourceTagMappingList ?? [], next: told.PaginationToken };
    });
    for await (const page of listing) {
      for (const { ResourceARN: arn, Tags } of page) if (arn !== undefined) found.set(arn, tagsFrom(Tags));
    }
    return found;
  },
);

/** Writes the same tags on resources of any service, each of whose own tagging right is needed too (B2.31). */
export const tagResources = verb(
  ['tag:TagResources'],
  (aws: Aws, targets: readonly Target[], tags: Tags): Promise<readonly Written[]> =>
    eachPart(targets, 'TagResources', (ResourceARNList) =>
      aws.send(
        ResourceGroupsTaggingAPIClient,
        new TagResourcesCommand({ ResourceARNList, Tags: Object.fromEntries(tags) }),
      ),
    ),
);

/** Removes tags by key, whatever their value: whoever calls has just looked at it. */
export const untagResources = verb(
  ['tag:UntagResources'],
  (aws: Aws, targets: readonly Target[], tags: Tags): Promise<readonly Written[]> =>
    eachPart(targets, 'UntagResources', (ResourceARNList) =>
      aws.send(
        ResourceGroupsTaggingAPIClient,
        new UntagResourcesCommand({ ResourceARNList, TagKeys: [...tags.keys()] }),
      ),
    ),
);

type Answer = Pick<TagResourcesCommandOutput, '$metadata' | 'FailedResourcesMap'>;

/** A success may still name resources that failed: each ARN is looked at (B2.31). */
async function eachPart(
  targets: readonly Target[],
  action: string,
  call: (arns: string[]) => Promise<Answer>,
): Promise<readonly Written[]> {
  for (const { arn } of targets) refuseStack(arn, action);
  const written: Written[] = [];
  for (const part of chunks(targets, MOST.arns)) {
    try {
      const told = await call(part.map(({ arn }) => arn));
      const failed = new Map(Object.entries(told.FailedResourcesMap ?? {}));
      const { requestId } = told.$metadata;
      for (const { id, arn } of part) {
        const info = failed.get(arn);
        const failure = info === undefined ? undefined : failureFrom(info, action, requestId);
        written.push({ id, failure, requestId });
      }
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error;
      written.push(...all(part, error, error.requestId));
    }
  }
  return written;
}

/** Tagging a stack would update it, and all that is in it (B2.19). */
function refuseStack(arn: string, action: string): void {
  if (arn.split(':')[2] === 'cloudformation') throw new RangeError(`${action} would update the stack ${arn}`);
}

function failureFrom(info: FailureInfo, action: string, requestId: string | undefined): AwsFailure {
  const { ErrorCode: code = 'Unknown', ErrorMessage: full = '', StatusCode: status } = info;
  return new AwsFailure({ kind: kindOf(code, full, status, true), code, action, requestId, status, full });
}
