import type { Hand } from './making.ts';
import { type StackRecord, type StackResource, setStatus } from './stack.ts';
import { remove, StepFailed } from './steps.ts';

type Policy = (logicalId: string, resource: StackResource) => string | undefined;

/** Removes what a stack made, last first; resources that their policy retains stay. Answers what could not be removed. */
export async function runDelete(hand: Hand, stack: StackRecord): Promise<readonly StepFailed[]> {
  setStatus(hand.world, stack, 'DELETE_IN_PROGRESS', 'User Initiated');
  const stuck = await removeAll(
    hand,
    stack,
    [...stack.resources],
    (_id, { deletionPolicy }) => deletionPolicy,
  );
  finish(hand, stack, 'DELETE', stuck);
  return stuck;
}

/** Removes resources in the opposite order of their making, each one that it can. Answers those that it could not. */
export async function removeAll(
  hand: Hand,
  stack: StackRecord,
  resources: readonly (readonly [string, StackResource])[],
  policy: Policy,
): Promise<readonly StepFailed[]> {
  const stuck: StepFailed[] = [];
  for (const [id, resource] of resources.toReversed()) {
    try {
      await remove(hand, stack, id, resource, policy(id, resource));
    } catch (error) {
      stuck.push(failureOf(error));
    }
  }
  return stuck;
}

/** A stack whose resources are gone, but for those that could not be removed: they can be tried again. */
export function finish(
  hand: Hand,
  stack: StackRecord,
  word: 'DELETE' | 'ROLLBACK',
  stuck: readonly StepFailed[],
): void {
  const still = new Set(stuck.map(({ logicalId }) => logicalId));
  stack.resources = new Map([...stack.resources].filter(([id]) => still.has(id)));
  if (stuck.length === 0) setStatus(hand.world, stack, `${word}_COMPLETE`);
  else setStatus(hand.world, stack, `${word}_FAILED`, told('delete', stuck));
}

/** "The following resource(s) failed to create: [Table]." */
export function told(verb: 'create' | 'update' | 'delete', failures: readonly StepFailed[]): string {
  return `The following resource(s) failed to ${verb}: [${failures.map(({ logicalId }) => logicalId).join(', ')}].`;
}

/** What went wrong beside the resources, in the outputs, is the stack's own failure. */
export function failureOf(error: unknown): StepFailed {
  return error instanceof StepFailed ? error : new StepFailed('Outputs', 'AWS::CloudFormation::Stack', error);
}
