import {
  CreateLaunchTemplateCommand,
  CreateTagsCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstanceCreditSpecificationsCommand,
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeSpotInstanceRequestsCommand,
  DescribeTagsCommand,
  ModifyInstanceAttributeCommand,
  MonitorInstancesCommand,
  RunInstancesCommand,
  type RunInstancesRequest,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  UnmonitorInstancesCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { seedHealth, seedInstances, tagInstance } from '../../../sandbox/services/ec2/instances/seed.ts';
import { refusal } from './client.ts';
import { MINUTE, openMachines } from './machines.ts';

describe('RunInstances', () => {
  it('keeps what it was asked for and shows it', async () => {
    const { only, running } = openMachines();
    const [id = ''] = await running({
      InstanceType: 'm5.large',
      UserData: Buffer.from('#!/bin/sh').toString('base64'),
      Placement: {
        AvailabilityZone: 'eu-west-1c',
        Tenancy: 'host',
        HostId: 'h-0123456789abcdef0',
        Affinity: 'host',
      },
      Monitoring: { Enabled: true },
      MetadataOptions: { HttpTokens: 'required', InstanceMetadataTags: 'enabled' },
      EbsOptimized: true,
      InstanceInitiatedShutdownBehavior: 'terminate',
      IamInstanceProfile: { Name: 'web' },
      BlockDeviceMappings: [
        { DeviceName: '/dev/xvda', Ebs: { VolumeSize: 20 } },
        { DeviceName: '/dev/sdf', Ebs: { VolumeSize: 100, VolumeType: 'gp3', DeleteOnTermination: false } },
      ],
    });
    expect(await only(id)).toMatchObject({
      Placement: {
        AvailabilityZone: 'eu-west-1c',
        Tenancy: 'host',
        HostId: 'h-0123456789abcdef0',
        Affinity: 'host',
      },
      Monitoring: { State: 'enabled' },
      MetadataOptions: { HttpTokens: 'required', InstanceMetadataTags: 'enabled' },
      EbsOptimized: true,
      IamInstanceProfile: { Arn: 'arn:aws:iam::111122223333:instance-profile/web' },
      PlatformDetails: 'Linux/UNIX',
      RootDeviceType: 'ebs',
      Operator: { Managed: false },
      BlockDeviceMappings: [
        { DeviceName: '/dev/xvda', Ebs: { DeleteOnTermination: true, Status: 'attached' } },
        { DeviceName: '/dev/sdf', Ebs: { DeleteOnTermination: false } },
      ],
    });
  });

  it('B2.14 B2.16 tags instance, volume, interface and Spot request alike', async () => {
    const { ec2, only, running } = openMachines();
    const types = ['instance', 'volume', 'network-interface', 'spot-instances-request'] as const;
    const TagSpecifications = types.map((ResourceType) => ({
      ResourceType,
      Tags: [{ Key: 'kind', Value: ResourceType }],
    }));
    const InstanceMarketOptions = { MarketType: 'spot' as const };
    const ids = await running({ TagSpecifications, InstanceMarketOptions }, 2);
    const { Tags = [] } = await ec2.send(
      new DescribeTagsCommand({ Filters: [{ Name: 'key', Values: ['kind'] }] }),
    );
    for (const type of types) {
      expect(Tags.filter((tag) => tag.ResourceType === type && tag.Value === type)).toHaveLength(ids.length);
    }
    expect(await only(ids[0] ?? '')).toMatchObject({
      InstanceLifecycle: 'spot',
      SpotInstanceRequestId: expect.stringMatching(/^sir-/),
    });
  });

  it.each<{ when: string; more: Partial<RunInstancesRequest>; code: string }>([
    {
      when: 'a region as zone',
      more: { Placement: { AvailabilityZone: 'us-west-2' } },
      code: 'InvalidParameterValue',
    },
    {
      when: 'an image that is not there',
      more: { ImageId: 'ami-0fffffffffffffff0' },
      code: 'InvalidAMIID.NotFound',
    },
    { when: 'a key that is not there', more: { KeyName: 'lost' }, code: 'InvalidKeyPair.NotFound' },
    {
      when: 'credits for a type that earns none',
      more: { InstanceType: 'm5.large', CreditSpecification: { CpuCredits: 'unlimited' } },
      code: 'InstanceCreditSpecification.NotSupported',
    },
    {
      when: 'B1.28 termination protection for Spot',
      more: { DisableApiTermination: true, InstanceMarketOptions: { MarketType: 'spot' } },
      code: 'InvalidParameterCombination',
    },
    {
      when: 'one-time Spot that is to be stopped',
      more: {
        InstanceMarketOptions: { MarketType: 'spot', SpotOptions: { InstanceInterruptionBehavior: 'stop' } },
      },
      code: 'InvalidParameterValue',
    },
    {
      when: 'a placement that the sandbox does not know',
      more: { Placement: { PartitionNumber: 1 } },
      code: 'UnsupportedParameter',
    },
    {
      when: 'a type that its table does not hold',
      more: { InstanceType: 'x1e.32xlarge' },
      code: 'UnsupportedParameter',
    },
    { when: 'a tag of AWS’s own', more: awsTag(), code: 'InvalidParameterValue' },
  ])('refuses $when', async ({ more, code }) => {
    const { ec2, running } = openMachines();
    expect(await refusal(running(more))).toMatchObject({ name: code });
    expect((await ec2.send(new DescribeInstancesCommand({}))).Reservations).toEqual([]);
  });

  it('takes from a launch template what the request leaves open', async () => {
    const { ec2, only } = openMachines();
    const LaunchTemplateData = {
      ImageId: 'ami-0abcdef1234567890',
      InstanceType: 't3.small',
      DisableApiStop: true,
    } as const;
    await ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: 'shop', LaunchTemplateData }));
    const LaunchTemplate = { LaunchTemplateName: 'shop', Version: '$Latest' };
    const launch = { LaunchTemplate, InstanceType: 't3.large', MinCount: 1, MaxCount: 1 } as const;
    const made = await ec2.send(new RunInstancesCommand(launch));
    const InstanceId = made.Instances?.[0]?.InstanceId ?? '';
    expect(await only(InstanceId)).toMatchObject({
      InstanceType: 't3.large',
      ImageId: 'ami-0abcdef1234567890',
    });
    const asked = { InstanceId, Attribute: 'disableApiStop' } as const;
    expect(await ec2.send(new DescribeInstanceAttributeCommand(asked))).toMatchObject({
      DisableApiStop: { Value: true },
    });
  });

  it('B2.6 refuses tags that the metadata service of the instance could not show', async () => {
    const { ec2, running } = openMachines();
    const Resources = await running({ MetadataOptions: { InstanceMetadataTags: 'enabled' } });
    for (const Key of ['cost center', 'a/b', '.', '..', '_index']) {
      const tagging = ec2.send(new CreateTagsCommand({ Resources, Tags: [{ Key, Value: 'x' }] }));
      expect(await refusal(tagging)).toMatchObject({ name: 'InvalidParameterValue' });
    }
    await ec2.send(new CreateTagsCommand({ Resources, Tags: [{ Key: 'cost-center', Value: 'x' }] }));
  });
});

