import {
  AttachVolumeCommand,
  CreateImageCommand,
  CreateSnapshotCommand,
  CreateTagsCommand,
  CreateVolumeCommand,
  type CreateVolumeRequest,
  DeleteSnapshotCommand,
  DeleteVolumeCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  DetachVolumeCommand,
  type EC2Client,
  RegisterImageCommand,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { refusal } from './client.ts';
import { MINUTE, openMachines } from './machines.ts';

const ZONE = { AvailabilityZone: 'eu-west-1a' };

async function makeVolume(ec2: EC2Client, more: Partial<CreateVolumeRequest> = {}): Promise<string> {
  return (
    (await ec2.send(new CreateVolumeCommand({ ...ZONE, Size: 100, VolumeType: 'gp3', ...more }))).VolumeId ??
    ''
  );
}

async function volume(ec2: EC2Client, id: string) {
  return (await ec2.send(new DescribeVolumesCommand({ VolumeIds: [id] }))).Volumes?.[0];
}

describe('volumes', () => {
  it('are available, then in use, then available again', async () => {
    const { ec2, only, running } = openMachines();
    const [InstanceId = ''] = await running({ Placement: ZONE });
    const VolumeId = await makeVolume(ec2);
    expect(await volume(ec2, VolumeId)).toMatchObject({ State: 'available', Iops: 3000, Throughput: 125 });
    await ec2.send(new AttachVolumeCommand({ VolumeId, InstanceId, Device: '/dev/sdf' }));
    expect(await volume(ec2, VolumeId)).toMatchObject({
      State: 'in-use',
      Attachments: [{ InstanceId, Device: '/dev/sdf', DeleteOnTermination: false }],
    });
    expect((await only(InstanceId)).BlockDeviceMappings).toHaveLength(2);
    expect(await refusal(ec2.send(new DeleteVolumeCommand({ VolumeId })))).toMatchObject({
      name: 'VolumeInUse',
    });
    await ec2.send(new DetachVolumeCommand({ VolumeId }));
    await ec2.send(new DeleteVolumeCommand({ VolumeId }));
    expect(await refusal(volume(ec2, VolumeId))).toMatchObject({ name: 'InvalidVolume.NotFound' });
  });

  it('B1.60 the root goes with its instance, and a disk that shall not stays behind', async () => {
    const { ec2, pass, running } = openMachines();
    const BlockDeviceMappings = [
      { DeviceName: '/dev/sdf', Ebs: { VolumeSize: 10, DeleteOnTermination: false } },
    ];
    const InstanceIds = await running({ BlockDeviceMappings });
    await ec2.send(new TerminateInstancesCommand({ InstanceIds }));
    await pass(MINUTE);
    const { Volumes = [] } = await ec2.send(new DescribeVolumesCommand({}));
    expect(Volumes).toMatchObject([{ Size: 10, State: 'available', Attachments: [] }]);
  });

  it('B2.16 io2 volumes go to several instances when they may', async () => {
    const { ec2, running } = openMachines();
    const ids = await running({ Placement: ZONE }, 2);
    const VolumeId = await makeVolume(ec2, { VolumeType: 'io2', Iops: 1000, MultiAttachEnabled: true });
    for (const InstanceId of ids)
      await ec2.send(new AttachVolumeCommand({ VolumeId, InstanceId, Device: '/dev/sdf' }));
    expect((await volume(ec2, VolumeId))?.Attachments?.map((one) => one.InstanceId)).toEqual(ids);
    expect(await refusal(ec2.send(new DetachVolumeCommand({ VolumeId })))).toMatchObject({
      name: 'MissingParameter',
    });
    await ec2.send(new DetachVolumeCommand({ VolumeId, InstanceId: ids[0] }));
    expect((await volume(ec2, VolumeId))?.Attachments).toMatchObject([{ InstanceId: ids[1] }]);
  });

  it.each([
    { when: 'a second instance', zone: ZONE, code: 'VolumeInUse', first: true },
    {
      when: 'an instance of another zone',
      zone: { AvailabilityZone: 'eu-west-1b' },
      code: 'InvalidVolume.ZoneMismatch',
    },
  ])('are not attached to $when', async ({ zone, code, first }) => {
    const { ec2, running } = openMachines();
    const VolumeId = await makeVolume(ec2);
    const Device = '/dev/sdf';
    if (first) {
      const [InstanceId] = await running({ Placement: ZONE });
      await ec2.send(new AttachVolumeCommand({ VolumeId, InstanceId, Device }));
    }
    const [InstanceId] = await running({ Placement: zone });
    expect(await refusal(ec2.send(new AttachVolumeCommand({ VolumeId, InstanceId, Device })))).toMatchObject({
      name: code,
    });
  });

  it('a root stays on its instance until that is stopped', async () => {
    const { ec2, only, pass, running } = openMachines();
    const [id = ''] = await running();
    const VolumeId = (await only(id)).BlockDeviceMappings?.[0]?.Ebs?.VolumeId;
    const detach = () => ec2.send(new DetachVolumeCommand({ VolumeId }));
    expect(await refusal(detach())).toMatchObject({ name: 'OperationNotPermitted' });
    await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    await pass(MINUTE);
    await detach();
    expect((await only(id)).BlockDeviceMappings).toEqual([]);
  });

  it.each<{ when: string; more: Partial<CreateVolumeRequest>; code: string }>([
    { when: 'too small for its type', more: { Size: 100, VolumeType: 'st1' }, code: 'InvalidParameterValue' },
    { when: 'too large', more: { Size: 16_385, VolumeType: 'gp2' }, code: 'InvalidParameterValue' },
    { when: 'shared and gp3', more: { MultiAttachEnabled: true }, code: 'InvalidParameterValue' },
    { when: 'in no zone', more: { AvailabilityZone: 'eu-west-1' }, code: 'InvalidZone.NotFound' },
    {
      when: 'of no snapshot',
      more: { SnapshotId: 'snap-0123456789abcdef0' },
      code: 'InvalidSnapshot.NotFound',
    },
    { when: 'on an Outpost', more: { OutpostArn: 'arn:aws:outposts:x' }, code: 'UnsupportedParameter' },
  ])('cannot be made $when', async ({ more, code }) => {
    const { ec2 } = openMachines();
    expect(await refusal(makeVolume(ec2, more))).toMatchObject({ name: code });
  });
});

describe('snapshots', () => {
  it('are complete after a while, belong to their owner and make volumes', async () => {
    const { ec2, pass } = openMachines();
    const VolumeId = await makeVolume(ec2);
    const TagSpecifications = [{ ResourceType: 'snapshot' as const, Tags: [{ Key: 'why', Value: 'test' }] }];
    const { SnapshotId } = await ec2.send(new CreateSnapshotCommand({ VolumeId, TagSpecifications }));
    const list = async (OwnerIds: string[]) =>
      (await ec2.send(new DescribeSnapshotsCommand({ OwnerIds }))).Snapshots ?? [];
    expect(await list(['self'])).toMatchObject([{ SnapshotId, State: 'pending', VolumeSize: 100 }]);
    await pass(MINUTE);
    expect(await list(['111122223333'])).toMatchObject([{ State: 'completed', Progress: '100%' }]);
    expect(await list(['444455556666'])).toEqual([]);
    const copy = await makeVolume(ec2, { SnapshotId, Size: undefined });
    expect(await volume(ec2, copy)).toMatchObject({ Size: 100, SnapshotId });
    await ec2.send(new DeleteSnapshotCommand({ SnapshotId }));
    expect(await list(['self'])).toEqual([]);
  });
});

describe('images', () => {
  it('of an instance take a while, launch others, and hold their snapshots', async () => {
    const { ec2, pass, running } = openMachines();
    const [InstanceId = ''] = await running();
    const { ImageId } = await ec2.send(new CreateImageCommand({ InstanceId, Name: 'golden' }));
    const launch = { ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 } as const;
    const early = ec2.send(new RunInstancesCommand(launch));
    expect(await refusal(early)).toMatchObject({ name: 'InvalidAMIID.Unavailable' });
    const again = ec2.send(new CreateImageCommand({ InstanceId, Name: 'golden' }));
    expect(await refusal(again)).toMatchObject({ name: 'InvalidAMIName.Duplicate' });
    await pass(MINUTE);
    await ec2.send(new RunInstancesCommand(launch));
    const own = await ec2.send(new DescribeImagesCommand({ Owners: ['self'] }));
    expect(own.Images).toMatchObject([
      { ImageId, State: 'available', Public: false, SourceInstanceId: InstanceId },
    ]);
    const SnapshotId = own.Images?.[0]?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId;
    expect(await refusal(ec2.send(new DeleteSnapshotCommand({ SnapshotId })))).toMatchObject({
      name: 'InvalidSnapshot.InUse',
    });
    await ec2.send(new DeregisterImageCommand({ ImageId }));
    expect(await refusal(ec2.send(new RunInstancesCommand(launch)))).toMatchObject({
      name: 'InvalidAMIID.NotFound',
    });
    await ec2.send(new DeleteSnapshotCommand({ SnapshotId }));
  });

  it('of Amazon are there for all and belong to Amazon', async () => {
    const { ec2 } = openMachines();
    const { Images = [] } = await ec2.send(new DescribeImagesCommand({ Owners: ['amazon'] }));
    expect(Images.map((image) => image.ImageId)).toContain('ami-0abcdef1234567890');
    const windows = Images.find((image) => image.Platform !== undefined);
    expect(windows).toMatchObject({ Platform: 'windows', PlatformDetails: 'Windows', Public: true });
    const taking = ec2.send(new DeregisterImageCommand({ ImageId: 'ami-0abcdef1234567890' }));
    expect(await refusal(taking)).toMatchObject({ name: 'AuthFailure' });
  });

  it('are registered from snapshots and tagged like everything else', async () => {
    const { ec2 } = openMachines();
    const VolumeId = await makeVolume(ec2, { Size: 8 });
    const { SnapshotId } = await ec2.send(new CreateSnapshotCommand({ VolumeId }));
    const BlockDeviceMappings = [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId } }];
    const wish = { Name: 'mine', RootDeviceName: '/dev/xvda', BlockDeviceMappings };
    const { ImageId = '' } = await ec2.send(new RegisterImageCommand(wish));
    const Resources = [ImageId, SnapshotId ?? '', VolumeId];
    await ec2.send(new CreateTagsCommand({ Resources, Tags: [{ Key: 'team', Value: 'shop' }] }));
    const Filters = [{ Name: 'tag:team', Values: ['shop'] }];
    expect((await ec2.send(new DescribeImagesCommand({ Filters }))).Images).toMatchObject([{ ImageId }]);
    expect((await ec2.send(new DescribeSnapshotsCommand({ Filters }))).Snapshots).toHaveLength(1);
    expect((await ec2.send(new DescribeVolumesCommand({ Filters }))).Volumes).toHaveLength(1);
  });
});
