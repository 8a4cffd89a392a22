import type { BlockDeviceMapping } from '@aws-sdk/client-ec2';
import type { Call } from '../../../core/service.ts';
import { refuseUnknown } from '../ec2-operation.ts';
import type { Image } from '../images/model.ts';
import { invalidValue } from '../refuse.ts';
import { volumeSettings } from '../storage/lay-volume.ts';
import type { VolumeSettings } from '../storage/model.ts';

/** A volume that every launched instance gets. */
export interface PlannedDevice {
  readonly deviceName: string;
  readonly deleteOnTermination: boolean;
  readonly settings: VolumeSettings;
}

const EBS = [
  'DeleteOnTermination',
  'Iops',
  'SnapshotId',
  'VolumeSize',
  'VolumeType',
  'KmsKeyId',
  'Throughput',
  'Encrypted',
];

/** The image's disks with the request's written over them by device name. */
export function plannedDevices(
  call: Call,
  image: Image,
  mappings: readonly BlockDeviceMapping[] | undefined,
): readonly PlannedDevice[] {
  const planned = new Map<string, PlannedDevice>(
    image.devices.map(({ deviceName, deleteOnTermination, ...settings }) => [
      deviceName,
      { deviceName, deleteOnTermination, settings: { ...settings, multiAttach: false } },
    ]),
  );
  for (const mapping of mappings ?? []) {
    refuseUnknown(mapping, ['DeviceName', 'Ebs', 'NoDevice', 'VirtualName'], 'BlockDeviceMappings.');
    const { DeviceName: deviceName, Ebs: ebs } = mapping;
    if (!deviceName) throw invalidValue('A block device mapping needs a device name.');
    if (mapping.NoDevice !== undefined) planned.delete(deviceName);
    // An instance store volume: it is not an EBS volume, so nothing shows it.
    if (!ebs) continue;
    refuseUnknown(ebs, EBS, 'BlockDeviceMappings.Ebs.');
    const base = planned.get(deviceName);
    planned.set(deviceName, {
      deviceName,
      deleteOnTermination: ebs.DeleteOnTermination ?? base?.deleteOnTermination ?? true,
      settings: volumeSettings(call, {
        size: ebs.VolumeSize ?? base?.settings.size,
        type: ebs.VolumeType ?? base?.settings.type,
        iops: ebs.Iops ?? (ebs.VolumeType === undefined ? base?.settings.iops : undefined),
        throughput: ebs.Throughput ?? (ebs.VolumeType === undefined ? base?.settings.throughput : undefined),
        encrypted: ebs.Encrypted ?? base?.settings.encrypted,
        kmsKeyId: ebs.KmsKeyId ?? base?.settings.kmsKeyId,
        snapshotId: ebs.SnapshotId ?? base?.settings.snapshotId,
      }),
    });
  }
  return [...planned.values()];
}
