import type { ResourceRef } from '../engine/signal.ts';
import { type Envelope, signalFrom } from './envelope.ts';
import { type Context, type SingleReading, signals } from './reading.ts';
import { resourceOfArn } from './resource.ts';

/** `EC2 Instance State-change Notification`: an instance's state, perhaps outdated on arrival; nobody named (B5.2). */
export function readStateChange(envelope: Envelope, own: Context): SingleReading {
  const detail = envelope.detail.object();
  const id = detail
    .at('instance-id')
    .matching(/^i-[0-9a-f]{8,17}$/, 'an instance id, e.g. "i-0123456789abcdef0"');
  const state = detail.at('state').text('the state of the instance');
  const instance: ResourceRef = { type: 'AWS::EC2::Instance', id, hint: { state } };
  return signals(signalFrom(envelope, { kind: 'state-change', name: state }, own.now, [instance]));
}

/** `Tag Change on Resource`: the tags of one resource changed; best effort, so a sweep is needed beside it (B5.11). */
export function readTagChange(envelope: Envelope, own: Context): SingleReading {
  const changedTagKeys = envelope.detail
    .object()
    .at('changed-tag-keys')
    .list('a list of tag keys')
    .map((key) => key.text('a tag key'));
  const [arn = ''] = envelope.resources;
  const located = resourceOfArn(arn, { changedTagKeys });
  if (!located) return envelope.detail.at('resources').refuse('the ARN of the tagged resource');

  const place = {
    ...envelope,
    account: located.account ?? envelope.account,
    region: located.region ?? envelope.region,
  };
  const cause = { kind: 'tag-change', name: changedTagKeys.join(', ') } as const;
  return signals(signalFrom(place, cause, own.now, [located.ref]));
}
