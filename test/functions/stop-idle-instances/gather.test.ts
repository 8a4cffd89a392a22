import { DescribeSubnetsCommand } from '@aws-sdk/client-ec2';
import {
  CreateLoadBalancerCommand,
  ElasticLoadBalancingClient,
  RegisterInstancesWithLoadBalancerCommand,
} from '@aws-sdk/client-elastic-load-balancing';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand as CreateLoadBalancerV2Command,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { SSMClient, StartSessionCommand, TerminateSessionCommand } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { windowOf } from '../../../functions/stop-idle-instances/metrics.ts';
import { seedAutoScalingGroup } from '../../../sandbox/services/autoscaling/seed.ts';
import { seedTrailEvent } from '../../../sandbox/services/cloudtrail/history.ts';
import { disturbMetrics } from '../../../sandbox/services/cloudwatch/disturb.ts';
import { seedMetrics } from '../../../sandbox/services/cloudwatch/series.ts';
import { QUIET } from '../../../sandbox/services/ec2/instances/measures.ts';
import { seedReservedInstances } from '../../../sandbox/services/ec2/instances/reserved.ts';
import { tagInstance } from '../../../sandbox/services/ec2/instances/seed.ts';
import { seedTargetHealth } from '../../../sandbox/services/elbv2/targets.ts';
import { seedAgent, seedSession } from '../../../sandbox/services/ssm/sessions-state.ts';
import { queriesPerCall } from '../../../shared/aws/cloudwatch/metric-data.ts';
import { set } from './builders.ts';
import { Lab, ref } from './lab.ts';

interface Serving {
  readonly name: string;
  readonly type: 'instance' | 'ip';
  readonly target: string;
  readonly state: 'healthy' | 'unhealthy' | 'initial';
}

/** Puts a target behind a load balancer in the network of an instance. */
async function serve(lab: Lab, instanceId: string, { name, type, target, state }: Serving): Promise<void> {
  const elb = new ElasticLoadBalancingV2Client(lab.sandbox.clientConfig({ user: 'ana' }));
  const { VpcId = '' } = (await lab.described(instanceId)) ?? {};
  const { Subnets = [] } = await lab.ec2.send(new DescribeSubnetsCommand({}));
  const { LoadBalancers = [] } = await elb.send(
    new CreateLoadBalancerV2Command({
      Name: name,
      Subnets: Subnets.flatMap(({ SubnetId }) => SubnetId ?? []),
    }),
  );
  const { TargetGroups = [] } = await elb.send(
    new CreateTargetGroupCommand({ Name: name, Protocol: 'HTTP', Port: 80, VpcId, TargetType: type }),
  );
  const TargetGroupArn = TargetGroups[0]?.TargetGroupArn ?? '';
  await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: LoadBalancers[0]?.LoadBalancerArn,
      Protocol: 'HTTP',
      Port: 80,
      DefaultActions: [{ Type: 'forward', TargetGroupArn }],
    }),
  );
  await elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: target }] }));
  seedTargetHealth(lab.inside, TargetGroupArn, target, { state });
}

