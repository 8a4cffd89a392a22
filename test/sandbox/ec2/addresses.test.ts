import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  CreateKeyPairCommand,
  CreateNatGatewayCommand,
  DeleteKeyPairCommand,
  DeleteNatGatewayCommand,
  DeleteNetworkInterfaceCommand,
  DescribeAddressesCommand,
  DescribeKeyPairsCommand,
  DescribeNatGatewaysCommand,
  DescribeSubnetsCommand,
  DisassociateAddressCommand,
  type EC2Client,
  ReleaseAddressCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { refusal } from './client.ts';
import { HOUR, MINUTE, openMachines } from './machines.ts';

async function allocate(ec2: EC2Client) {
  const { AllocationId = '', PublicIp = '' } = await ec2.send(new AllocateAddressCommand({ Domain: 'vpc' }));
  return { AllocationId, PublicIp };
}

async function address(ec2: EC2Client, AllocationId: string) {
  return (await ec2.send(new DescribeAddressesCommand({ AllocationIds: [AllocationId] }))).Addresses?.[0];
}

describe('Elastic IPs', () => {
  it('B1.56 stay with a stopped instance and survive a terminated one', async () => {
    const { ec2, only, pass, running } = openMachines();
    const [InstanceId = ''] = await running();
    const { AllocationId, PublicIp } = await allocate(ec2);
    await ec2.send(new AssociateAddressCommand({ AllocationId, InstanceId }));
    expect((await only(InstanceId)).PublicIpAddress).toBe(PublicIp);
    await ec2.send(new StopInstancesCommand({ InstanceIds: [InstanceId] }));
    await pass(MINUTE);
    expect((await only(InstanceId)).PublicIpAddress).toBe(PublicIp);
    expect(await address(ec2, AllocationId)).toMatchObject({ InstanceId, AssociationId: expect.any(String) });
    await ec2.send(new StartInstancesCommand({ InstanceIds: [InstanceId] }));
    expect((await only(InstanceId)).NetworkInterfaces?.[0]?.Association).toMatchObject({
      PublicIp,
      IpOwnerId: '111122223333',
    });
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
    await pass(MINUTE);
    expect((await address(ec2, AllocationId))?.AssociationId).toBeUndefined();
  });

  it('are moved, taken off and released', async () => {
    const { ec2, only, running } = openMachines();
    const [one = '', other = ''] = await running({}, 2);
    const { AllocationId, PublicIp } = await allocate(ec2);
    await ec2.send(new AssociateAddressCommand({ AllocationId, InstanceId: one }));
    const strict = { AllocationId, InstanceId: other, AllowReassociation: false };
    expect(await refusal(ec2.send(new AssociateAddressCommand(strict)))).toMatchObject({
      name: 'Resource.AlreadyAssociated',
    });
    const { AssociationId } = await ec2.send(
      new AssociateAddressCommand({ AllocationId, InstanceId: other }),
    );
    expect((await only(other)).PublicIpAddress).toBe(PublicIp);
    expect((await only(one)).PublicIpAddress).toMatch(/^3\./);
    const early = ec2.send(new ReleaseAddressCommand({ AllocationId }));
    expect(await refusal(early)).toMatchObject({ name: 'InvalidIPAddress.InUse' });
    await ec2.send(new DisassociateAddressCommand({ AssociationId }));
    await ec2.send(new ReleaseAddressCommand({ AllocationId }));
    expect(await refusal(address(ec2, AllocationId))).toMatchObject({ name: 'InvalidAllocationID.NotFound' });
    const gone = ec2.send(new DisassociateAddressCommand({ AssociationId }));
    expect(await refusal(gone)).toMatchObject({ name: 'InvalidAssociationID.NotFound' });
  });

  it('are five in a region', async () => {
    const { ec2 } = openMachines();
    for (let count = 0; count < 5; count += 1) await allocate(ec2);
    expect(await refusal(allocate(ec2))).toMatchObject({ name: 'AddressLimitExceeded' });
  });
});

