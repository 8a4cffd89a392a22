import type { Where } from '../core/service.ts';
import type { World } from '../core/world.ts';
import { queueUrl, whereOf } from '../events/arn.ts';
import type { Queued } from './async.ts';
import type { LambdaFunction } from './function.ts';
import { writeLog } from './logs.ts';
import { measure } from './measure.ts';
import { executionPrincipal } from './role.ts';
import type { InvocationResult } from './run.ts';

export type Condition = 'Success' | 'RetriesExhausted' | 'EventAgeExceeded';

/**
 * Tells how an asynchronous invocation ended: to its destination, and when it failed to the function's dead-letter
 * target, both with the rights of the function's role. Source: Lambda developer guide, "Capturing records of
 * asynchronous invocations".
 */
export async function tellOutcome(
  world: World,
  where: Where,
  fn: LambdaFunction,
  queued: Queued,
  condition: Condition,
  result?: InvocationResult,
): Promise<void> {
  if (condition !== 'Success') measure(world, where, fn.name, { AsyncEventsDropped: 1 });
  const { onSuccess, onFailure } = fn.eventInvoke ?? {};
  const destination = condition === 'Success' ? onSuccess : onFailure;
  if (destination) {
    const record = JSON.stringify(recordOf(world, fn, queued, condition, result));
    const sent = await send(world, where, fn, destination, { body: record });
    if (!sent) measure(world, where, fn.name, { DestinationDeliveryFailures: 1 });
  }
  const { deadLetterArn } = fn.latest.configuration;
  if (deadLetterArn && condition !== 'Success') {
    const attributes = deadLetterAttributes(queued, result);
    const sent = await send(world, where, fn, deadLetterArn, { body: queued.invocation.payload, attributes });
    if (!sent) measure(world, where, fn.name, { DeadLetterErrors: 1 });
  }
}

function recordOf(
  world: World,
  fn: LambdaFunction,
  queued: Queued,
  condition: Condition,
  result?: InvocationResult,
) {
  const { requestId, payload } = queued.invocation;
  const responseContext = result && {
    statusCode: 200,
    executedVersion: result.executedVersion,
    ...(result.functionError && { functionError: result.functionError }),
  };
  const parsed: unknown = JSON.parse(payload);
  return {
    version: '1.0',
    timestamp: new Date(world.clock.now()).toISOString(),
    requestContext: {
      requestId,
      functionArn: `${fn.arn}:${queued.invocation.qualifier ?? '$LATEST'}`,
      condition,
      approximateInvokeCount: queued.runs,
    },
    requestPayload: parsed,
    ...(result && { responseContext, responsePayload: JSON.parse(result.payload) as unknown }),
  };
}

type Attributes = Readonly<Record<string, { readonly DataType: string; readonly StringValue: string }>>;

function deadLetterAttributes({ invocation }: Queued, result?: InvocationResult): Attributes {
  const response: unknown = result ? JSON.parse(result.payload) : {};
  const said =
    typeof response === 'object' && response && 'errorMessage' in response ? response.errorMessage : '';
  const message = Buffer.from(String(said)).subarray(0, 1024).toString();
  return {
    RequestID: { DataType: 'String', StringValue: invocation.requestId },
    ErrorCode: { DataType: 'Number', StringValue: '200' },
    ...(message && { ErrorMessage: { DataType: 'String', StringValue: message } }),
  };
}

async function send(
  world: World,
  where: Where,
  fn: LambdaFunction,
  arn: string,
  { body, attributes }: { body: string; attributes?: Attributes },
): Promise<boolean> {
  const { role } = fn.latest.configuration;
  const service = arn.split(':')[2] ?? '';
  const calls: Readonly<Record<string, readonly [string, string, object]>> = {
    sqs: [
      'sqs',
      'SendMessage',
      { QueueUrl: queueUrl(arn), MessageBody: body, MessageAttributes: attributes },
    ],
    sns: ['sns', 'Publish', { TopicArn: arn, Message: body, MessageAttributes: attributes }],
    lambda: ['lambda', 'Invoke', { FunctionName: arn, InvocationType: 'Event', Payload: Buffer.from(body) }],
  };
  const [name, operation, input] = calls[service] ?? [];
  try {
    if (!name || !operation) throw new Error(`the sandbox knows no destination of service ${service}`);
    const principal = {
      ...executionPrincipal(world, fn.arn, role, fn.name),
      accessKeyId: 'ASIALAMBDADESTINATION',
    };
    await world.invoke(principal, whereOf(arn), name, operation, input);
    return true;
  } catch (error) {
    // What went wrong Lambda tells nobody; here it stands in the function's log.
    const text = `[sandbox] delivery to ${arn} failed: ${error instanceof Error ? error.message : String(error)}`;
    writeLog(world, where, { at: world.clock.now(), functionName: fn.name, text });
    return false;
  }
}
