import { failureOf, removeAll, told } from './delete-run.ts';
import { checkExports } from './exports.ts';
import type { Hand } from './making.ts';
import { type Layout, outputsOf } from './plan.ts';
import { type Plan, type StackRecord, type StackResource, setStatus } from './stack.ts';
import { compare, create, kept, remove, type StepFailed, update } from './steps.ts';

/** The steps that take back what an update has done so far, latest first. */
type WayBack = (() => Promise<unknown>)[];

/** Makes a stack what a new plan asks for: all of it or, when a step fails, what it was before. Answers the failure. */
export async function runUpdate(
  hand: Hand,
  stack: StackRecord,
  plan: Plan,
  layout: Layout,
): Promise<StepFailed | undefined> {
  const before = { plan: stack.plan, resources: stack.resources, outputs: stack.outputs };
  const back: WayBack = [];
  const after = new Map<string, StackResource>();
  stack.plan = plan;
  stack.updatedAt = new Date(hand.world.clock.now());
  setStatus(hand.world, stack, 'UPDATE_IN_PROGRESS', 'User Initiated');
  try {
    for (const id of layout.order) {
      const resource = await settle(hand, stack, layout, id, before.resources.get(id), back);
      layout.made.set(id, resource);
      after.set(id, resource);
      stack.resources = new Map([...before.resources, ...after]);
    }
    stack.outputs = outputsOf(plan.template, layout.scope);
    checkExports(hand.world, stack);
  } catch (error) {
    const failure = failureOf(error);
    await rollBack(hand, stack, before, back, failure);
    return failure;
  }
  await cleanUp(hand, stack, before.resources, after);
  return undefined;
}

/** Makes, changes, replaces or leaves one resource, and notes the way back. */
async function settle(
  hand: Hand,
  stack: StackRecord,
  layout: Layout,
  id: string,
  before: StackResource | undefined,
  back: WayBack,
): Promise<StackResource> {
  const { change, properties } = before
    ? compare(hand, stack, layout, id, before)
    : { change: 'replacement', properties: {} };
  const resource = layout.wanted[id] ?? { Type: '' };
  if (before && change === 'none') return kept(hand, resource, before, before.status, before.changedAt);
  if (before && change === 'in place') {
    // Noted first: a change that fails half way is taken back as well.
    back.unshift(() => update(hand, stack, id, { ...before, properties }, before.properties));
    return kept(hand, resource, await update(hand, stack, id, before, properties), 'UPDATE_COMPLETE');
  }
  const made = await create(hand, stack, layout, id);
  back.unshift(() => remove(hand, stack, id, made, 'Delete'));
  return made;
}

/** What was replaced or is no longer asked for goes last, when nothing refers to it any more. */
async function cleanUp(
  hand: Hand,
  stack: StackRecord,
  before: StackRecord['resources'],
  after: StackRecord['resources'],
): Promise<void> {
  setStatus(hand.world, stack, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
  stack.resources = after;
  const old = [...before].filter(([id, { ref }]) => after.get(id)?.ref !== ref);
  // What cannot be removed is told among the events; the update is complete nevertheless.
  await removeAll(hand, stack, old, (id, { deletionPolicy, replacePolicy }) =>
    after.has(id) ? replacePolicy : deletionPolicy,
  );
  setStatus(hand.world, stack, 'UPDATE_COMPLETE');
}

async function rollBack(
  hand: Hand,
  stack: StackRecord,
  before: Pick<StackRecord, 'plan' | 'resources' | 'outputs'>,
  back: WayBack,
  failure: StepFailed,
): Promise<void> {
  setStatus(hand.world, stack, 'UPDATE_ROLLBACK_IN_PROGRESS', told('update', [failure]));
  const stuck: StepFailed[] = [];
  for (const step of back) await step().catch((error: unknown) => stuck.push(failureOf(error)));
  Object.assign(stack, before);
  if (stuck.length > 0) return setStatus(hand.world, stack, 'UPDATE_ROLLBACK_FAILED', told('update', stuck));
  setStatus(hand.world, stack, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
  setStatus(hand.world, stack, 'UPDATE_ROLLBACK_COMPLETE');
}
