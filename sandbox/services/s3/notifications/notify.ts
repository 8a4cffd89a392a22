import type * as s3 from '@aws-sdk/client-s3';
import type { Call } from '../../../core/service.ts';
import type { World } from '../../../core/world.ts';
import { sendTo } from '../../../events/send.ts';
import { servicePrincipal } from '../../../iam/service-principal.ts';
import type { Bucket } from '../state.ts';
import type { Version } from '../versions/version.ts';
import { bridgeEvent, eventRecord } from './records.ts';

/** `ObjectRemoved:Delete` and the version that it happened to. */
export interface ObjectEvent {
  readonly name: string;
  readonly version: Version;
}

/** Who did it: the call's caller, or S3 itself for lifecycle. */
export type Actor = Pick<Call, 'world' | 'requestId' | 'sourceIp' | 'now'> & {
  readonly principal: Pick<Call['principal'], 'principalId'>;
};

interface Destination {
  readonly id: string;
  readonly arn: string;
  readonly events: readonly string[];
  readonly filter: s3.NotificationConfigurationFilter | undefined;
}

/** Sends the events to the queues, topics, functions and buses that the bucket's configuration names. */
export function notify(actor: Actor, bucket: Bucket, events: readonly ObjectEvent[]): void {
  const { notification } = bucket.configurations;
  if (!notification || events.length === 0) return;
  const { world } = actor;
  if (notification.EventBridgeConfiguration) {
    for (const event of events) world.emit(bridgeEvent(actor, bucket, event));
  }
  for (const destination of destinationsOf(notification)) {
    for (const event of events.filter((each) => concerns(destination, each))) {
      const payload = JSON.stringify({ Records: [eventRecord(actor, bucket, event, destination.id)] });
      send(world, bucket, destination.arn, payload);
    }
  }
}

/** All destinations of a configuration that are queues, topics or functions. */
export function destinationsOf(notification: s3.NotificationConfiguration): readonly Destination[] {
  const {
    QueueConfigurations = [],
    TopicConfigurations = [],
    LambdaFunctionConfigurations = [],
  } = notification;
  const named = [
    ...QueueConfigurations.map((each) => [each, each.QueueArn] as const),
    ...TopicConfigurations.map((each) => [each, each.TopicArn] as const),
    ...LambdaFunctionConfigurations.map((each) => [each, each.LambdaFunctionArn] as const),
  ];
  return named.map(([{ Id = '', Events = [], Filter }, arn = '']) => ({
    id: Id,
    arn,
    events: Events.map((event) => event.replace(/^s3:/, '')),
    filter: Filter,
  }));
}

function concerns({ events, filter }: Destination, { name, version }: ObjectEvent): boolean {
  const named = events.some(
    (event) => event === name || (event.endsWith('*') && name.startsWith(event.slice(0, -1))),
  );
  const rules = filter?.Key?.FilterRules ?? [];
  return (
    named &&
    rules.every(({ Name = '', Value = '' }) =>
      Name.toLowerCase() === 'prefix' ? version.key.startsWith(Value) : version.key.endsWith(Value),
    )
  );
}

/** S3 tries for a while and then forgets: nobody hears of an event that its destination refuses. */
function send(world: World, bucket: Bucket, arn: string, payload: string): void {
  const principal = servicePrincipal('s3', bucket.owner, bucket.arn);
  world.clock.at(world.clock.now(), () => sendTo(world, principal, arn, payload).catch(() => undefined));
}
