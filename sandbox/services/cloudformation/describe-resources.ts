import type * as cfn from '@aws-sdk/client-cloudformation';
import { type StackRecord, type StackResource, stacks } from '../../cloudformation/stack.ts';
import { type Call, operation } from '../../core/service.ts';
import { onlySupported } from '../../core/supported.ts';
import { onStack, onStackOrAll, stackNamed, validation } from './on-stack.ts';
import { pageOf } from './page.ts';

/** What happened to a stack and its resources, latest first. */
export const describeStackEvents = operation<cfn.DescribeStackEventsInput, cfn.DescribeStackEventsOutput>({
  authorize: onStack,
  run(input, call) {
    onlySupported(call, input, ['StackName', 'NextToken']);
    const stack = stackNamed(call, input.StackName, `Stack [${input.StackName}] does not exist`);
    const { page, next } = pageOf(stack.events.toReversed(), input.NextToken);
    return {
      StackEvents: page.map(({ id, at, logicalId, physicalId, type, status, reason, token }) => ({
        ...{ StackId: stack.id, StackName: stack.name, EventId: id, Timestamp: at },
        ...{ LogicalResourceId: logicalId, ResourceType: type },
        PhysicalResourceId: physicalId ?? '',
        // Boundary: the engine sets CloudFormation's own statuses.
        ResourceStatus: status as cfn.ResourceStatus,
        ...(reason !== undefined && { ResourceStatusReason: reason }),
        ...(token !== undefined && { ClientRequestToken: token }),
      })),
      ...next,
    };
  },
});

/** One resource of a stack. */
export const describeStackResource = operation<
  cfn.DescribeStackResourceInput,
  cfn.DescribeStackResourceOutput
>({
  authorize: onStack,
  run({ StackName = '', LogicalResourceId = '' }, call) {
    const stack = stackNamed(call, StackName, `Stack '${StackName}' does not exist`);
    const found = stack.resources.get(LogicalResourceId);
    if (!found) throw validation(`Resource ${LogicalResourceId} does not exist for stack ${stack.name}`);
    const { Timestamp: LastUpdatedTimestamp, ...rest } = shown(stack, LogicalResourceId, found);
    return { StackResourceDetail: { ...rest, LastUpdatedTimestamp } };
  },
});

/** The resources of a stack, or of the stack that made the one with this physical id. */
export const describeStackResources = operation<
  cfn.DescribeStackResourcesInput,
  cfn.DescribeStackResourcesOutput
>({
  authorize: onStackOrAll,
  run({ StackName, LogicalResourceId, PhysicalResourceId }, call) {
    if ((StackName === undefined) === (PhysicalResourceId === undefined))
      throw validation('Exactly one of StackName and PhysicalResourceId must be specified.');
    const stack =
      StackName === undefined ? makerOf(call, PhysicalResourceId ?? '') : stackNamed(call, StackName);
    const wanted = [...stack.resources].filter(
      ([id]) => LogicalResourceId === undefined || LogicalResourceId === id,
    );
    return { StackResources: wanted.map(([id, resource]) => shown(stack, id, resource)) };
  },
});

/** The resources of a stack, a hundred a page. */
export const listStackResources = operation<cfn.ListStackResourcesInput, cfn.ListStackResourcesOutput>({
  authorize: onStack,
  run(input, call) {
    const stack = stackNamed(call, input.StackName);
    const { page, next } = pageOf([...stack.resources], input.NextToken);
    const summaries = page.map(([id, resource]) => {
      const { Timestamp, StackId: _, StackName: __, ...rest } = shown(stack, id, resource);
      return { ...rest, LastUpdatedTimestamp: Timestamp };
    });
    return { StackResourceSummaries: summaries, ...next };
  },
});

function makerOf(call: Call, physicalId: string): StackRecord {
  const maker = [...stacks.of(call).values()].find(({ resources }) =>
    [...resources.values()].some(({ ref }) => ref === physicalId),
  );
  if (maker) return maker;
  throw validation(`Stack for ${physicalId} does not exist`);
}

function shown({ id: StackId, name: StackName }: StackRecord, logicalId: string, resource: StackResource) {
  return {
    ...{ StackId, StackName, LogicalResourceId: logicalId, PhysicalResourceId: resource.ref },
    ...{ ResourceType: resource.type, Timestamp: resource.changedAt },
    // Boundary: the engine sets CloudFormation's own statuses.
    ResourceStatus: resource.status as cfn.ResourceStatus,
    ...(resource.reason !== undefined && { ResourceStatusReason: resource.reason }),
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' as const },
  };
}
