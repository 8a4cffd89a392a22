import { isDeepStrictEqual } from 'node:util';
import type * as cfn from '@aws-sdk/client-cloudformation';
import { runCreate } from '../../cloudformation/create-run.ts';
import { runDelete } from '../../cloudformation/delete-run.ts';
import { layOut } from '../../cloudformation/plan.ts';
import { findStack, isBusy, isThere, type Plan, type StackRecord } from '../../cloudformation/stack.ts';
import { newStack } from '../../cloudformation/stack-request.ts';
import { runUpdate } from '../../cloudformation/update-run.ts';
import { AwsError } from '../../core/errors.ts';
import { notImplemented } from '../../core/refusals.ts';
import { type Call, operation } from '../../core/service.ts';
import { onlySupported } from '../../core/supported.ts';
import { onStack, stackNamed, validation } from './on-stack.ts';
import { readPlan } from './request.ts';

/** CloudTrail shows no template. */
const withoutBody = ({ TemplateBody: _, ...request }: cfn.CreateStackInput | cfn.UpdateStackInput) =>
  Object.fromEntries(
    Object.entries(request).map(([key, value]) => [key.charAt(0).toLowerCase() + key.slice(1), value]),
  );

const demands = (input: cfn.CreateStackInput | cfn.UpdateStackInput, call: Call) => {
  const tags = (input.Tags ?? []).map(({ Key = '', Value = '' }) => [`aws:RequestTag/${Key}`, [Value]]);
  const url = input.TemplateURL === undefined ? {} : { 'cloudformation:TemplateUrl': [input.TemplateURL] };
  return onStack(input, call).map((demand) => ({
    ...demand,
    context: { ...Object.fromEntries(tags), ...url },
  }));
};

/** Begins a new stack and answers at once; the work goes on with the caller's rights. */
export const createStack = operation<cfn.CreateStackInput, cfn.CreateStackOutput>({
  authorize: demands,
  async run(input, call) {
    const { StackName: name = '', OnFailure, DisableRollback, Tags = [] } = input;
    if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) {
      throw validation(
        `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
      );
    }
    if (input.EnableTerminationProtection)
      throw notImplemented('EnableTerminationProtection of cloudformation');
    if (OnFailure !== undefined && DisableRollback !== undefined)
      throw validation('You can specify either DisableRollback or OnFailure, but not both.');
    const plan = await readPlan(input, call);
    if (findStack(call, name)) throw new AwsError('AlreadyExistsException', `Stack [${name}] already exists`);
    const stack = newStack(call, name, plan, tagsOf(Tags));
    const layout = layOut(stack, plan);
    begin(call, runCreate(call, stack, layout, DisableRollback ? 'DO_NOTHING' : (OnFailure ?? 'ROLLBACK')));
    return { StackId: stack.id };
  },
  trail: (input) => ({ request: withoutBody(input) }),
});

/** Begins an update of a stack, in place or with replacements, which is taken back when a step of it fails. */
export const updateStack = operation<cfn.UpdateStackInput, cfn.UpdateStackOutput>({
  authorize: demands,
  async run(input, call) {
    const stack = stackNamed(call, input.StackName, `Stack [${input.StackName}] does not exist`);
    if (input.DisableRollback) throw notImplemented('DisableRollback of cloudformation:UpdateStack');
    const plan = await readPlan(input, call, stack);
    if (!UPDATABLE.includes(stack.status))
      throw validation(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
    if (input.Tags !== undefined && !isDeepStrictEqual(tagsOf(input.Tags), stack.tags))
      throw notImplemented('a change of Tags of cloudformation:UpdateStack');
    checkChanged(stack, plan);
    const layout = layOut(stack, plan);
    checkTypes(stack, plan);
    begin(call, runUpdate(call, stack, plan, layout));
    return { StackId: stack.id };
  },
  trail: (input) => ({ request: withoutBody(input) }),
});

const UPDATABLE = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'];

/** Begins to remove a stack; one that does not exist is no error. */
export const deleteStack = operation<cfn.DeleteStackInput, object>({
  authorize: onStack,
  run(input, call) {
    onlySupported(call, input, ['StackName', 'ClientRequestToken']);
    const stack = findStack(call, input.StackName ?? '');
    if (!stack || !isThere(stack.status)) return {};
    if (isBusy(stack.status))
      throw validation(`Stack [${stack.name}] cannot be deleted while in status ${stack.status}`);
    begin(call, runDelete(call, stack));
    return {};
  },
});

/** The work goes on after the answer; whoever turns the clock waits for it. What fails is told among the events. */
function begin({ world }: Call, work: Promise<unknown>): void {
  void world.clock.track(work);
}

function checkChanged(stack: StackRecord, plan: Plan): void {
  const of = ({ template: { Resources, Outputs, Conditions, Parameters }, given }: Plan) => ({
    ...{ Resources, Outputs, Conditions, Parameters, given },
  });
  if (isDeepStrictEqual(of(stack.plan), of(plan))) throw validation('No updates are to be performed.');
}

function checkTypes(stack: StackRecord, { template }: Plan): void {
  const changed = Object.entries(template.Resources).filter(([id, { Type }]) => {
    const before = stack.resources.get(id)?.type;
    return before !== undefined && before !== Type;
  });
  if (changed.length === 0) return;
  const names = changed.map(([id]) => id).join(', ');
  throw validation(
    `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${names}]`,
  );
}

function tagsOf(tags: readonly cfn.Tag[]): StackRecord['tags'] {
  return tags.map(({ Key = '', Value = '' }) => ({ Key, Value }));
}
