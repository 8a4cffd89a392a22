import type {
  CreateImageRequest,
  CreateImageResult,
  RegisterImageRequest,
  RegisterImageResult,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import type { Call } from '../../../core/service.ts';
import { onCreated } from '../demands.ts';
import { ec2Operation, refuseUnknown } from '../ec2-operation.ts';
import { trailOfCreation } from '../groups/trail.ts';
import { onInstances } from '../instances/demands.ts';
import { mustBeIn } from '../instances/may-change.ts';
import { invalidValue, KINDS, missing, resolve } from '../refuse.ts';
import { ec2State, newResource } from '../state.ts';
import { volumeSettings } from '../storage/lay-volume.ts';
import { laySnapshot, SNAPSHOT_MS } from '../storage/snapshots.ts';
import { tagsFor } from '../tag-specifications.ts';
import type { Image, ImageDevice } from './model.ts';

const TAGGABLE = ['image', 'snapshot'];

/** Makes an image of an instance, with a snapshot of each of its volumes. */
export const CreateImage = ec2Operation<CreateImageRequest, CreateImageResult>(
  ['InstanceId', 'Name', 'Description', 'NoReboot', 'TagSpecifications'],
  {
    run(input, call) {
      const state = ec2State.of(call);
      const instance = resolve(state.instances.newest, input.InstanceId, KINDS.instance, 'instanceId');
      mustBeIn([instance], ['running', 'stopping', 'stopped'], 'imaged');
      const name = freeName(call, input.Name);
      const snapshotTags = tagsFor(input.TagSpecifications, 'snapshot', TAGGABLE);
      const tags = tagsFor(input.TagSpecifications, 'image', TAGGABLE);
      const made = newResource(state, 'ami', call.account, tags);
      const description = `Created by CreateImage(${instance.id}) for ${made.id}`;
      const volumes = instance.volumeIds.flatMap((id) => state.volumes.newest.get(id) ?? []);
      const devices = volumes.flatMap((volume): ImageDevice[] => {
        const at = volume.attachments.find((one) => one.instanceId === instance.id);
        if (!at) return [];
        const { size, type, iops, throughput, encrypted, kmsKeyId } = volume;
        return [
          {
            ...{ deviceName: at.device, deleteOnTermination: at.deleteOnTermination, size, type, encrypted },
            ...(iops !== undefined && { iops }),
            ...(throughput !== undefined && { throughput }),
            ...(kmsKeyId && { kmsKeyId }),
            snapshotId: laySnapshot(call, volume, description, snapshotTags).id,
          },
        ];
      });
      layImage(call, {
        ...{ ...made, ...instance.image, name, devices, sourceInstanceId: instance.id },
        description: input.Description ?? '',
      });
      return { ImageId: made.id };
    },
    authorize: (input, call) => [
      ...onCreated(call, 'image', input.TagSpecifications),
      ...onInstances(call, input.InstanceId ? [input.InstanceId] : []),
      ...onCreated(call, 'snapshot', input.TagSpecifications),
    ],
    trail: (input) => trailOfCreation(input),
  },
);

/** Makes an image of snapshots. */
export const RegisterImage = ec2Operation<RegisterImageRequest, RegisterImageResult>(
  [
    ...(['Name', 'Description', 'Architecture', 'RootDeviceName', 'BlockDeviceMappings'] as const),
    ...(['VirtualizationType', 'EnaSupport', 'TagSpecifications'] as const),
  ],
  {
    run(input, call) {
      const name = freeName(call, input.Name);
      const rootDeviceName = input.RootDeviceName ?? '';
      const devices = registeredDevices(call, input);
      if (!devices.some((device) => device.deviceName === rootDeviceName)) throw missing('rootDeviceName');
      const made = newResource(
        ec2State.of(call),
        'ami',
        call.account,
        tagsFor(input.TagSpecifications, 'image'),
      );
      layImage(call, {
        ...{ ...made, name, devices, rootDeviceName, rootDeviceType: 'ebs', productCodes: [] },
        architecture: input.Architecture === 'arm64' ? 'arm64' : 'x86_64',
        description: input.Description ?? '',
        ...{ platformDetails: 'Linux/UNIX', usageOperation: 'RunInstances' },
      });
      return { ImageId: made.id };
    },
    authorize: (input, call) => [
      ...onCreated(call, 'image', input.TagSpecifications),
      ...onCreated(call, 'snapshot', undefined),
    ],
  },
);

function registeredDevices(call: Call, input: RegisterImageRequest): readonly ImageDevice[] {
  const { snapshots } = ec2State.of(call);
  return (input.BlockDeviceMappings ?? []).map((mapping) => {
    refuseUnknown(mapping, ['DeviceName', 'Ebs'], 'BlockDeviceMappings.');
    const ebs = mapping.Ebs ?? {};
    refuseUnknown(
      ebs,
      ['SnapshotId', 'VolumeSize', 'VolumeType', 'DeleteOnTermination'],
      'BlockDeviceMappings.Ebs.',
    );
    const snapshot = resolve(snapshots.newest, ebs.SnapshotId, KINDS.snapshot, 'snapshotId');
    const { multiAttach: _, ...settings } = volumeSettings(call, {
      ...{ size: ebs.VolumeSize, type: ebs.VolumeType, snapshotId: snapshot.id },
    });
    return {
      ...settings,
      deviceName: mapping.DeviceName ?? '',
      deleteOnTermination: ebs.DeleteOnTermination ?? true,
    };
  });
}

function layImage(call: Call, image: Omit<Image, 'public' | 'creationDate' | 'availableAt'>): void {
  const availableAt = call.now.getTime() + SNAPSHOT_MS;
  ec2State.of(call).images.set(image.id, { ...image, public: false, creationDate: call.now, availableAt });
}

function freeName(call: Call, name: string | undefined): string {
  if (!name) throw missing('name');
  if (name.length < 3 || name.length > 128) {
    throw invalidValue('AMI names must be between 3 and 128 characters long');
  }
  const other = [...ec2State.of(call).images.newest.values()].find(
    (image) => image.name === name && image.owner === call.account,
  );
  if (!other) return name;
  throw new AwsError('InvalidAMIName.Duplicate', `AMI name ${name} is already in use by AMI ${other.id}`);
}
