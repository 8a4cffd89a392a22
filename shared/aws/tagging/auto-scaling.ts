import {
  AutoScalingClient,
  type AutoScalingGroup,
  CreateOrUpdateTagsCommand,
  DeleteTagsCommand,
  DescribeAutoScalingGroupsCommand,
} from '@aws-sdk/client-auto-scaling';
import { type Aws, verb } from '../access.ts';
import { chunks } from '../batch.ts';
import { AwsFailure } from '../errors.ts';
import { pages } from '../pages.ts';
import { all, type Tags, type Target, type Written } from './target.ts';

/** Most names that one DescribeAutoScalingGroups takes. */
const MOST_NAMES = 50;

/** All groups of the region with their tags, a hundred a page. */
export const listGroups = verb(['autoscaling:DescribeAutoScalingGroups'], (aws: Aws) =>
  groupPages(aws, undefined),
);

/** The groups with these names; those that do not exist are simply absent. */
export const groupsByName = verb(
  ['autoscaling:DescribeAutoScalingGroups'],
  async (aws: Aws, names: readonly string[]): Promise<readonly AutoScalingGroup[]> => {
    const found: AutoScalingGroup[] = [];
    for (const part of chunks(names, MOST_NAMES)) {
      for await (const page of groupPages(aws, part)) found.push(...page);
    }
    return found;
  },
);

/** Writes tags on groups, for the instances too that they launch from now on (B2.17); those that run keep theirs. */
export const tagGroups = verb(
  ['autoscaling:CreateOrUpdateTags'],
  (aws: Aws, targets: readonly Target[], tags: Tags): Promise<readonly Written[]> =>
    each(targets, tags, (entries) =>
      aws.send(
        AutoScalingClient,
        new CreateOrUpdateTagsCommand({ Tags: entries.map((one) => ({ ...one, PropagateAtLaunch: true })) }),
      ),
    ),
);

/** Removes tags from groups by key, whatever their value: whoever calls has just looked at it. */
export const untagGroups = verb(
  ['autoscaling:DeleteTags'],
  (aws: Aws, targets: readonly Target[], tags: Tags): Promise<readonly Written[]> =>
    each(targets, tags, (entries) => aws.send(AutoScalingClient, new DeleteTagsCommand({ Tags: entries }))),
);

interface Entry {
  readonly ResourceId: string;
  readonly ResourceType: 'auto-scaling-group';
  readonly Key: string;
  readonly Value: string;
}

/** One call a group: a group that is gone refuses the whole call. */
async function each(
  targets: readonly Target[],
  tags: Tags,
  call: (entries: Entry[]) => Promise<{ readonly $metadata: { readonly requestId?: string | undefined } }>,
): Promise<readonly Written[]> {
  const written: Written[] = [];
  for (const target of targets) {
    const group = { ResourceId: target.id, ResourceType: 'auto-scaling-group' } as const;
    try {
      const { $metadata } = await call([...tags].map(([Key, Value]) => ({ ...group, Key, Value })));
      written.push(...all([target], undefined, $metadata.requestId));
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error;
      written.push(...all([target], error, error.requestId));
    }
  }
  return written;
}

function groupPages(
  aws: Aws,
  names: readonly string[] | undefined,
): AsyncIterable<readonly AutoScalingGroup[]> {
  return pages(async (token) => {
    const command = new DescribeAutoScalingGroupsCommand({
      MaxRecords: 100,
      ...(names === undefined ? {} : { AutoScalingGroupNames: [...names] }),
      ...(token === undefined ? {} : { NextToken: token }),
    });
    const { AutoScalingGroups: items = [], NextToken: next } = await aws.send(AutoScalingClient, command);
    return { items, next };
  });
}
