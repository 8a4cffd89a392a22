import type {
  CreateSnapshotRequest,
  DeleteSnapshotRequest,
  DescribeSnapshotsRequest,
  DescribeSnapshotsResult,
  Snapshot as ShownSnapshot,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import { chosen } from '../chosen.ts';
import { onCreated, onResource } from '../demands.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { trailOfCreation } from '../groups/trail.ts';
import { filterBy, pageOf } from '../listing.ts';
import { KINDS, resolve } from '../refuse.ts';
import { ec2State, newResource, type Place, type Tag } from '../state.ts';
import { tagsFor } from '../tag-specifications.ts';
import type { Snapshot, Volume } from './model.ts';
import { showSnapshot, snapshotFields } from './show.ts';
import { onVolume } from './volumes.ts';

/** A snapshot is complete this long after it was begun. */
export const SNAPSHOT_MS = 60_000;

/** Begins a snapshot of a volume. */
export const CreateSnapshot = ec2Operation<CreateSnapshotRequest, ShownSnapshot>(
  ['VolumeId', 'Description', 'TagSpecifications'],
  {
    run(input, call) {
      const volume = resolve(ec2State.of(call).volumes.newest, input.VolumeId, KINDS.volume, 'volumeId');
      const tags = tagsFor(input.TagSpecifications, 'snapshot');
      return showSnapshot(laySnapshot(call, volume, input.Description ?? '', tags), call.now);
    },
    authorize: (input, call) => [
      ...onCreated(call, 'snapshot', input.TagSpecifications),
      onVolume(call, input.VolumeId),
    ],
    trail: (input) => trailOfCreation(input),
  },
);

/** A snapshot of a volume as it is now. */
export function laySnapshot(
  place: Place,
  volume: Volume,
  description: string,
  tags: readonly Tag[],
): Snapshot {
  const state = ec2State.of(place);
  const now = place.world.clock.now();
  const made: Snapshot = {
    ...newResource(state, 'snap', place.account, tags),
    volumeId: volume.id,
    size: volume.size,
    description,
    startTime: new Date(now),
    completeAt: now + SNAPSHOT_MS,
    encrypted: volume.encrypted,
    ...(volume.kmsKeyId && { kmsKeyId: volume.kmsKeyId }),
  };
  state.snapshots.set(made.id, made);
  return made;
}

/** Lists the account's snapshots. */
export const DescribeSnapshots = ec2Operation<DescribeSnapshotsRequest, DescribeSnapshotsResult>(
  ['SnapshotIds', 'OwnerIds', 'Filters', 'MaxResults', 'NextToken'],
  {
    run(input, call) {
      const { SnapshotIds: ids, OwnerIds: owners = [] } = input;
      const keep = filterBy<Snapshot>(input.Filters, snapshotFields(call.now), (one) => one.tags);
      const wanted = owners.map((owner) => (owner === 'self' ? call.account : owner));
      const found = chosen(ec2State.of(call).snapshots.seen(), ids, KINDS.snapshot).filter(
        (one) => keep(one) && (wanted.length === 0 || wanted.includes(one.owner)),
      );
      const page = pageOf(found, input, { min: 5, max: 1000, ids: ids?.length ? 'SnapshotIds' : undefined });
      return { Snapshots: page.items.map((one) => showSnapshot(one, call.now)), NextToken: page.NextToken };
    },
  },
);

/** Deletes a snapshot that no registered image stands on. */
export const DeleteSnapshot = ec2Operation<DeleteSnapshotRequest, object>(['SnapshotId'], {
  run(input, call) {
    const state = ec2State.of(call);
    const found = resolve(state.snapshots.newest, input.SnapshotId, KINDS.snapshot, 'snapshotId');
    const user = [...state.images.newest.values()].find((image) =>
      image.devices.some((device) => device.snapshotId === found.id),
    );
    if (user) {
      throw new AwsError(
        'InvalidSnapshot.InUse',
        `The snapshot ${found.id} is currently in use by ${user.id}`,
      );
    }
    state.snapshots.delete(found.id);
    return {};
  },
  authorize(input, call) {
    const target = ec2State.of(call).snapshots.newest.get(input.SnapshotId ?? '');
    return [onResource(call, 'snapshot', input.SnapshotId, target)];
  },
});
