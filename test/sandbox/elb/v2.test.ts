import { AutoScalingClient, CreateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateCommand,
  DescribeSubnetsCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  AddTagsCommand,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  type CreateLoadBalancerInput,
  CreateTargetGroupCommand,
  type CreateTargetGroupInput,
  DeleteLoadBalancerCommand,
  DeregisterTargetsCommand,
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyLoadBalancerAttributesCommand,
  RegisterTargetsCommand,
  RemoveTagsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, it } from 'vitest';
import { seedTargetHealth } from '../../../sandbox/services/elbv2/targets.ts';
import { refusal } from '../ec2/client.ts';
import { MINUTE, openMachines } from '../ec2/machines.ts';

/** An account with a load balancer `shop` in two zones of the default VPC, and shorthands. */
async function open() {
  const machines = openMachines();
  const elb = new ElasticLoadBalancingV2Client({ ...machines.sandbox.clientConfig(), maxAttempts: 1 });
  const { Subnets: known = [] } = await machines.ec2.send(new DescribeSubnetsCommand({}));
  const Subnets = known.slice(0, 2).map((one) => one.SubnetId ?? '');
  const VpcId = known[0]?.VpcId;
  const balancer = async (wish: Partial<CreateLoadBalancerInput> = {}) =>
    (await elb.send(new CreateLoadBalancerCommand({ Name: 'shop', Subnets, ...wish }))).LoadBalancers?.[0];
  const group = async (wish: Partial<CreateTargetGroupInput> = {}) => {
    const input = { Name: 'web', Protocol: 'HTTP', Port: 80, VpcId, ...wish } as const;
    return (await elb.send(new CreateTargetGroupCommand(input))).TargetGroups?.[0]?.TargetGroupArn ?? '';
  };
  const listen = (LoadBalancerArn: string | undefined, TargetGroupArn: string, Port = 80) =>
    elb.send(
      new CreateListenerCommand({
        ...{ LoadBalancerArn, Port, Protocol: 'HTTP', DefaultActions: [{ Type: 'forward', TargetGroupArn }] },
      }),
    );
  const register = (TargetGroupArn: string, ...ids: string[]) =>
    elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: ids.map((Id) => ({ Id })) }));
  const health = async (TargetGroupArn: string) => {
    const shown = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
    return Object.fromEntries(
      (shown.TargetHealthDescriptions ?? []).map((one) => [one.Target?.Id, one.TargetHealth?.State]),
    );
  };
  return { ...machines, elb, Subnets, VpcId, balancer, group, listen, register, health };
}

