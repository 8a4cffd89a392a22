import type { Snapshot as ShownSnapshot, Volume as ShownVolume, VolumeType } from '@aws-sdk/client-ec2';
import type { Fields } from '../listing.ts';
import type { Snapshot, Volume } from './model.ts';

const stateOf = (volume: Volume) => (volume.attachments.length > 0 ? 'in-use' : 'available');

/** A volume as DescribeVolumes shows it. */
export function showVolume(volume: Volume): ShownVolume {
  return {
    VolumeId: volume.id,
    OwnerId: volume.owner,
    AvailabilityZone: volume.zone,
    Size: volume.size,
    // The SDK's union of types is checked when the volume is made.
    VolumeType: volume.type as VolumeType,
    State: stateOf(volume),
    CreateTime: volume.createTime,
    Encrypted: volume.encrypted,
    SnapshotId: volume.snapshotId ?? '',
    MultiAttachEnabled: volume.multiAttach,
    Tags: [...volume.tags],
    ...(volume.iops !== undefined && { Iops: volume.iops }),
    ...(volume.throughput !== undefined && { Throughput: volume.throughput }),
    ...(volume.kmsKeyId && { KmsKeyId: volume.kmsKeyId }),
    Attachments: volume.attachments.map((one) => showAttachment(volume.id, one)),
  };
}

/** One attachment of a volume. */
export function showAttachment(volumeId: string, one: Volume['attachments'][number]) {
  return {
    VolumeId: volumeId,
    InstanceId: one.instanceId,
    Device: one.device,
    State: 'attached' as const,
    AttachTime: one.attachTime,
    DeleteOnTermination: one.deleteOnTermination,
  };
}

/** What DescribeVolumes can filter by. */
export const VOLUME_FIELDS: Fields<Volume> = {
  'attachment.delete-on-termination': (one) => one.attachments.map((at) => String(at.deleteOnTermination)),
  'attachment.device': (one) => one.attachments.map((at) => at.device),
  'attachment.instance-id': (one) => one.attachments.map((at) => at.instanceId),
  'attachment.status': (one) => one.attachments.map(() => 'attached'),
  'availability-zone': (one) => [one.zone],
  'create-time': (one) => [one.createTime.toISOString()],
  encrypted: (one) => [String(one.encrypted)],
  'multi-attach-enabled': (one) => [String(one.multiAttach)],
  size: (one) => [String(one.size)],
  'snapshot-id': (one) => [one.snapshotId],
  status: (one) => [stateOf(one)],
  'volume-id': (one) => [one.id],
  'volume-type': (one) => [one.type],
};

const snapshotState = (one: Snapshot, now: Date) =>
  now.getTime() >= one.completeAt ? 'completed' : 'pending';

/** A snapshot as DescribeSnapshots shows it. */
export function showSnapshot(one: Snapshot, now: Date): ShownSnapshot {
  const state = snapshotState(one, now);
  return {
    SnapshotId: one.id,
    VolumeId: one.volumeId,
    OwnerId: one.owner,
    VolumeSize: one.size,
    Description: one.description,
    StartTime: one.startTime,
    State: state,
    Progress: state === 'completed' ? '100%' : '0%',
    Encrypted: one.encrypted,
    StorageTier: 'standard',
    Tags: [...one.tags],
    ...(one.kmsKeyId && { KmsKeyId: one.kmsKeyId }),
  };
}

/** What DescribeSnapshots can filter by. */
export function snapshotFields(now: Date): Fields<Snapshot> {
  return {
    description: (one) => [one.description],
    encrypted: (one) => [String(one.encrypted)],
    'owner-id': (one) => [one.owner],
    'snapshot-id': (one) => [one.id],
    'start-time': (one) => [one.startTime.toISOString()],
    status: (one) => [snapshotState(one, now)],
    'volume-id': (one) => [one.volumeId],
    'volume-size': (one) => [String(one.size)],
  };
}
