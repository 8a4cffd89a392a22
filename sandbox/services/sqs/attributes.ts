import { AwsError } from '../../core/errors.ts';
import type { Call } from '../../core/service.ts';
import { setResourcePolicy } from '../../iam/resource-policies.ts';
import type { Queue } from './state.ts';

/** Whole-number attributes: least, most, default (SetQueueAttributes, API Reference). */
const RANGES: Readonly<Record<string, readonly [least: number, most: number, usual: number]>> = {
  DelaySeconds: [0, 900, 0],
  MaximumMessageSize: [1024, 1_048_576, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600, 345_600],
  ReceiveMessageWaitTimeSeconds: [0, 20, 0],
  VisibilityTimeout: [0, 43_200, 30],
  KmsDataKeyReusePeriodSeconds: [60, 86_400, 300],
};
const TEXTS = new Set([
  'Policy',
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'SqsManagedSseEnabled',
]);

export function defaultAttributes(): Map<string, string> {
  const { KmsDataKeyReusePeriodSeconds: _, ...ranges } = RANGES;
  const numbers = Object.entries(ranges).map(([name, [, , usual]]): [string, string] => [
    name,
    String(usual),
  ]);
  return new Map([...numbers, ['SqsManagedSseEnabled', 'true']]);
}

/** Sets one attribute of a queue, or refuses it as SQS does. An empty text takes a policy away. */
export function setQueueAttribute(call: Call, queue: Queue, name: string, value: string): void {
  if (name === 'FifoQueue' || name === 'ContentBasedDeduplication') {
    throw new AwsError('NotImplemented', 'The sandbox does not implement FIFO queues of sqs.', 501);
  }
  const range = RANGES[name];
  if (!range && !TEXTS.has(name)) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
  if (range && !(/^\d+$/.test(value) && Number(value) >= range[0] && Number(value) <= range[1]))
    throw invalidValue(name);
  if (name === 'Policy') setPolicy(call, queue, value);
  if (name === 'RedrivePolicy' && value !== '') redriveOf(value);
  if (value === '') queue.attributes.delete(name);
  else queue.attributes.set(name, value);
}

/** Where messages go that were received too often. */
export function redriveOf(policy: string): { readonly target: string; readonly maxReceiveCount: number } {
  const { deadLetterTargetArn, maxReceiveCount } = jsonObject(policy);
  const most = Number(maxReceiveCount);
  if (typeof deadLetterTargetArn !== 'string' || !Number.isInteger(most) || most < 1 || most > 1000) {
    throw new AwsError('InvalidParameterValue', `Value ${policy} for parameter RedrivePolicy is invalid.`);
  }
  return { target: deadLetterTargetArn, maxReceiveCount: most };
}

function setPolicy(call: Call, queue: Queue, value: string): void {
  try {
    setResourcePolicy(call.world, queue.arn, value === '' ? undefined : value);
  } catch {
    throw invalidValue('Policy');
  }
}

function jsonObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch {
    // Said below, like every text that is no JSON object.
  }
  throw new AwsError(
    'InvalidParameterValue',
    `Value ${text} for parameter RedrivePolicy is invalid. Reason: Redrive policy is not a valid JSON map.`,
  );
}

function invalidValue(name: string): AwsError {
  return new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
}
