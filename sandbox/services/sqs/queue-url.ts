import { AwsError } from '../../core/errors.ts';
import type { Call } from '../../core/service.ts';
import type { World } from '../../core/world.ts';
import { type Queue, queues } from './state.ts';

const endpoints = new WeakMap<World, () => string | undefined>();

/** Where HTTP is served, if it is: SDKs send to the host of the queue's URL, so that URL has to lead back here. */
export function setQueueEndpoint(world: World, endpoint: () => string | undefined): void {
  endpoints.set(world, endpoint);
}

/** `http://127.0.0.1:PORT/111122223333/jobs` when served over HTTP, else the URL that AWS would give. */
export function queueUrl({ world, partition, region }: Call, account: string, name: string): string {
  const suffix = partition === 'aws-cn' ? '.cn' : '';
  const host = endpoints.get(world)?.() ?? `https://sqs.${region}.amazonaws.com${suffix}`;
  return `${host}/${account}/${name}`;
}

export function queueArn({ partition, region }: Call, account: string, name: string): string {
  return `arn:${partition}:sqs:${region}:${account}:${name}`;
}

/** Account and name of a queue URL, whatever its host. */
export function parsedUrl(url = ''): { readonly account: string; readonly name: string } {
  const [, account, name] = /\/(\d{12})\/([\w.-]+)$/.exec(url) ?? [];
  if (account && name) return { account, name };
  throw new AwsError('InvalidAddress', `The address ${url} is not valid for this endpoint.`, 404);
}

/** The queue that a call names by its URL. */
export function queueAt(call: Call, url: string | undefined): Queue {
  const { account, name } = parsedUrl(url);
  const queue = queues.of({ ...call, account }).live.get(name);
  if (queue) return queue;
  throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
}

/** The demand of an operation on one queue; a batch needs the permission of the single call. */
export const onQueue = ({ QueueUrl }: { readonly QueueUrl?: string | undefined }, call: Call) => {
  const { account, name } = parsedUrl(QueueUrl);
  return [
    { action: `sqs:${call.operation.replace(/Batch$/, '')}`, resources: [queueArn(call, account, name)] },
  ];
};