describe('surroundings', () => {
  it('B1.18 a GPU by its type', async () => {
    const lab = new Lab();
    expect(await lab.fate(lab.machine({ instanceType: 'g4dn.xlarge' }))).toBe('told idle-accelerator');
  });

  describe('B1.18 GPUs by the CloudWatch agent', () => {
    const TAGS = [{ Key: 'reeve:disks-disposable', Value: 'true' }];
    /** A machine with one T4, and what the agent on it tells. */
    const graphical = (lab: Lab, told: readonly (readonly [dimensions: object, series: number])[]) => {
      const id = lab.machine({ instanceType: 'g4dn.xlarge', tags: TAGS });
      for (const [dimensions, series] of told) {
        seedMetrics(lab.inside, {
          namespace: 'CWAgent',
          metric: 'nvidia_smi_utilization_gpu',
          dimensions: {
            name: 'Tesla T4',
            arch: 'Turing',
            host: 'ip-10-0-0-1',
            ...dimensions,
            InstanceId: id,
          },
          series,
          from: new Date(lab.now().getTime() - 16 * 86_400_000),
          period: 60,
        });
      }
      return id;
    };

    it.each([
      { when: 'quiet', told: [[{ index: '0' }, 0]] as const, fate: 'stop' },
      { when: 'busy', told: [[{ index: '0' }, 70]] as const, fate: 'compliant busy' },
      { when: 'only as a sum', told: [[{}, 0]] as const, fate: 'told idle-accelerator' },
      {
        when: 'by two agents',
        told: [[{ index: '0' }, 0] as const, [{ index: '0', arch: 'other' }, 0] as const],
        fate: 'unknown insufficient-data',
      },
    ])('$when: $fate', async ({ told, fate }) => {
      const lab = new Lab();
      expect(await lab.fate(graphical(lab, told))).toBe(fate);
    });

    it('that belong to other machines say nothing', async () => {
      const lab = new Lab();
      graphical(lab, [[{ index: '0' }, 0]]);
      expect(await lab.fate(graphical(lab, []))).toBe('told idle-accelerator');
    });

    it('are told of, not acted on, when they cannot be listed', async () => {
      const lab = new Lab();
      const id = graphical(lab, [[{ index: '0' }, 0]]);
      lab.sandbox.world.faults.add({ operation: 'ListMetrics', kind: 'denied' });
      expect(await lab.fate(id)).toBe('told idle-accelerator');
    });

    it('are listed only where there is a GPU that may be idle', async () => {
      const lab = new Lab();
      await lab.fate(lab.machine());
      await lab.fate(lab.machine({ instanceType: 'g4dn.xlarge' }, { CPUUtilization: 70 }));
      expect(lab.calls()).not.toContain('ListMetrics');
    });
  });

  describe('B1.55 DNS records', () => {
    const zone = async (
      lab: Lab,
      records: readonly (readonly [name: string, type: 'A' | 'CNAME', value: string])[],
    ) => {
      const route53 = new Route53Client(lab.sandbox.clientConfig({ user: 'ana' }));
      const { HostedZone } = await route53.send(
        new CreateHostedZoneCommand({ Name: 'example.com', CallerReference: 'r' }),
      );
      const Changes = records.map(([name, Type, Value]) => ({
        Action: 'CREATE' as const,
        ResourceRecordSet: { Name: `${name}.example.com`, Type, TTL: 60, ResourceRecords: [{ Value }] },
      }));
      await route53.send(
        new ChangeResourceRecordSetsCommand({ HostedZoneId: HostedZone?.Id, ChangeBatch: { Changes } }),
      );
    };
    const named = async (lab: Lab) => {
      const id = lab.machine({ publicIp: true });
      return { id, ip: (await lab.described(id))?.PublicIpAddress ?? '' };
    };

    it('by address and by public name, among hundreds of others', async () => {
      const lab = new Lab();
      lab.settings = { dnsRecords: true };
      const [one, two, three] = [await named(lab), await named(lab), await named(lab)];
      const others = Array.from({ length: 301 }, (_, index) => [`n${index}`, 'A', '198.51.100.1'] as const);
      const publicName = `EC2-${two.ip.replaceAll('.', '-')}.eu-west-1.compute.amazonaws.com`;
      await zone(lab, [...others, ['www', 'A', one.ip], ['build', 'CNAME', publicName]]);

      expect((await lab.verdict(one.id)).reason).toContain(`www.example.com leads to its address ${one.ip}`);
      expect((await lab.verdict(two.id)).reason).toContain('build.example.com leads to its address');
      expect(await lab.fate(three.id)).toBe('stop');
    });

    it('that cannot be read leave an idle machine unknown', async () => {
      const lab = new Lab();
      lab.settings = { dnsRecords: true };
      const { id, ip } = await named(lab);
      await zone(lab, [['www', 'A', ip]]);
      lab.sandbox.world.faults.add({ operation: 'ListResourceRecordSets', kind: 'denied' });
      expect(await lab.fate(id)).toBe('unknown dns-record');
    });

    it('are not read unless somebody asks for it', async () => {
      const lab = new Lab();
      const { id } = await named(lab);
      expect(await lab.fate(id)).toBe('stop');
      expect(lab.calls()).not.toContain('ListHostedZones');
    });
  });

  describe('B1.38 Reserved Instances', () => {
    const savingOf = async (lab: Lab) => {
      const verdict = await lab.verdict(lab.machine());
      return 'monthlySaving' in verdict ? verdict.monthlySaving : verdict.reason;
    };

    it('of the same family make the saving unknown until they end', async () => {
      const lab = new Lab();
      const year = 365 * 86_400_000;
      seedReservedInstances(lab.inside, {
        instanceType: 'm5.4xlarge',
        start: new Date(lab.now().getTime() - year + 1),
      });
      expect(await savingOf(lab)).toBe('unknown');
      await lab.sandbox.world.clock.advance(1);
      expect(await savingOf(lab)).toBeCloseTo(78.11);
    });

    it('that cannot be read make it unknown too, and forbid nothing', async () => {
      const lab = new Lab();
      lab.sandbox.world.faults.add({ operation: 'DescribeReservedInstances', kind: 'denied' });
      expect(await savingOf(lab)).toBe('unknown');
      expect(await lab.fate(lab.machine())).toBe('stop');
    });
  });

  it('B1.25 disks of its own by its type, though no mapping shows them', async () => {
    const lab = new Lab();
    expect(await lab.fate(lab.machine({ instanceType: 'm5d.large' }))).toBe('told idle-instance-store-data');
  });

  it('B1.13 vCPUs by its type', async () => {
    const lab = new Lab();
    const id = lab.machine({ instanceType: 'm5.24xlarge' }, { CPUUtilization: 1.04 });
    expect(await lab.fate(id)).toBe('compliant busy');
  });

  it('B1.11 credits of burstable types', async () => {
    const lab = new Lab();
    const measures = { CPUCreditBalance: 0.5, CPUSurplusCreditsCharged: 0 };
    expect(await lab.fate(lab.machine({ instanceType: 't3.nano' }, measures))).toBe('compliant busy');
    const rich = { ...measures, CPUCreditBalance: 144 };
    expect(await lab.fate(lab.machine({ instanceType: 't3.nano' }, rich))).toBe('stop');
  });

  it.each([
    ['InService', 'compliant auto-scaling'],
    ['Standby', 'compliant auto-scaling'],
  ] as const)('B1.21 a member of a group by the group’s own list, %s', async (lifecycle, becomes) => {
    const lab = new Lab();
    const id = lab.machine();
    seedAutoScalingGroup(lab.inside, 'web', [id], lifecycle);
    expect(await lab.fate(id)).toBe(becomes);
  });

  it('B1.21 B1.23 tags that only AWS can write', async () => {
    const lab = new Lab();
    const id = lab.machine();
    tagInstance(lab.inside, id, [{ Key: 'aws:ec2:fleet-id', Value: 'fleet-1' }]);
    lab.sandbox.world.forgetCalls();
    expect(await lab.fate(id)).toBe('compliant fleet');
    expect(lab.calls()).toEqual(['DescribeInstances']);
  });

  it.each([
    ['one-time', 'terminate', 'told idle-spot-one-time'],
    ['persistent', 'stop', 'stop'],
  ] as const)('B1.22 a Spot request that is %s', async (type, interruption, becomes) => {
    const lab = new Lab();
    expect(await lab.fate(lab.machine({ spot: { type, interruption } }))).toBe(becomes);
  });

  it('B1.32 an operator, and B1.35 a requester', async () => {
    const lab = new Lab();
    expect(await lab.fate(lab.machine({ more: { operator: 'eks.amazonaws.com' } }))).toBe(
      'compliant operator-managed',
    );
    expect(await lab.fate(lab.machine({ more: { requesterId: '043234062703' } }))).toBe(
      'compliant requester-managed',
    );
  });

  it('B1.39 a target by its instance id or its address, while it is in service', async () => {
    const lab = new Lab();
    const [byId = '', byAddress = '', other = ''] = lab.machines(3);
    const address = (await lab.described(byAddress))?.PrivateIpAddress ?? '';
    await serve(lab, byId, { name: 'by-id', type: 'instance', target: byId, state: 'healthy' });
    await serve(lab, byId, { name: 'by-address', type: 'ip', target: address, state: 'initial' });

    expect(await lab.fate(byId)).toBe('compliant in-service');
    expect((await lab.verdict(byAddress)).reason).toBe(
      'It is in service behind the target group by-address.',
    );
    expect(await lab.fate(other)).toBe('stop');
  });

  it('B1.39 an unhealthy target serves nobody', async () => {
    const lab = new Lab();
    const id = lab.machine();
    await serve(lab, id, { name: 'web', type: 'instance', target: id, state: 'unhealthy' });

    expect(await lab.fate(id)).toBe('stop');
  });

  it('B1.39 a Classic Load Balancer', async () => {
    const lab = new Lab();
    const id = lab.machine();
    const elb = new ElasticLoadBalancingClient(lab.sandbox.clientConfig({ user: 'ana' }));
    const { SubnetId = '' } = (await lab.described(id)) ?? {};
    await elb.send(
      new CreateLoadBalancerCommand({
        LoadBalancerName: 'old',
        Listeners: [{ Protocol: 'HTTP', LoadBalancerPort: 80, InstanceProtocol: 'HTTP', InstancePort: 80 }],
        Subnets: [SubnetId],
      }),
    );
    await elb.send(
      new RegisterInstancesWithLoadBalancerCommand({
        LoadBalancerName: 'old',
        Instances: [{ InstanceId: id }],
      }),
    );

    expect((await lab.verdict(id)).reason).toBe('It is in service behind the load balancer old.');
  });

  it('B1.42 B1.43 Session Manager, now and in the window', async () => {
    const lab = new Lab();
    const [now = '', then = '', never = ''] = lab.machines(3);
    const owner = 'arn:aws:sts::111122223333:assumed-role/dev/ana';
    const start = new Date('2026-10-30T09:00:00Z');
    seedSession(lab.inside, { target: now, owner, start: lab.now() });
    seedSession(lab.inside, { target: then, owner, start, end: new Date(start.getTime() + 60_000) });

    expect((await lab.verdict(now)).reason).toBe(
      'Somebody works there: ana is connected by Session Manager.',
    );
    expect((await lab.verdict(then)).reason).toMatch(/ana by Session Manager on 2026-10-30/);
    expect(await lab.fate(never)).toBe('stop');
  });

  it('B1.44 B1.45 CloudTrail where it is configured: one search a name, and none an instance', async () => {
    const lab = new Lab();
    lab.settings = { logins: { cloudTrail: true } };
    const [target = '', pushed = '', other = ''] = lab.machines(3);
    seedAgent(lab.inside, target);
    const ssm = new SSMClient(lab.sandbox.clientConfig({ user: 'ana' }));
    const { SessionId } = await ssm.send(new StartSessionCommand({ Target: target }));
    await ssm.send(new TerminateSessionCommand({ SessionId }));
    seedTrailEvent(lab.inside, {
      eventName: 'SendSSHPublicKey',
      eventSource: 'ec2-instance-connect.amazonaws.com',
      userIdentity: { type: 'IAMUser', userName: 'ben' },
      requestParameters: { instanceId: pushed, instanceOSUser: 'ec2-user' },
    });

    // Session Manager remembers it too; its own word is the last one.
    expect((await lab.verdict(target)).reason).toMatch(/ana by Session Manager/);
    expect((await lab.verdict(pushed)).reason).toMatch(/ben by SendSSHPublicKey/);
    lab.sandbox.world.forgetCalls();
    const facts = await lab.facts(target, pushed, other);
    expect(facts.get(other)?.login).toEqual({ value: undefined });
    expect(lab.calls().filter((name) => name === 'LookupEvents')).toHaveLength(4);
    expect(await lab.fate(other)).toBe('stop');

    lab.settings = { logins: { cloudTrail: true, sessions: false } };
    expect((await lab.verdict(target)).reason).toMatch(/ana by StartSession/);
  });

  it('B1.9 since its oldest attachment', async () => {
    const lab = new Lab();
    const launchTime = new Date(lab.now().getTime() - 86_400_000);
    const { resources } = await lab.found(ref(lab.machine({ launchTime })));
    expect(resources[0]?.since?.getTime()).toBeLessThanOrEqual(launchTime.getTime());
  });
});

