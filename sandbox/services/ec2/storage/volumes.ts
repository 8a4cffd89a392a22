import type {
  CreateVolumeRequest,
  DeleteVolumeRequest,
  DescribeVolumesRequest,
  DescribeVolumesResult,
  Volume as ShownVolume,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import type { Call, Demand } from '../../../core/service.ts';
import { chosen } from '../chosen.ts';
import { onCreated, onResource } from '../demands.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { defined, trailOfCreation } from '../groups/trail.ts';
import { filterBy, pageOf } from '../listing.ts';
import { once } from '../once.ts';
import { KINDS, missing, resolve } from '../refuse.ts';
import { ec2State } from '../state.ts';
import { tagsFor } from '../tag-specifications.ts';
import { zonesOf } from '../zones.ts';
import { layVolume, volumeSettings } from './lay-volume.ts';
import type { Volume } from './model.ts';
import { showVolume, VOLUME_FIELDS } from './show.ts';

/** Makes an empty volume, or one from a snapshot, in a zone. */
export const CreateVolume = ec2Operation<CreateVolumeRequest, ShownVolume>(
  [
    ...(['AvailabilityZone', 'Size', 'SnapshotId', 'VolumeType', 'Iops', 'Throughput'] as const),
    ...(['Encrypted', 'KmsKeyId', 'MultiAttachEnabled', 'TagSpecifications', 'ClientToken'] as const),
  ],
  {
    run(input, call) {
      return once(call, input.ClientToken, input, () => {
        const { AvailabilityZone: zone } = input;
        if (!zone) throw missing('AvailabilityZone');
        if (!zonesOf(call).some(({ name }) => name === zone)) {
          throw new AwsError('InvalidZone.NotFound', `The zone '${zone}' does not exist.`);
        }
        if (input.SnapshotId) {
          resolve(ec2State.of(call).snapshots.newest, input.SnapshotId, KINDS.snapshot, 'snapshotId');
        } else if (input.Size === undefined) {
          throw new AwsError('MissingParameter', 'The request must contain the parameter size/snapshot');
        }
        const settings = volumeSettings(call, {
          size: input.Size,
          type: input.VolumeType,
          iops: input.Iops,
          throughput: input.Throughput,
          encrypted: input.Encrypted,
          kmsKeyId: input.KmsKeyId,
          snapshotId: input.SnapshotId,
          multiAttach: input.MultiAttachEnabled,
        });
        const tags = tagsFor(input.TagSpecifications, 'volume');
        const made = layVolume(call, settings, { zone, tags, createTime: call.now });
        return { ...showVolume(made), State: 'creating' };
      });
    },
    authorize: (input, call) => onCreated(call, 'volume', input.TagSpecifications),
    trail: (input, output) => ({
      request: {
        ...trailOfCreation(input, { AvailabilityZone: 'zone' }).request,
        // CloudTrail writes sizes of volumes as text.
        ...(input.Size !== undefined && { size: String(input.Size) }),
      },
      ...(output && {
        response: defined({
          volumeId: output.VolumeId,
          size: output.Size === undefined ? undefined : String(output.Size),
          zone: output.AvailabilityZone,
          status: output.State,
          createTime: output.CreateTime?.getTime(),
          volumeType: output.VolumeType,
          iops: output.Iops,
          encrypted: output.Encrypted,
          snapshotId: output.SnapshotId || undefined,
        }),
      }),
    }),
  },
);

/** Lists volumes with what they are attached to. */
export const DescribeVolumes = ec2Operation<DescribeVolumesRequest, DescribeVolumesResult>(
  ['VolumeIds', 'Filters', 'MaxResults', 'NextToken'],
  {
    run(input, call) {
      const ids = input.VolumeIds;
      const keep = filterBy<Volume>(input.Filters, VOLUME_FIELDS, (one) => one.tags);
      const found = chosen(ec2State.of(call).volumes.seen(), ids, KINDS.volume).filter(keep);
      const page = pageOf(found, input, { min: 5, max: 1000, ids: ids?.length ? 'VolumeIds' : undefined });
      return { Volumes: page.items.map(showVolume), NextToken: page.NextToken };
    },
  },
);

/** Deletes a volume that nothing is attached to. */
export const DeleteVolume = ec2Operation<DeleteVolumeRequest, object>(['VolumeId'], {
  run(input, call) {
    const { volumes } = ec2State.of(call);
    const volume = resolve(volumes.newest, input.VolumeId, KINDS.volume, 'volumeId');
    const [held] = volume.attachments;
    if (held) {
      throw new AwsError('VolumeInUse', `Volume ${volume.id} is currently attached to ${held.instanceId}`);
    }
    volumes.delete(volume.id);
    return {};
  },
  authorize: (input, call) => [onVolume(call, input.VolumeId)],
});

/** IAM's question about an existing volume. */
export function onVolume(call: Call, id: string | undefined): Demand {
  return onResource(call, 'volume', id, ec2State.of(call).volumes.newest.get(id ?? ''));
}