describe('NAT gateways', () => {
  it('take an Elastic IP and an interface of their own, and give the address back', async () => {
    const { ec2, pass } = openMachines();
    const SubnetId = (await ec2.send(new DescribeSubnetsCommand({}))).Subnets?.[0]?.SubnetId;
    const { AllocationId, PublicIp } = await allocate(ec2);
    const TagSpecifications = [
      { ResourceType: 'natgateway' as const, Tags: [{ Key: 'team', Value: 'net' }] },
    ];
    const wish = { SubnetId, AllocationId, TagSpecifications };
    const made = (await ec2.send(new CreateNatGatewayCommand(wish))).NatGateway;
    const gateway = async () => (await ec2.send(new DescribeNatGatewaysCommand({}))).NatGateways?.[0];
    expect(await gateway()).toMatchObject({ State: 'pending', Tags: [{ Key: 'team' }] });
    await pass(2 * MINUTE);
    expect(await gateway()).toMatchObject({
      State: 'available',
      NatGatewayAddresses: [{ PublicIp, AllocationId }],
    });
    const { AssociationId, NetworkInterfaceId } = (await address(ec2, AllocationId)) ?? {};
    const taking = ec2.send(new DisassociateAddressCommand({ AssociationId }));
    expect(await refusal(taking)).toMatchObject({ name: 'AuthFailure' });
    const deleting = ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
    expect(await refusal(deleting)).toMatchObject({ name: 'AuthFailure' });
    await ec2.send(new DeleteNatGatewayCommand({ NatGatewayId: made?.NatGatewayId }));
    await pass(MINUTE);
    expect(await gateway()).toMatchObject({ State: 'deleted' });
    expect((await address(ec2, AllocationId))?.AssociationId).toBeUndefined();
    await pass(HOUR);
    expect(await gateway()).toBeUndefined();
  });

  it('need an address of their own, unless private', async () => {
    const { ec2, running } = openMachines();
    const SubnetId = (await ec2.send(new DescribeSubnetsCommand({}))).Subnets?.[0]?.SubnetId;
    const bare = ec2.send(new CreateNatGatewayCommand({ SubnetId }));
    expect(await refusal(bare)).toMatchObject({ name: 'MissingParameter' });
    const [InstanceId] = await running();
    const { AllocationId } = await allocate(ec2);
    await ec2.send(new AssociateAddressCommand({ AllocationId, InstanceId }));
    const taken = ec2.send(new CreateNatGatewayCommand({ SubnetId, AllocationId }));
    expect(await refusal(taken)).toMatchObject({ name: 'Resource.AlreadyAssociated' });
    const hidden = await ec2.send(new CreateNatGatewayCommand({ SubnetId, ConnectivityType: 'private' }));
    expect(hidden.NatGateway).toMatchObject({ ConnectivityType: 'private' });
  });
});

describe('key pairs', () => {
  it('are told once, found by name, used by launches and deleted', async () => {
    const { sandbox, ec2, only, running } = openMachines();
    const records: unknown[] = [];
    sandbox.world.onEvent((event) => records.push(event.detail));
    const made = await ec2.send(new CreateKeyPairCommand({ KeyName: 'ops' }));
    expect(made.KeyMaterial).toMatch(/^-----BEGIN RSA PRIVATE KEY-----/);
    expect(JSON.stringify(records)).not.toContain('PRIVATE KEY');
    const again = ec2.send(new CreateKeyPairCommand({ KeyName: 'ops' }));
    expect(await refusal(again)).toMatchObject({ name: 'InvalidKeyPair.Duplicate' });
    const [id = ''] = await running({ KeyName: 'ops' });
    expect((await only(id)).KeyName).toBe('ops');
    const shown = await ec2.send(new DescribeKeyPairsCommand({ KeyNames: ['ops'] }));
    expect(shown.KeyPairs).toMatchObject([{ KeyName: 'ops', KeyType: 'rsa', KeyPairId: made.KeyPairId }]);
    await ec2.send(new DeleteKeyPairCommand({ KeyName: 'ops' }));
    const gone = ec2.send(new DescribeKeyPairsCommand({ KeyNames: ['ops'] }));
    expect(await refusal(gone)).toMatchObject({ name: 'InvalidKeyPair.NotFound' });
  });
});
