import type { PlatformValues, Image as ShownImage, VolumeType } from '@aws-sdk/client-ec2';
import type { Fields } from '../listing.ts';
import type { Image } from './model.ts';

const stateOf = (image: Image, now: Date) => (now.getTime() >= image.availableAt ? 'available' : 'pending');

/** An image as DescribeImages shows it. */
export function showImage(image: Image, now: Date): ShownImage {
  return {
    ImageId: image.id,
    Name: image.name,
    Description: image.description,
    OwnerId: image.owner,
    ImageLocation: `${image.ownerAlias ?? image.owner}/${image.name}`,
    State: stateOf(image, now),
    Public: image.public,
    ImageType: 'machine',
    Architecture: image.architecture,
    PlatformDetails: image.platformDetails,
    UsageOperation: image.usageOperation,
    Hypervisor: 'xen',
    VirtualizationType: 'hvm',
    EnaSupport: true,
    RootDeviceName: image.rootDeviceName,
    RootDeviceType: image.rootDeviceType,
    BlockDeviceMappings: image.devices.map(showDevice),
    CreationDate: image.creationDate.toISOString(),
    ProductCodes: image.productCodes.map((code) => ({ ProductCodeId: code, ProductCodeType: 'marketplace' })),
    Tags: [...image.tags],
    ...(image.ownerAlias && { ImageOwnerAlias: image.ownerAlias }),
    ...(image.sourceInstanceId && { SourceInstanceId: image.sourceInstanceId }),
    // EC2 writes the value in lower case, unlike the SDK's type.
    ...(image.platform && { Platform: image.platform as unknown as PlatformValues }),
  };
}

function showDevice(device: Image['devices'][number]) {
  return {
    DeviceName: device.deviceName,
    Ebs: {
      DeleteOnTermination: device.deleteOnTermination,
      VolumeSize: device.size,
      // Types come from AWS's own images, or were checked when the image was registered.
      VolumeType: device.type as VolumeType,
      Encrypted: device.encrypted,
      ...(device.snapshotId && { SnapshotId: device.snapshotId }),
      ...(device.iops !== undefined && { Iops: device.iops }),
      ...(device.throughput !== undefined && { Throughput: device.throughput }),
    },
  };
}

/** What DescribeImages can filter by. */
export function imageFields(now: Date): Fields<Image> {
  return {
    architecture: (image) => [image.architecture],
    'block-device-mapping.snapshot-id': (image) => image.devices.map((device) => device.snapshotId),
    'creation-date': (image) => [image.creationDate.toISOString()],
    description: (image) => [image.description],
    'image-id': (image) => [image.id],
    'is-public': (image) => [String(image.public)],
    name: (image) => [image.name],
    'owner-alias': (image) => [image.ownerAlias],
    'owner-id': (image) => [image.owner],
    platform: (image) => [image.platform],
    'platform-details': (image) => [image.platformDetails],
    'product-code': (image) => image.productCodes,
    'root-device-name': (image) => [image.rootDeviceName],
    'root-device-type': (image) => [image.rootDeviceType],
    'source-instance-id': (image) => [image.sourceInstanceId],
    state: (image) => [stateOf(image, now)],
    'virtualization-type': () => ['hvm'],
  };
}