function awsTag(): Partial<RunInstancesRequest> {
  const Tags = [{ Key: 'aws:autoscaling:groupName', Value: 'web' }];
  return { TagSpecifications: [{ ResourceType: 'instance', Tags }] };
}

describe('Spot requests', () => {
  it('B1.22 a persistent one is disabled by a stop, and only a start revives it', async () => {
    const { ec2, pass, running } = openMachines();
    const SpotOptions = { SpotInstanceType: 'persistent', InstanceInterruptionBehavior: 'stop' } as const;
    const InstanceIds = await running({ InstanceMarketOptions: { MarketType: 'spot', SpotOptions } });
    const request = async () =>
      (await ec2.send(new DescribeSpotInstanceRequestsCommand({}))).SpotInstanceRequests?.[0];
    expect(await request()).toMatchObject({
      Type: 'persistent',
      State: 'active',
      InstanceId: InstanceIds[0],
    });
    await ec2.send(new StopInstancesCommand({ InstanceIds }));
    await pass(MINUTE);
    expect(await request()).toMatchObject({
      State: 'disabled',
      Status: { Code: 'instance-stopped-by-user' },
    });
    await ec2.send(new StartInstancesCommand({ InstanceIds }));
    expect(await request()).toMatchObject({ State: 'active' });
    await ec2.send(new TerminateInstancesCommand({ InstanceIds }));
    await pass(MINUTE);
    expect(await request()).toMatchObject({ State: 'open' });
  });
});

