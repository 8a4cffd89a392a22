import { failureOf, finish, removeAll, told } from './delete-run.ts';
import { checkExports } from './exports.ts';
import type { Hand } from './making.ts';
import { type Layout, outputsOf } from './plan.ts';
import { type StackRecord, type StackResource, setStatus, stacks } from './stack.ts';
import { create, type StepFailed } from './steps.ts';

export type OnFailure = 'ROLLBACK' | 'DELETE' | 'DO_NOTHING';

/** Makes everything that a new stack's template asks for; when a step fails, does what `onFailure` says. Answers the failure. */
export async function runCreate(
  hand: Hand,
  stack: StackRecord,
  layout: Layout,
  onFailure: OnFailure,
): Promise<StepFailed | undefined> {
  const resources = new Map<string, StackResource>();
  stack.resources = resources;
  stacks.of({ world: hand.world, ...stack }).set(stack.id, stack);
  setStatus(hand.world, stack, 'CREATE_IN_PROGRESS', 'User Initiated');
  try {
    for (const id of layout.order) {
      const resource = await create(hand, stack, layout, id);
      layout.made.set(id, resource);
      resources.set(id, resource);
    }
    stack.outputs = outputsOf(stack.plan.template, layout.scope);
    checkExports(hand.world, stack);
  } catch (error) {
    const failure = failureOf(error);
    stack.outputs = {};
    if (onFailure === 'DO_NOTHING') setStatus(hand.world, stack, 'CREATE_FAILED', told('create', [failure]));
    else await takeBack(hand, stack, failure, onFailure);
    return failure;
  }
  setStatus(hand.world, stack, 'CREATE_COMPLETE');
  return undefined;
}

/** Removes what was made until the failure; only `Retain` keeps a resource whose very making is taken back. */
async function takeBack(
  hand: Hand,
  stack: StackRecord,
  failure: StepFailed,
  word: 'ROLLBACK' | 'DELETE',
): Promise<void> {
  const why = `${told('create', [failure])} ${word === 'DELETE' ? 'Delete' : 'Rollback'} requested by user.`;
  setStatus(hand.world, stack, `${word}_IN_PROGRESS`, why);
  const stuck = await removeAll(hand, stack, [...stack.resources], (_id, { deletionPolicy }) =>
    deletionPolicy === 'RetainExceptOnCreate' ? 'Delete' : deletionPolicy,
  );
  finish(hand, stack, word, stuck);
}