describe('targets', () => {
  it('B1.39 of kind instance are unused, initial, healthy, draining and gone', async () => {
    const { elb, balancer, group, listen, register, health, running, pass } = await open();
    const [id = ''] = await running();
    const TargetGroupArn = await group();
    await register(TargetGroupArn, id);
    expect(await health(TargetGroupArn)).toEqual({ [id]: 'unused' });
    const LoadBalancerArn = (await balancer())?.LoadBalancerArn;
    await listen(LoadBalancerArn, TargetGroupArn);
    expect(await health(TargetGroupArn)).toEqual({ [id]: 'initial' });
    await pass(MINUTE);
    expect(await health(TargetGroupArn)).toEqual({ [id]: 'healthy' });
    const behind = await elb.send(new DescribeTargetGroupsCommand({ LoadBalancerArn }));
    expect(behind.TargetGroups).toMatchObject([
      { TargetGroupArn, LoadBalancerArns: [LoadBalancerArn], TargetType: 'instance' },
    ]);
    await elb.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: id }] }));
    expect(await health(TargetGroupArn)).toEqual({ [id]: 'draining' });
    await pass(5 * MINUTE);
    expect(await health(TargetGroupArn)).toEqual({});
  });

  it('B1.39 that are stopped or fail their checks say so', async () => {
    const { ec2, place, balancer, group, listen, register, health, running, pass } = await open();
    const [one = '', other = ''] = await running({}, 2);
    const arn = await group();
    await register(arn, one, other);
    await listen((await balancer())?.LoadBalancerArn, arn);
    seedTargetHealth(place, arn, one, { state: 'unhealthy', reason: 'Target.FailedHealthChecks' });
    await ec2.send(new StopInstancesCommand({ InstanceIds: [other] }));
    await pass(MINUTE);
    expect(await health(arn)).toEqual({ [one]: 'unhealthy', [other]: 'unused' });
  });

  it('B1.39 of kind ip and lambda are named by address and ARN', async () => {
    const { group, register, health } = await open();
    const byIp = await group({ TargetType: 'ip' });
    await register(byIp, '172.31.0.9');
    expect(Object.keys(await health(byIp))).toEqual(['172.31.0.9']);
    const byFunction = await group({
      Name: 'fn',
      TargetType: 'lambda',
      Protocol: undefined,
      Port: undefined,
      VpcId: undefined,
    });
    const arn = 'arn:aws:lambda:eu-west-1:111122223333:function:shop';
    await register(byFunction, arn);
    expect(Object.keys(await health(byFunction))).toEqual([arn]);
    expect(await refusal(register(byIp, 'shop.example.com'))).toMatchObject({ name: 'ValidationError' });
    expect(await refusal(register(byFunction, `${arn}2`))).toMatchObject({ name: 'TooManyTargetsException' });
  });

  it('are running instances of the VPC', async () => {
    const { ec2, group, register, running } = await open();
    const arn = await group();
    const InstanceIds = await running();
    await ec2.send(new StopInstancesCommand({ InstanceIds }));
    for (const id of [...InstanceIds, 'i-0123456789abcdef0']) {
      expect(await refusal(register(arn, id))).toMatchObject({ name: 'InvalidTargetException' });
    }
    const lost = register(`${arn.slice(0, -1)}x`, ...InstanceIds);
    expect(await refusal(lost)).toMatchObject({ name: 'TargetGroupNotFoundException' });
  });

  it('come from Auto Scaling once they run', async () => {
    const { sandbox, ec2, balancer, group, listen, health, pass } = await open();
    const arn = await group();
    await listen((await balancer())?.LoadBalancerArn, arn);
    const LaunchTemplateData = { ImageId: 'ami-0abcdef1234567890', InstanceType: 't3.micro' } as const;
    await ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: 'web', LaunchTemplateData }));
    const scaling = new AutoScalingClient({ ...sandbox.clientConfig(), maxAttempts: 1 });
    await scaling.send(
      new CreateAutoScalingGroupCommand({
        ...{ AutoScalingGroupName: 'web', MinSize: 2, MaxSize: 2, AvailabilityZones: ['eu-west-1a'] },
        ...{ LaunchTemplate: { LaunchTemplateName: 'web' }, TargetGroupARNs: [arn] },
      }),
    );
    expect(await health(arn)).toEqual({});
    await pass(2 * MINUTE);
    expect(Object.values(await health(arn))).toEqual(['healthy', 'healthy']);
  });
});

