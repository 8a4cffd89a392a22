import { CreateTagsCommand, DeleteTagsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { type Aws, verb } from '../access.ts';
import { batched } from '../batch.ts';
import { AwsFailure } from '../errors.ts';
import { all, asList, type Tags, type Target, type Written } from './target.ts';

/** CreateTags and DeleteTags take up to 1,000 resources and do all of them or none (EC2 API reference). */
const MOST_RESOURCES = 1000;

/** Writes the same tags on EC2 resources of any type; what one resource refuses does not keep the others from it. */
export const createTags = verb(['ec2:CreateTags'], (aws: Aws, targets: readonly Target[], tags: Tags) =>
  eachPart(targets, (Resources) =>
    aws.send(EC2Client, new CreateTagsCommand({ Resources, Tags: asList(tags) })),
  ),
);

/** Removes tags where they have just these values: without a value EC2 would remove any (B2.37). */
export const deleteTags = verb(['ec2:DeleteTags'], (aws: Aws, targets: readonly Target[], tags: Tags) =>
  eachPart(targets, (Resources) =>
    aws.send(EC2Client, new DeleteTagsCommand({ Resources, Tags: asList(tags) })),
  ),
);

/** What may be wrong with one resource only, so that a smaller call may do the others. */
function concernsOne(error: unknown): boolean {
  return (
    error instanceof AwsFailure && !['throttled', 'retryable', 'timeout', 'expired'].includes(error.kind)
  );
}

async function eachPart(
  targets: readonly Target[],
  call: (ids: string[]) => Promise<{ readonly $metadata: { readonly requestId?: string | undefined } }>,
): Promise<readonly Written[]> {
  const { results, refused } = await batched(
    targets,
    MOST_RESOURCES,
    async (part) => {
      const { $metadata } = await call(part.map(({ id }) => id));
      return all(part, undefined, $metadata.requestId);
    },
    concernsOne,
  );
  return [
    ...results,
    ...refused.map(({ input: { id }, error }) => {
      if (error instanceof AwsFailure) return { id, failure: error, requestId: error.requestId };
      throw error;
    }),
  ];
}
