import type { InstanceStateChange } from '@aws-sdk/client-ec2';
import type { Aws } from '../../shared/aws/access.ts';
import { batched } from '../../shared/aws/batch.ts';
import { isStopProtected } from '../../shared/aws/ec2/instance-details.ts';
import { launchedById } from '../../shared/aws/ec2/instances.ts';
import { startInstances, stopInstances } from '../../shared/aws/ec2/power.ts';
import { AwsFailure } from '../../shared/aws/errors.ts';
import type { Acted, Surroundings } from '../../shared/engine/policy.ts';
import { failureOf } from './failure.ts';
import { lastLook, type Outcomes, type Todo, withoutProtected } from './last-look.ts';

/** Rights of everything that `act` and `undo` call. */
export const actRights = [launchedById, isStopProtected, stopInstances, startInstances].flatMap(
  ({ rights }) => rights,
);

/** Instances in one call: one bad id fails them all, so that not too many have to be tried apart (B1.47). */
export const MOST_A_CALL = 50;

/** Stops and starts instances in batches, after a last look at each. Safe to run twice. */
export async function actAll(
  todo: readonly Todo[],
  around: Surroundings<Aws>,
): Promise<ReadonlyMap<string, Acted>> {
  const outcomes: Outcomes = new Map();
  const standing = await lastLook(todo, around, outcomes);
  const stops = standing.filter(({ change }) => change.action === 'stop-instances');
  const free = await withoutProtected(stops, around, outcomes);
  for (const hibernate of [false, true]) {
    const alike = free.filter(({ change }) => change.hibernate === hibernate);
    await carryOut(alike, 'running', outcomes, async (ids) => {
      const { StoppingInstances: changes = [], $metadata } = await stopInstances(around.aws, ids, hibernate);
      return { changes, $metadata };
    });
  }
  const starts = standing.filter(({ change }) => change.action === 'start-instances');
  await carryOut(starts, 'stopped', outcomes, async (ids) => {
    const { StartingInstances: changes = [], $metadata } = await startInstances(around.aws, ids);
    return { changes, $metadata };
  });
  return outcomes;
}

interface Answer {
  readonly changes: readonly InstanceStateChange[];
  readonly $metadata: { readonly attempts?: number | undefined; readonly requestId?: string | undefined };
}

/** In chunks; where one refuses all, in halves down to the one (B1.47, B1.49). */
async function carryOut(
  todo: readonly Todo[],
  before: 'running' | 'stopped',
  outcomes: Outcomes,
  call: (ids: readonly string[]) => Promise<Answer>,
): Promise<void> {
  // A call that failed may have changed some of its instances all the same.
  const tried = new Set<string>();
  const { refused } = await batched(
    todo.map(({ resource }) => resource.id),
    MOST_A_CALL,
    async (ids) => {
      try {
        const { changes, $metadata } = await call(ids);
        const again = ($metadata.attempts ?? 1) > 1;
        for (const id of ids) {
          const told = changes.find(({ InstanceId }) => InstanceId === id);
          outcomes.set(id, ended(id, told, before, again || tried.has(id), $metadata.requestId));
        }
        return [];
      } catch (error) {
        for (const id of ids) tried.add(id);
        throw error;
      }
    },
    oneMayBeToBlame,
  );
  for (const { input, error } of refused) {
    if (!(error instanceof AwsFailure)) throw error;
    outcomes.set(input, failureOf(error, true));
  }
}

/** It was seen in `before` just now. If it was not when the call came, somebody else was faster: not ours (B1.50). */
function ended(
  id: string,
  told: InstanceStateChange | undefined,
  before: string,
  triedBefore: boolean,
  requestId: string | undefined,
): Acted {
  if (told === undefined) {
    return {
      result: 'failed',
      code: 'no-answer',
      reason: 'EC2 did not say what became of it.',
      uncertain: true,
    };
  }
  const { PreviousState, CurrentState } = told;
  if (PreviousState?.Name !== before && !triedBefore) {
    return {
      result: 'gone',
      reason: `It was ${PreviousState?.Name ?? 'changed'} already; somebody else did that.`,
    };
  }
  return { result: 'done', after: { instanceId: id, state: CurrentState?.Name ?? null }, requestId };
}

/** Errors that smaller calls may cure: one instance is missing, protected, or of the wrong state or kind. */
function oneMayBeToBlame(error: unknown): boolean {
  if (!(error instanceof AwsFailure)) return false;
  return (
    ['gone', 'conflict', 'invalid'].includes(error.kind) ||
    error.code === 'OperationNotPermitted' ||
    NO_ROOM.test(error.code)
  );
}

const NO_ROOM = /^(Insufficient|InstanceLimitExceeded|VcpuLimitExceeded)/;
