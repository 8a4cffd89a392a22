import { drawer } from '../core/drawer.ts';
import type { Where } from '../core/service.ts';
import type { World } from '../core/world.ts';
import { queueUrl, whereOf } from '../events/arn.ts';
import { onMessageArrived } from '../events/arrivals.ts';
import { messagesIn, numberWaiting } from '../services/sqs/state.ts';
import { functions, type LambdaFunction } from './function.ts';
import { writeLog } from './logs.ts';
import { executionPrincipal } from './role.ts';
import { runInvocation } from './run.ts';
import { type ReceivedMessage, recordsOf, succeeded } from './sqs-event.ts';

/** A queue whose messages a function gets. */
export interface Mapping {
  readonly uuid: string;
  readonly arn: string;
  readonly queueArn: string;
  readonly functionName: string;
  batchSize: number;
  enabled: boolean;
  reportsFailures: boolean;
  maximumConcurrency: number;
  modifiedAt: Date;
  /** Batches under way. */
  running: number;
  cancelWake(): void;
}

/** Under this key Lambda reads a queue with the rights of the function's role. */
export const POLLER = 'ASIALAMBDAPOLLER00000';

export const mappings = drawer<Map<string, Mapping>>(() => new Map());
const watched = new WeakSet<World>();

/** Starts to bring the queue's messages to the function, also those that wait already. */
export function startMapping(world: World, where: Where, mapping: Mapping): void {
  mappings.of({ ...where, world }).set(mapping.uuid, mapping);
  if (!watched.has(world)) {
    watched.add(world);
    onMessageArrived(world, (queueArn) => {
      const place = whereOf(queueArn);
      for (const each of mappings.of({ ...place, world }).values()) {
        if (each.queueArn === queueArn) wake(world, place, each);
      }
    });
  }
  wake(world, where, mapping);
}

/** Looks into the queue as soon as possible, and again when a hidden message shows. */
function wake(world: World, where: Where, mapping: Mapping): void {
  mapping.cancelWake();
  mapping.cancelWake = world.clock.at(world.clock.now(), () => poll(world, where, mapping));
}

async function poll(world: World, where: Where, mapping: Mapping): Promise<void> {
  const fn = functions.of({ ...where, world }).get(mapping.functionName);
  if (!mapping.enabled || !fn || !mappings.of({ ...where, world }).has(mapping.uuid)) return;
  const workers: Promise<void>[] = [];
  while (mapping.running < mapping.maximumConcurrency && workers.length < waiting(world, where, mapping)) {
    mapping.running += 1;
    workers.push(
      oneBatch(world, where, fn, mapping).finally(() => {
        mapping.running -= 1;
      }),
    );
  }
  await Promise.all(workers);
  wakeLater(world, where, mapping, workers.length > 0);
}

const waiting = (world: World, where: Where, { queueArn }: Mapping) =>
  numberWaiting({ ...where, world }, queueArn.split(':').at(-1) ?? '') ?? 0;

/** At once when there was something, otherwise when the next hidden message shows. */
function wakeLater(world: World, where: Where, mapping: Mapping, more: boolean): void {
  if (more && waiting(world, where, mapping) > 0) {
    wake(world, where, mapping);
    return;
  }
  const now = world.clock.now();
  const hidden = messagesIn(world, mapping.queueArn).map(({ visibleAt }) => visibleAt);
  const next = Math.min(...hidden.filter((at) => at > now));
  if (!Number.isFinite(next)) return;
  mapping.cancelWake();
  mapping.cancelWake = world.clock.at(next, () => poll(world, where, mapping));
}

/** Receives, runs and deletes with the rights of the function's role, as Lambda does. */
async function oneBatch(world: World, where: Where, fn: LambdaFunction, mapping: Mapping): Promise<void> {
  const { queueArn, batchSize } = mapping;
  const QueueUrl = queueUrl(queueArn);
  const session = executionPrincipal(world, fn.arn, fn.latest.configuration.role, fn.name);
  const principal = { ...session, accessKeyId: POLLER };
  const ask = {
    QueueUrl,
    MaxNumberOfMessages: Math.min(batchSize, 10),
    AttributeNames: ['All'],
    MessageAttributeNames: ['All'],
  };
  try {
    const received = await world.invoke(principal, where, 'sqs', 'ReceiveMessage', ask);
    // Boundary: ReceiveMessage's own output.
    const { Messages = [] } = received as { Messages?: readonly ReceivedMessage[] };
    if (Messages.length === 0) return;
    const payload = JSON.stringify({ Records: recordsOf(Messages, queueArn, where.region) });
    const result = await runInvocation(world, where, fn, fn.latest, {
      requestId: world.random.uuid(),
      payload,
    });
    const done = succeeded(Messages, result, mapping.reportsFailures);
    const Entries = done.map(({ MessageId, ReceiptHandle }) => ({ Id: MessageId, ReceiptHandle }));
    if (Entries.length > 0)
      await world.invoke(principal, where, 'sqs', 'DeleteMessageBatch', { QueueUrl, Entries });
  } catch (error) {
    // As in AWS: the messages show again after their visibility timeout, and their queue's redrive policy counts.
    const text = `[sandbox] polling ${queueArn} failed: ${error instanceof Error ? error.message : String(error)}`;
    writeLog(world, where, { at: world.clock.now(), functionName: fn.name, text });
  }
}
