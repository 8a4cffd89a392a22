import type * as cfn from '@aws-sdk/client-cloudformation';
import { exportsOf } from '../../cloudformation/exports.ts';
import { isThere, type StackRecord, stacks } from '../../cloudformation/stack.ts';
import { operation } from '../../core/service.ts';
import { onlySupported } from '../../core/supported.ts';
import { onStackOrAll, stackNamed } from './on-stack.ts';
import { pageOf } from './page.ts';

/** One stack, also a deleted one by its id, or all that are there. */
export const describeStacks = operation<cfn.DescribeStacksInput, cfn.DescribeStacksOutput>({
  authorize: onStackOrAll,
  run(input, call) {
    onlySupported(call, input, ['StackName', 'NextToken']);
    if (input.StackName !== undefined) return { Stacks: [shown(stackNamed(call, input.StackName))] };
    const all = [...stacks.of(call).values()].filter(({ status }) => isThere(status));
    const { page, next } = pageOf(all, input.NextToken);
    return { Stacks: page.map(shown), ...next };
  },
});

/** All stacks of the last 90 days, deleted ones too, newest first. */
export const listStacks = operation<cfn.ListStacksInput, cfn.ListStacksOutput>({
  run(input, call) {
    const wanted = input.StackStatusFilter ?? [];
    const all = [...stacks.of(call).values()]
      .filter(({ status }) => wanted.length === 0 || wanted.some((each) => each === status))
      .toReversed();
    const { page, next } = pageOf(all, input.NextToken);
    return { StackSummaries: page.map(summary), ...next };
  },
});

/** What stacks export to others. */
export const listExports = operation<cfn.ListExportsInput, cfn.ListExportsOutput>({
  run(input, call) {
    const { page, next } = pageOf(exportsOf(call), input.NextToken);
    const shownExports = page.map(({ name, value, stackId }) => ({
      ...{ Name: name, Value: value, ExportingStackId: stackId },
    }));
    return { Exports: shownExports, ...next };
  },
});

function summary({ id, name, status, reason, createdAt, updatedAt, deletedAt, plan }: StackRecord) {
  return {
    StackId: id,
    StackName: name,
    // Boundary: the engine sets CloudFormation's own statuses.
    StackStatus: status as cfn.StackStatus,
    CreationTime: createdAt,
    ...(reason !== undefined && { StackStatusReason: reason }),
    ...(updatedAt && { LastUpdatedTime: updatedAt }),
    ...(deletedAt && { DeletionTime: deletedAt }),
    ...(plan.template.Description !== undefined && { TemplateDescription: plan.template.Description }),
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' as const },
  };
}

function shown(stack: StackRecord): cfn.Stack {
  const { plan, outputs, tags } = stack;
  const { TemplateDescription: Description, ...rest } = { TemplateDescription: undefined, ...summary(stack) };
  return {
    ...rest,
    ...(Description !== undefined && { Description }),
    // Boundary: checked against the template when they were given.
    Capabilities: [...plan.capabilities] as cfn.Capability[],
    DisableRollback: false,
    EnableTerminationProtection: false,
    NotificationARNs: [],
    RollbackConfiguration: {},
    Parameters: parametersOf(stack),
    Tags: tags.map(({ Key, Value }) => ({ Key, Value })),
    Outputs: Object.entries(outputs).map(([OutputKey, { value, description, exportName }]) => ({
      ...{ OutputKey, OutputValue: value },
      ...(description !== undefined && { Description: description }),
      ...(exportName !== undefined && { ExportName: exportName }),
    })),
  };
}

/** Every parameter of the template with its value; what is not to be echoed is starred out. */
function parametersOf({ plan: { template, given } }: StackRecord): cfn.Parameter[] {
  return Object.entries(template.Parameters ?? {}).map(([ParameterKey, { Default, NoEcho }]) => ({
    ParameterKey,
    ParameterValue: NoEcho ? '****' : (given[ParameterKey] ?? String(Default)),
  }));
}
