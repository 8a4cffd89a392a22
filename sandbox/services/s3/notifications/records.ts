import type { BusEvent } from '../../../core/world.ts';
import type { Bucket } from '../state.ts';
import { etagOf, versionIdOf } from '../versions/version.ts';
import type { Actor, ObjectEvent } from './notify.ts';

/** One record as queues, topics and functions get it (S3 User Guide, "Event message structure", version 2.1). */
export function eventRecord(
  actor: Actor,
  bucket: Bucket,
  { name, version }: ObjectEvent,
  id: string,
): object {
  const removed = !name.startsWith('ObjectCreated');
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: bucket.region,
    eventTime: actor.now.toISOString(),
    eventName: name,
    userIdentity: { principalId: `AWS:${actor.principal.principalId}` },
    requestParameters: { sourceIPAddress: actor.sourceIp },
    responseElements: {
      'x-amz-request-id': actor.requestId,
      'x-amz-id-2': Buffer.from(actor.requestId).toString('base64'),
    },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: id,
      bucket: { name: bucket.name, ownerIdentity: { principalId: bucket.owner }, arn: bucket.arn },
      object: {
        key: formEncoded(version.key),
        ...(!removed && { size: version.size }),
        ...(!removed && { eTag: bareEtag(version) }),
        ...(bucket.versioning && { versionId: versionIdOf(version) }),
        sequencer: version.serial.toString(16).toUpperCase().padStart(16, '0'),
      },
    },
  };
}

/** The same as an event on the default bus: "Object Created" and "Object Deleted". */
export function bridgeEvent(actor: Actor, bucket: Bucket, { name, version }: ObjectEvent): BusEvent {
  const created = name.startsWith('ObjectCreated');
  const [kind = '', how = ''] = name.split(':');
  const marker = how === 'DeleteMarkerCreated';
  const lifecycle = kind === 'LifecycleExpiration';
  return {
    version: '0',
    id: actor.world.random.uuid(),
    'detail-type': created ? 'Object Created' : 'Object Deleted',
    source: 'aws.s3',
    account: bucket.owner,
    time: actor.now.toISOString().replace(/\.\d+Z$/, 'Z'),
    region: bucket.region,
    resources: [bucket.arn],
    detail: {
      version: '0',
      bucket: { name: bucket.name },
      object: {
        key: version.key,
        ...(created && { size: version.size }),
        ...(created && { etag: bareEtag(version) }),
        ...(bucket.versioning && { 'version-id': versionIdOf(version) }),
        sequencer: version.serial.toString(16).toUpperCase().padStart(16, '0'),
      },
      'request-id': actor.requestId,
      requester: lifecycle ? 's3.amazonaws.com' : bucket.owner,
      ...(!lifecycle && { 'source-ip-address': actor.sourceIp }),
      reason: reasonOf(kind, how),
      ...(!created && { 'deletion-type': marker ? 'Delete Marker Created' : 'Permanently Deleted' }),
    },
  };
}

function reasonOf(kind: string, how: string): string {
  if (kind === 'LifecycleExpiration') return 'Lifecycle Expiration';
  if (kind === 'ObjectRemoved') return 'DeleteObject';
  const reasons: Readonly<Record<string, string>> = {
    Put: 'PutObject',
    Copy: 'CopyObject',
    CompleteMultipartUpload: 'CompleteMultipartUpload',
  };
  return reasons[how] ?? how;
}

const bareEtag = (version: ObjectEvent['version']) => etagOf(version).replaceAll('"', '');

function formEncoded(key: string): string {
  return encodeURIComponent(key.toWellFormed()).replaceAll('%20', '+');
}