describe('what else EC2 tells of instances', () => {
  it('B1.19 B1.20 checks begin, pass or fail, and events are scheduled', async () => {
    const { ec2, place, pass, running } = openMachines();
    const [fresh = ''] = await running();
    const [old = '', broken = ''] = seedInstances(place, 2);
    seedHealth(place, broken, {
      system: 'impaired',
      impairedSince: new Date('2026-11-01T00:00:00Z'),
      events: [
        { code: 'instance-retirement', description: 'going', notBefore: new Date('2026-11-20T00:00:00Z') },
      ],
    });
    const statuses = async () =>
      Object.fromEntries(
        ((await ec2.send(new DescribeInstanceStatusCommand({}))).InstanceStatuses ?? []).map((one) => [
          one.InstanceId,
          one,
        ]),
      );
    const shown = await statuses();
    expect(shown[fresh]?.InstanceStatus?.Status).toBe('initializing');
    expect(shown[old]).toMatchObject({ SystemStatus: { Status: 'ok', Details: [{ Status: 'passed' }] } });
    expect(shown[broken]).toMatchObject({
      SystemStatus: {
        Status: 'impaired',
        Details: [{ Status: 'failed', ImpairedSince: new Date('2026-11-01T00:00:00Z') }],
      },
      Events: [{ Code: 'instance-retirement' }],
    });
    await pass(2 * MINUTE);
    await ec2.send(new StopInstancesCommand({ InstanceIds: [old] }));
    expect(Object.keys(await statuses()).sort()).toEqual([fresh, broken].sort());
    const all = await ec2.send(
      new DescribeInstanceStatusCommand({ InstanceIds: [old], IncludeAllInstances: true }),
    );
    expect(all.InstanceStatuses).toMatchObject([{ InstanceStatus: { Status: 'not-applicable' } }]);
  });

  it('B1.11 B1.12 credit options of burstable instances', async () => {
    const { ec2, place } = openMachines();
    const [t2 = '', t3 = '', m5 = ''] = ['t2.micro', 't3.micro', 'm5.large'].flatMap((instanceType) =>
      seedInstances(place, 1, { instanceType }),
    );
    const named = await ec2.send(
      new DescribeInstanceCreditSpecificationsCommand({ InstanceIds: [t2, t3, m5] }),
    );
    expect(named.InstanceCreditSpecifications?.map((one) => one.CpuCredits)).toEqual([
      'standard',
      'unlimited',
      'standard',
    ]);
    const unnamed = await ec2.send(new DescribeInstanceCreditSpecificationsCommand({}));
    expect(unnamed.InstanceCreditSpecifications?.map((one) => one.InstanceId)).toEqual([t3]);
  });

  it('B1.13 B1.18 B1.25 types tell cores, accelerators and disks of their own', async () => {
    const { ec2 } = openMachines();
    const InstanceTypes = ['c7i.24xlarge', 'g4dn.xlarge', 'trn1.2xlarge', 'm5d.large', 't3.micro'] as const;
    const { InstanceTypes: types = [] } = await ec2.send(
      new DescribeInstanceTypesCommand({ InstanceTypes: [...InstanceTypes] }),
    );
    const by = Object.fromEntries(types.map((type) => [type.InstanceType, type]));
    expect(by['c7i.24xlarge']).toMatchObject({
      VCpuInfo: { DefaultVCpus: 96 },
      InstanceStorageSupported: false,
    });
    expect(by['g4dn.xlarge']).toMatchObject({ GpuInfo: { Gpus: [{ Name: 'T4', Count: 1 }] } });
    expect(by['trn1.2xlarge']?.NeuronInfo?.NeuronDevices).toHaveLength(1);
    expect(by['m5d.large']).toMatchObject({ InstanceStorageSupported: true });
    expect(by['t3.micro']).toMatchObject({
      BurstablePerformanceSupported: true,
      MemoryInfo: { SizeInMiB: 1024 },
    });
    const odd = ec2.send(new DescribeInstanceTypesCommand({ InstanceTypes: ['t9.huge' as 't3.micro'] }));
    expect(await refusal(odd)).toMatchObject({ name: 'InvalidInstanceType' });
  });

  it('B1.14 monitoring is switched', async () => {
    const { ec2, only, running } = openMachines();
    const InstanceIds = await running();
    const answer = await ec2.send(new MonitorInstancesCommand({ InstanceIds }));
    expect(answer.InstanceMonitorings).toMatchObject([{ Monitoring: { State: 'pending' } }]);
    expect((await only(InstanceIds[0] ?? '')).Monitoring).toEqual({ State: 'enabled' });
    await ec2.send(new UnmonitorInstancesCommand({ InstanceIds }));
    expect((await only(InstanceIds[0] ?? '')).Monitoring).toEqual({ State: 'disabled' });
  });

  it('a type changes only while stopped; the source check at any time', async () => {
    const { ec2, only, pass, running } = openMachines();
    const [InstanceId = ''] = await running();
    const resize = () =>
      ec2.send(new ModifyInstanceAttributeCommand({ InstanceId, InstanceType: { Value: 'm5.large' } }));
    expect(await refusal(resize())).toMatchObject({ name: 'IncorrectInstanceState' });
    await ec2.send(new ModifyInstanceAttributeCommand({ InstanceId, SourceDestCheck: { Value: false } }));
    await ec2.send(new StopInstancesCommand({ InstanceIds: [InstanceId] }));
    await pass(MINUTE);
    await resize();
    expect(await only(InstanceId)).toMatchObject({ InstanceType: 'm5.large', SourceDestCheck: false });
    const unlimited = await ec2.send(new DescribeInstanceCreditSpecificationsCommand({}));
    expect(unlimited.InstanceCreditSpecifications).toEqual([]);
  });
});

