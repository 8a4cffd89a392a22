import type { AttachVolumeRequest, DetachVolumeRequest, VolumeAttachment } from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { onInstances } from '../instances/demands.ts';
import type { Instance } from '../instances/model.ts';
import { invalidValue, KINDS, missing, resolve } from '../refuse.ts';
import { type Ec2State, ec2State } from '../state.ts';
import type { Attachment, Volume } from './model.ts';
import { showAttachment } from './show.ts';
import { onVolume } from './volumes.ts';

/** A multi-attach volume goes to as many instances as this. */
const MOST_INSTANCES = 16;

/** Attaches a free volume, or one that may be shared, to an instance of its zone. */
export const AttachVolume = ec2Operation<AttachVolumeRequest, VolumeAttachment>(
  ['Device', 'InstanceId', 'VolumeId'],
  {
    run(input, call) {
      const state = ec2State.of(call);
      const volume = resolve(state.volumes.newest, input.VolumeId, KINDS.volume, 'volumeId');
      const instance = resolve(state.instances.newest, input.InstanceId, KINDS.instance, 'instanceId');
      const { Device: device } = input;
      if (!device) throw missing('device');
      mustFit(state, volume, instance, device);
      const attachment: Attachment = {
        ...{ instanceId: instance.id, device, attachTime: call.now, deleteOnTermination: false },
      };
      state.volumes.set(volume.id, { ...volume, attachments: [...volume.attachments, attachment] });
      state.instances.set(instance.id, { ...instance, volumeIds: [...instance.volumeIds, volume.id] });
      return { ...showAttachment(volume.id, attachment), State: 'attaching' };
    },
    authorize: (input, call) => [
      onVolume(call, input.VolumeId),
      ...onInstances(call, input.InstanceId ? [input.InstanceId] : []),
    ],
  },
);

function mustFit(state: Ec2State, volume: Volume, instance: Instance, device: string): void {
  if (instance.state !== 'running' && instance.state !== 'stopped') {
    throw new AwsError('IncorrectState', `Instance '${instance.id}' is not 'running' or 'stopped'.`);
  }
  if (volume.zone !== instance.zone) {
    const message = `The volume '${volume.id}' is not in the same availability zone as instance '${instance.id}'`;
    throw new AwsError('InvalidVolume.ZoneMismatch', message);
  }
  const most = volume.multiAttach ? MOST_INSTANCES : 1;
  const mine = volume.attachments.some((one) => one.instanceId === instance.id);
  if (mine || volume.attachments.length >= most) {
    throw new AwsError('VolumeInUse', `${volume.id} is already attached to an instance`);
  }
  const taken = instance.volumeIds.some((id) =>
    state.volumes.newest
      .get(id)
      ?.attachments.some((one) => one.instanceId === instance.id && one.device === device),
  );
  if (taken) {
    throw invalidValue(
      `Invalid value '${device}' for unixDevice. Attachment point ${device} is already in use`,
    );
  }
}

/** Takes a volume off an instance; the root of one that is not stopped stays. */
export const DetachVolume = ec2Operation<DetachVolumeRequest, VolumeAttachment>(
  ['VolumeId', 'InstanceId', 'Device', 'Force'],
  {
    run(input, call) {
      const state = ec2State.of(call);
      const volume = resolve(state.volumes.newest, input.VolumeId, KINDS.volume, 'volumeId');
      const attachment = meantAttachment(volume, input);
      const instance = state.instances.newest.get(attachment.instanceId);
      if (instance && instance.state !== 'stopped' && attachment.device === instance.image.rootDeviceName) {
        const message = `Unable to detach root volume '${volume.id}' from instance '${instance.id}'`;
        throw new AwsError('OperationNotPermitted', message);
      }
      const attachments = volume.attachments.filter((one) => one !== attachment);
      state.volumes.set(volume.id, { ...volume, attachments });
      if (instance) {
        const volumeIds = instance.volumeIds.filter((id) => id !== volume.id);
        state.instances.set(instance.id, { ...instance, volumeIds });
      }
      return { ...showAttachment(volume.id, attachment), State: 'detaching' };
    },
    authorize: (input, call) => [
      onVolume(call, input.VolumeId),
      ...onInstances(call, input.InstanceId ? [input.InstanceId] : []),
    ],
  },
);

function meantAttachment(volume: Volume, { InstanceId, Device }: DetachVolumeRequest): Attachment {
  if (volume.attachments.length === 0) {
    throw new AwsError('IncorrectState', `Volume '${volume.id}' is in the 'available' state.`);
  }
  if (!InstanceId && volume.attachments.length > 1) throw missing('instanceId');
  const found = volume.attachments.find(
    (one) => (!InstanceId || one.instanceId === InstanceId) && (!Device || one.device === Device),
  );
  if (found) return found;
  const message = `The volume '${volume.id}' is not attached to instance '${InstanceId}' as device '${Device}'`;
  throw new AwsError('InvalidAttachment.NotFound', message);
}
