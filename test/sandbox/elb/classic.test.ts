import { StopInstancesCommand } from '@aws-sdk/client-ec2';
import {
  AddTagsCommand,
  CreateLoadBalancerCommand,
  DeleteLoadBalancerCommand,
  DeregisterInstancesFromLoadBalancerCommand,
  DescribeInstanceHealthCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  ElasticLoadBalancingClient,
  RegisterInstancesWithLoadBalancerCommand,
} from '@aws-sdk/client-elastic-load-balancing';
import { expect, it } from 'vitest';
import { seedInstanceHealth } from '../../../sandbox/services/elb/instances.ts';
import { refusal } from '../ec2/client.ts';
import { MINUTE, openMachines } from '../ec2/machines.ts';

const LoadBalancerName = 'old-shop';
const Listeners = [{ Protocol: 'HTTP', LoadBalancerPort: 80, InstancePort: 8080 }];

function open() {
  const machines = openMachines();
  const elb = new ElasticLoadBalancingClient({ ...machines.sandbox.clientConfig(), maxAttempts: 1 });
  const create = (AvailabilityZones = ['eu-west-1a']) =>
    elb.send(new CreateLoadBalancerCommand({ LoadBalancerName, Listeners, AvailabilityZones }));
  const register = (...ids: string[]) => {
    const Instances = ids.map((InstanceId) => ({ InstanceId }));
    return elb.send(new RegisterInstancesWithLoadBalancerCommand({ LoadBalancerName, Instances }));
  };
  const health = async () => {
    const shown = await elb.send(new DescribeInstanceHealthCommand({ LoadBalancerName }));
    return Object.fromEntries((shown.InstanceStates ?? []).map((one) => [one.InstanceId, one.State]));
  };
  return { ...machines, elb, create, register, health };
}

it('B1.39 a Classic Load Balancer has instances, in service or out of it', async () => {
  const { ec2, elb, place, create, register, health, running, pass } = open();
  await create();
  const [one = '', two = '', three = ''] = await running({}, 3);
  await register(one, two, three);
  const shown = await elb.send(new DescribeLoadBalancersCommand({}));
  expect(shown.LoadBalancerDescriptions).toMatchObject([
    { LoadBalancerName, Instances: [{ InstanceId: one }, { InstanceId: two }, { InstanceId: three }] },
  ]);
  expect(await health()).toEqual({ [one]: 'InService', [two]: 'InService', [three]: 'InService' });
  await ec2.send(new StopInstancesCommand({ InstanceIds: [two] }));
  await pass(MINUTE);
  seedInstanceHealth(place, LoadBalancerName, three, false);
  expect(await health()).toEqual({ [one]: 'InService', [two]: 'OutOfService', [three]: 'OutOfService' });
  const Instances = [{ InstanceId: two }, { InstanceId: three }];
  await elb.send(new DeregisterInstancesFromLoadBalancerCommand({ LoadBalancerName, Instances }));
  expect(await health()).toEqual({ [one]: 'InService' });
});

it('refuses what is not there or there already', async () => {
  const { elb, create, register, health } = open();
  expect(await refusal(health())).toMatchObject({ name: 'AccessPointNotFoundException' });
  expect(await refusal(create(['eu-west-1']))).toMatchObject({ name: 'ValidationError' });
  await create();
  expect(await refusal(create())).toMatchObject({ name: 'DuplicateAccessPointNameException' });
  expect(await refusal(register('i-0123456789abcdef0'))).toMatchObject({ name: 'InvalidEndPointException' });
  await elb.send(new DeleteLoadBalancerCommand({ LoadBalancerName }));
  await elb.send(new DeleteLoadBalancerCommand({ LoadBalancerName }));
  expect(await refusal(register())).toMatchObject({ name: 'AccessPointNotFoundException' });
});

it('carries tags', async () => {
  const { elb, create } = open();
  await create();
  const LoadBalancerNames = [LoadBalancerName];
  await elb.send(new AddTagsCommand({ LoadBalancerNames, Tags: [{ Key: 'team', Value: 'shop' }] }));
  const shown = await elb.send(new DescribeTagsCommand({ LoadBalancerNames }));
  expect(shown.TagDescriptions).toMatchObject([{ LoadBalancerName, Tags: [{ Key: 'team', Value: 'shop' }] }]);
});
