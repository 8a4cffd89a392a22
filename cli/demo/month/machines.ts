import { DescribeInstancesCommand, DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Sandbox } from '../../../sandbox/sandbox.ts';
import { seedAutoScalingGroup } from '../../../sandbox/services/autoscaling/seed.ts';
import { type Measures, QUIET, seedMeasures } from '../../../sandbox/services/ec2/instances/measures.ts';
import { seedInstances } from '../../../sandbox/services/ec2/instances/seed.ts';
import { tagList, WELL_TAGGED } from '../company.ts';

const BUSY: Measures = { ...QUIET, CPUUtilization: 45, NetworkIn: 40_000_000 };

const HOURS = 'mon-fri 07:00-19:00 Europe/Dublin';

/** When the reporting project ends and its machine falls quiet. */
export const PROJECT_ENDS = Date.parse('2026-11-04T18:00:00Z');

interface Machine {
  readonly name: string;
  readonly type: string;
  readonly measures: Measures;
  readonly tags?: Readonly<Record<string, string>>;
  readonly launchTime?: Date;
}

const MACHINES: readonly Machine[] = [
  {
    name: 'dev-1',
    type: 'm5.large',
    measures: BUSY,
    tags: { 'reeve:hours': HOURS },
    launchTime: new Date('2026-11-02T07:00:00Z'),
  },
  { name: 'staging-2', type: 'r6i.large', measures: QUIET },
  {
    name: 'reporting',
    type: 'm5.xlarge',
    measures: { ...QUIET, CPUUtilization: (at) => (at < PROJECT_ENDS ? 45 : 1) },
  },
  {
    name: 'nightly',
    type: 'm5.large',
    measures: { ...QUIET, CPUUtilization: (at) => (isNight(at) ? 95 : 1) },
  },
  { name: 'web-1', type: 'm5.large', measures: QUIET },
  { name: 'api-1', type: 'm5.large', measures: QUIET },
  { name: 'payroll', type: 'm5.large', measures: QUIET, tags: { 'reeve:keep-until': '2026-12-31' } },
];

/** Two in the morning: a batch of twenty minutes, and nothing else all day. */
function isNight(at: number): boolean {
  const ofDay = at % 86_400_000;
  return ofDay >= 120 * 60_000 && ofDay < 140 * 60_000;
}

/** The company's machines, as if they had been there for a long time; the ids by name. */
export async function furnish(sandbox: Sandbox): Promise<ReadonlyMap<string, string>> {
  const ids = new Map(MACHINES.map((machine) => [machine.name, put(sandbox, machine)]));
  seedAutoScalingGroup(placeOf(sandbox), 'web', [ids.get('web-1') ?? '']);
  await serve(sandbox, ids.get('api-1') ?? '');
  // The one that was launched in the afternoon works too.
  for (const [name, id] of await byName(sandbox)) if (name === 'app-1') measure(sandbox, id, BUSY);
  return ids;
}

/** A machine that works from now on. */
export function keepBusy(sandbox: Sandbox, id: string): void {
  measure(sandbox, id, BUSY);
}

/** Ids by the tag Name, read by a plain client. */
export async function byName(sandbox: Sandbox): Promise<ReadonlyMap<string, string>> {
  const ec2 = new EC2Client(sandbox.clientConfig({ user: 'ops' }));
  const { Reservations: reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
  return new Map(
    reservations
      .flatMap(({ Instances: instances = [] }) => instances)
      .map(({ InstanceId = '', Tags = [] }) => [
        Tags.find(({ Key }) => Key === 'Name')?.Value ?? InstanceId,
        InstanceId,
      ]),
  );
}

function placeOf({ world, account, region }: Sandbox) {
  return { world, partition: 'aws', account, region };
}

function put(sandbox: Sandbox, { name, type, measures, tags, launchTime }: Machine): string {
  const [id = ''] = seedInstances(placeOf(sandbox), 1, {
    instanceType: type,
    tags: tagList({ Name: name, ...WELL_TAGGED, ...tags }),
    ...(launchTime && { launchTime }),
  });
  measure(sandbox, id, measures);
  return id;
}

function measure(sandbox: Sandbox, id: string, measures: Measures): void {
  const from = new Date(sandbox.world.clock.now() - 20 * 86_400_000);
  seedMeasures(placeOf(sandbox), id, measures, { from });
}

/** A load balancer sends traffic to this machine, however little. */
async function serve(sandbox: Sandbox, id: string): Promise<void> {
  const config = sandbox.clientConfig({ user: 'ops' });
  const elb = new ElasticLoadBalancingV2Client(config);
  const { Subnets: subnets = [] } = await new EC2Client(config).send(new DescribeSubnetsCommand({}));
  const { LoadBalancers: [balancer] = [] } = await elb.send(
    new CreateLoadBalancerCommand({ Name: 'api', Subnets: subnets.map(({ SubnetId = '' }) => SubnetId) }),
  );
  const { TargetGroups: [group] = [] } = await elb.send(
    new CreateTargetGroupCommand({ Name: 'api', Protocol: 'HTTP', Port: 80, VpcId: subnets[0]?.VpcId }),
  );
  const target = { TargetGroupArn: group?.TargetGroupArn };
  await elb.send(new RegisterTargetsCommand({ ...target, Targets: [{ Id: id }] }));
  await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: balancer?.LoadBalancerArn,
      Protocol: 'HTTP',
      Port: 80,
      DefaultActions: [{ Type: 'forward', ...target }],
    }),
  );
}