describe('seeds', () => {
  it('thousands of instances are listed by the thousand', async () => {
    const { ec2, place } = openMachines();
    const ids = seedInstances(place, 2_500, { tags: (index) => [{ Key: 'Name', Value: `host-${index}` }] });
    const seen = new Set<string | undefined>();
    let NextToken: string | undefined;
    let pages = 0;
    do {
      const page = await ec2.send(new DescribeInstancesCommand({ MaxResults: 1000, NextToken }));
      for (const { Instances = [] } of page.Reservations ?? [])
        for (const one of Instances) seen.add(one.InstanceId);
      NextToken = page.NextToken;
      pages += 1;
    } while (NextToken);
    expect(pages).toBe(3);
    expect(seen).toEqual(new Set(ids));
    const over = ec2.send(new DescribeInstancesCommand({ MaxResults: 1001 }));
    expect(await refusal(over)).toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('B1.21 B1.35 B1.41 put in sight what no user can make', async () => {
    const { ec2, place, only } = openMachines();
    const outpostArn = 'arn:aws:outposts:eu-west-1:111122223333:outpost/op-0123456789abcdef0';
    const [id = ''] = seedInstances(place, 1, {
      imageId: 'ami-0e0e0e0e0e0e0e0e0',
      more: { outpostArn, requesterId: '940372691376' },
    });
    tagInstance(place, id, [{ Key: 'aws:autoscaling:groupName', Value: 'web' }]);
    expect(await only(id)).toMatchObject({
      OutpostArn: outpostArn,
      ProductCodes: [{ ProductCodeType: 'marketplace' }],
      Tags: [{ Key: 'aws:autoscaling:groupName', Value: 'web' }],
    });
    const shown = await ec2.send(new DescribeInstancesCommand({}));
    expect(shown.Reservations).toMatchObject([{ RequesterId: '940372691376' }]);
  });
});