describe('load balancers', () => {
  it('are provisioned, listed by page and name, and deleted with their listeners', async () => {
    const { elb, balancer, group, listen, pass } = await open();
    const one = await balancer();
    expect(one).toMatchObject({
      State: { Code: 'provisioning' },
      Type: 'application',
      Scheme: 'internet-facing',
    });
    const other = await balancer({ Name: 'pipe', Type: 'network', Scheme: 'internal' });
    await pass(5 * MINUTE);
    const first = await elb.send(new DescribeLoadBalancersCommand({ PageSize: 1 }));
    const second = await elb.send(
      new DescribeLoadBalancersCommand({ PageSize: 1, Marker: first.NextMarker }),
    );
    expect([...(first.LoadBalancers ?? []), ...(second.LoadBalancers ?? [])]).toMatchObject([
      { LoadBalancerArn: one?.LoadBalancerArn, State: { Code: 'active' } },
      { LoadBalancerArn: other?.LoadBalancerArn, Type: 'network' },
    ]);
    expect(second.NextMarker).toBeUndefined();
    const arn = await group();
    const listener = (await listen(one?.LoadBalancerArn, arn)).Listeners?.[0];
    expect(await refusal(listen(one?.LoadBalancerArn, arn))).toMatchObject({
      name: 'DuplicateListenerException',
    });
    await elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: one?.LoadBalancerArn }));
    const ListenerArns = [listener?.ListenerArn ?? ''];
    const gone = elb.send(new DescribeListenersCommand({ ListenerArns }));
    expect(await refusal(gone)).toMatchObject({ name: 'ListenerNotFoundException' });
    const lost = elb.send(new DescribeLoadBalancersCommand({ Names: ['shop'] }));
    expect(await refusal(lost)).toMatchObject({ name: 'LoadBalancerNotFoundException' });
  });

  it('say where their access logs go, and may be protected from deletion', async () => {
    const { elb, balancer } = await open();
    const LoadBalancerArn = (await balancer())?.LoadBalancerArn;
    const Attributes = [
      { Key: 'access_logs.s3.enabled', Value: 'true' },
      { Key: 'access_logs.s3.bucket', Value: 'logs' },
      { Key: 'deletion_protection.enabled', Value: 'true' },
    ];
    await elb.send(new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn, Attributes }));
    const shown = await elb.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn }));
    expect(shown.Attributes).toEqual(expect.arrayContaining(Attributes));
    const deleting = elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn }));
    expect(await refusal(deleting)).toMatchObject({ name: 'OperationNotPermittedException' });
    const odd = new ModifyLoadBalancerAttributesCommand({
      LoadBalancerArn,
      Attributes: [{ Key: 'color', Value: 'red' }],
    });
    expect(await refusal(elb.send(odd))).toMatchObject({ name: 'ValidationError' });
  });

  it('carry tags, as target groups do', async () => {
    const { elb, balancer, group } = await open();
    const made = await balancer({ Tags: [{ Key: 'team', Value: 'shop' }] });
    const ResourceArns = [made?.LoadBalancerArn ?? '', await group()];
    await elb.send(new AddTagsCommand({ ResourceArns, Tags: [{ Key: 'env', Value: 'prod' }] }));
    await elb.send(new RemoveTagsCommand({ ResourceArns, TagKeys: ['team'] }));
    const shown = await elb.send(new DescribeTagsCommand({ ResourceArns }));
    expect(shown.TagDescriptions?.map((one) => one.Tags)).toEqual([
      [{ Key: 'env', Value: 'prod' }],
      [{ Key: 'env', Value: 'prod' }],
    ]);
    const reserved = elb.send(new AddTagsCommand({ ResourceArns, Tags: [{ Key: 'aws:x', Value: '' }] }));
    expect(await refusal(reserved)).toMatchObject({ name: 'ValidationError' });
  });

  it.each<{ when: string; wish: (ids: string[]) => Partial<CreateLoadBalancerInput>; code: string }>([
    { when: 'in one zone', wish: (ids) => ({ Subnets: ids.slice(0, 1) }), code: 'ValidationError' },
    {
      when: 'in no subnet',
      wish: () => ({ Subnets: ['subnet-0123456789abcdef0'] }),
      code: 'SubnetNotFoundException',
    },
    { when: 'with a name that is none', wish: () => ({ Name: '-shop-' }), code: 'ValidationError' },
    { when: 'of kind gateway', wish: () => ({ Type: 'gateway' }), code: 'ValidationError' },
    { when: 'with pools', wish: () => ({ CustomerOwnedIpv4Pool: 'x' }), code: 'UnsupportedParameter' },
  ])('are refused $when', async ({ wish, code }) => {
    const { balancer, Subnets } = await open();
    expect(await refusal(balancer(wish(Subnets)))).toMatchObject({ name: code });
  });

  it('have a name of their own', async () => {
    const { balancer, group } = await open();
    await balancer();
    expect(await refusal(balancer())).toMatchObject({ name: 'DuplicateLoadBalancerNameException' });
    await group();
    expect(await refusal(group())).toMatchObject({ name: 'DuplicateTargetGroupNameException' });
  });
});