describe('metrics', () => {
  it.each(['PartialData', 'InternalError', 'Forbidden'] as const)(
    'B1.8 a status of %s is unknown for that instance alone',
    async (status) => {
      const lab = new Lab();
      const [odd = '', plain = ''] = lab.machines(2);
      disturbMetrics(lab.sandbox.world, ({ name, dimensions }) =>
        name === 'NetworkIn' && dimensions.InstanceId === odd ? status : undefined,
      );

      expect(await lab.fate(odd)).toBe('unknown insufficient-data');
      expect(await lab.fate(plain)).toBe('stop');
    },
  );

  it('B1.7 a machine that was off for two days has too few datapoints', async () => {
    const lab = new Lab();
    const cut = lab.now().getTime() - 12 * 86_400_000;
    const since = (value: number) => (at: number) => (at < cut ? undefined : value);
    const id = lab.machine(
      {},
      Object.fromEntries(Object.entries(QUIET).map(([name, one]) => [name, since(one)])),
    );

    const verdict = await lab.verdict(id);

    expect(verdict).toMatchObject({ verdict: 'unknown', reasonCode: 'insufficient-data' });
    expect(verdict.reason).toMatch(/has 288 of 336 datapoints/);
  });

  it.each([
    ['works since the last full hour', 95, 'compliant busy'],
    ['goes on being quiet', 1, 'stop'],
  ])('B1.46 what %s', async (_what, cpu, fate) => {
    const lab = new Lab({ now: new Date('2026-11-02T12:50:00Z') });
    const noon = Date.parse('2026-11-02T12:00:00Z');
    const id = lab.machine({}, { CPUUtilization: (at) => (at < noon ? 1 : cpu) });

    expect(await lab.fate(id)).toBe(fate);
  });

  it('B1.14 detailed monitoring changes nothing: sums and hours are the same', async () => {
    const lab = new Lab();
    const fifth = Object.fromEntries(Object.entries(QUIET).map(([name, one]) => [name, one / 5]));
    const id = lab.machine({ more: { monitoring: true } }, { ...fifth, CPUUtilization: 1 }, 60);
    expect(await lab.fate(id)).toBe('stop');
  });

  it('B1.17 older types have no EBS metrics', async () => {
    const lab = new Lab();
    const id = lab.machine(
      { instanceType: 't2.medium' },
      {
        EBSReadBytes: undefined,
        EBSWriteBytes: undefined,
        CPUCreditBalance: 500,
        CPUSurplusCreditsCharged: 0,
      },
    );
    expect(await lab.fate(id)).toBe('stop');
  });

  it.each([
    [14, 299],
    [1, 348],
    [90, 46],
  ])('a window of %i days takes %i queries a call, within the 100,800 datapoints', (windowDays, queries) => {
    const window = windowOf(set({ windowDays }), new Date('2026-11-02T12:00:00Z'));
    expect(queriesPerCall(window)).toBe(queries);
  });

  it('a point a day leaves room for all 500 queries', () => {
    const window = windowOf(set(), new Date('2026-11-02T12:00:00Z'));
    expect(queriesPerCall({ ...window, periodSeconds: 86_400 })).toBe(500);
  });
});
