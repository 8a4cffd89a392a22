import type { Aws } from '../../shared/aws/access.ts';
import { batched } from '../../shared/aws/batch.ts';
import { stopInstances } from '../../shared/aws/ec2/power.ts';
import { AwsFailure } from '../../shared/aws/errors.ts';
import type { Acted, Doing } from '../../shared/engine/policy.ts';
import { failed } from './failed.ts';
import type { FixTags } from './remedy.ts';
import type { Tagged } from './resource.ts';

/** StopInstances does all of a call or none, so calls are kept small. */
const MOST_AT_ONCE = 50;

/** Stops the instances among these changes whose deadline is over; those that would not stop are noted. */
export async function stopAll(
  changes: readonly Doing<Tagged, FixTags>[],
  aws: Aws,
  ended: Map<string, Acted>,
): Promise<void> {
  const ids = changes
    .filter(({ change }) => change.action === 'stop-instance')
    .map(({ resource }) => resource.id);
  const { refused } = await batched(
    ids,
    MOST_AT_ONCE,
    async (part) => {
      await stopInstances(aws, part, false);
      return part;
    },
    concernsOne,
  );
  for (const { input, error } of refused) ended.set(input, failed(error));
}

/** One protected or vanished instance refuses the whole call. */
function concernsOne(error: unknown): boolean {
  return (
    error instanceof AwsFailure && !['throttled', 'retryable', 'timeout', 'expired'].includes(error.kind)
  );
}
