import type {
  CreateEventSourceMappingRequest,
  DeleteEventSourceMappingRequest,
  EventSourceMappingConfiguration,
  GetEventSourceMappingRequest,
  ListEventSourceMappingsRequest,
  ListEventSourceMappingsResponse,
} from '@aws-sdk/client-lambda';
import { AwsError } from '../../core/errors.ts';
import { type Call, type Operation, operation } from '../../core/service.ts';
import { queueUrl, whereOf } from '../../events/arn.ts';
import { refuseOthers, unsupported } from '../../events/unsupported.ts';
import { findFunction, type LambdaFunction } from '../../lambda/function.ts';
import { type Mapping, mappings, POLLER, startMapping } from '../../lambda/mapping.ts';
import { executionPrincipal } from '../../lambda/role.ts';
import { queueByArn } from '../sqs/state.ts';
import { invalid } from './settings.ts';

const KNOWN = [
  'EventSourceArn',
  'FunctionName',
  'Enabled',
  'BatchSize',
  'FunctionResponseTypes',
  'ScalingConfig',
  'MaximumBatchingWindowInSeconds',
];
/** With which Lambda begins to read a queue. */
const FIRST_WORKERS = 5;

export const createEventSourceMapping: Operation = operation<
  CreateEventSourceMappingRequest,
  EventSourceMappingConfiguration
>({
  async run(input, call) {
    refuseOthers('CreateEventSourceMapping', input, KNOWN);
    const { EventSourceArn: queueArn = '', BatchSize: batchSize = 10, ScalingConfig, Enabled = true } = input;
    if (!/^arn:[\w-]+:sqs:/.test(queueArn)) throw unsupported(`event sources such as ${queueArn}`);
    if (batchSize < 1 || batchSize > 10) throw unsupported('batches of more than 10 messages');
    if (input.MaximumBatchingWindowInSeconds) throw unsupported('a batching window');
    const fn = findFunction(call.world, call, input.FunctionName ?? '');
    const queue = queueByArn(call.world, queueArn);
    if (!queue)
      throw invalid(
        `Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue.`,
      );
    const visibility = Number(queue.attributes.get('VisibilityTimeout') ?? 30);
    if (visibility < fn.latest.configuration.timeout) {
      throw invalid(
        `Queue visibility timeout: ${visibility} seconds is less than Function timeout: ${fn.latest.configuration.timeout} seconds`,
      );
    }
    await lookAtQueue(call, fn, queueArn);
    const uuid = call.world.random.uuid();
    const mapping: Mapping = {
      uuid,
      arn: `arn:${call.partition}:lambda:${call.region}:${call.account}:event-source-mapping:${uuid}`,
      queueArn,
      functionName: fn.name,
      batchSize,
      enabled: Enabled,
      reportsFailures: input.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
      maximumConcurrency: ScalingConfig?.MaximumConcurrency ?? FIRST_WORKERS,
      modifiedAt: call.now,
      running: 0,
      cancelWake: () => {},
    };
    startMapping(call.world, call, mapping);
    return describe(mapping, call);
  },
});

/** Lambda takes no mapping for a function whose role cannot read the queue. */
async function lookAtQueue(call: Call, fn: LambdaFunction, queueArn: string): Promise<void> {
  const session = executionPrincipal(call.world, fn.arn, fn.latest.configuration.role, fn.name);
  const principal = { ...session, accessKeyId: POLLER };
  const ask = { QueueUrl: queueUrl(queueArn), AttributeNames: ['VisibilityTimeout'] };
  try {
    await call.world.invoke(principal, whereOf(queueArn), 'sqs', 'GetQueueAttributes', ask);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalid('The provided execution role does not have permissions to call GetQueueAttributes on SQS');
  }
}

export const getEventSourceMapping: Operation = operation<
  GetEventSourceMappingRequest,
  EventSourceMappingConfiguration
>({
  authorize: onMapping,
  run: ({ UUID }, call) => describe(find(call, UUID), call),
});

export const listEventSourceMappings: Operation = operation<
  ListEventSourceMappingsRequest,
  ListEventSourceMappingsResponse
>({
  run(input, call) {
    refuseOthers('ListEventSourceMappings', input, ['EventSourceArn', 'FunctionName', 'MaxItems']);
    const wanted = input.FunctionName && findFunction(call.world, call, input.FunctionName).name;
    const found = [...mappings.of(call).values()].filter(
      ({ queueArn, functionName }) =>
        (!input.EventSourceArn || input.EventSourceArn === queueArn) && (!wanted || wanted === functionName),
    );
    return { EventSourceMappings: found.map((mapping) => describe(mapping, call)) };
  },
});

export const deleteEventSourceMapping: Operation = operation<
  DeleteEventSourceMappingRequest,
  EventSourceMappingConfiguration
>({
  authorize: onMapping,
  run({ UUID }, call) {
    const mapping = find(call, UUID);
    mapping.cancelWake();
    mappings.of(call).delete(mapping.uuid);
    return { ...describe(mapping, call), State: 'Deleting' };
  },
});

function onMapping({ UUID = '' }: { readonly UUID?: string | undefined }, call: Call) {
  const arn = `arn:${call.partition}:lambda:${call.region}:${call.account}:event-source-mapping:${UUID}`;
  return [{ action: `lambda:${call.operation}`, resources: [arn] }];
}

function find(call: Call, uuid = ''): Mapping {
  const found = mappings.of(call).get(uuid);
  if (found) return found;
  throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404, {
    Type: 'User',
  });
}

function describe(mapping: Mapping, call: Call): EventSourceMappingConfiguration {
  return {
    UUID: mapping.uuid,
    EventSourceMappingArn: mapping.arn,
    EventSourceArn: mapping.queueArn,
    FunctionArn: findFunction(call.world, call, mapping.functionName).arn,
    BatchSize: mapping.batchSize,
    MaximumBatchingWindowInSeconds: 0,
    LastModified: mapping.modifiedAt,
    State: mapping.enabled ? 'Enabled' : 'Disabled',
    StateTransitionReason: 'USER_INITIATED',
    FunctionResponseTypes: mapping.reportsFailures ? ['ReportBatchItemFailures'] : [],
    ScalingConfig: { MaximumConcurrency: mapping.maximumConcurrency },
  };
}
