import { describe, expect, it } from 'vitest';
import { judge } from '../../../functions/stop-idle-instances/judge.ts';
import { DAY_SECONDS, fineMetrics, PEAK, windowOf } from '../../../functions/stop-idle-instances/metrics.ts';
import { readSaved, saved } from '../../../functions/stop-idle-instances/saved.ts';
import { set } from './builders.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const nowhere = { partition: 'aws', account: 'unknown', region: 'unknown' };
const id = 'i-0a1b2c3d4e5f60718';

/** `describe-instances`, as the AWS CLI writes it, nulls and all. */
const instances = {
  Reservations: [
    {
      OwnerId: '111122223333',
      RequesterId: null,
      Instances: [
        {
          InstanceId: id,
          InstanceType: 'm5.large',
          State: { Code: 16, Name: 'running' },
          LaunchTime: '2026-09-01T08:00:00+00:00',
          Placement: { AvailabilityZone: 'eu-west-1a', Tenancy: 'default' },
          RootDeviceType: 'ebs',
          VpcId: 'vpc-1',
          PrivateIpAddress: '10.0.0.9',
          PlatformDetails: 'Linux/UNIX',
          Tags: [{ Key: 'Name', Value: 'build' }],
        },
      ],
    },
  ],
};

/** The input and the answer of `get-metric-data` over an idle machine. */
function metrics(cpu = 1) {
  const window = windowOf(set(), NOW);
  const asked = [PEAK, ...fineMetrics({ instanceType: 'm5.large' })];
  const periodOf = (index: number) => (index === 0 ? DAY_SECONDS : window.periodSeconds);
  return {
    StartTime: new Date(window.from).toISOString(),
    EndTime: new Date(window.to).toISOString(),
    MetricDataQueries: asked.map(({ name, statistic }, index) => ({
      Id: `m${index}`,
      MetricStat: {
        Metric: {
          Namespace: 'AWS/EC2',
          MetricName: name,
          Dimensions: [{ Name: 'InstanceId', Value: id }],
        },
        Period: periodOf(index),
        Stat: statistic,
      },
    })),
    MetricDataResults: asked.map(({ name }, index) => {
      const count = (window.to - window.from) / 1000 / periodOf(index);
      const at = (step: number) => new Date(window.from + step * periodOf(index) * 1000).toISOString();
      return {
        Id: `m${index}`,
        Label: name,
        Timestamps: Array.from({ length: count }, (_, step) => at(step)),
        Values: Array.from({ length: count }, () => (name === 'CPUUtilization' ? cpu : 0)),
        StatusCode: 'Complete',
      };
    }),
  };
}

const around = {
  InstanceTypes: [
    { InstanceType: 'm5.large', VCpuInfo: { DefaultVCpus: 2 }, InstanceStorageSupported: false },
  ],
  InstanceStatuses: [],
  AutoScalingGroups: [],
  TargetHealthDescriptions: [],
  LoadBalancerDescriptions: [],
  Sessions: [],
};

function fate(answer: object, settings: object = {}): string {
  const [one] = readSaved(saved.parse(answer), nowhere);
  if (one === undefined) throw new Error('nothing was read');
  const verdict = judge(one.resource, one.facts, set(settings), NOW);
  return `${verdict.verdict} ${verdict.reasonCode}`;
}

describe('saved answers of the AWS CLI', () => {
  it('with all that is needed are judged as a sweep would judge', () => {
    expect(fate({ ...instances, ...metrics(), ...around })).toBe('violation idle');
    expect(fate({ ...instances, ...metrics(30), ...around })).toBe('compliant busy');
    const [one] = readSaved(saved.parse(instances), nowhere);
    expect(one).toMatchObject({
      place: { account: '111122223333', region: 'eu-west-1' },
      resource: { name: 'build', arn: `arn:aws:ec2:eu-west-1:111122223333:instance/${id}` },
    });
  });

  it('without metrics say nothing about idleness', () => {
    expect(fate({ ...instances, ...around })).toBe('unknown metrics-unread');
  });

  it.each(Object.keys(around).filter((key) => key !== 'InstanceTypes'))('without %s leave it open', (key) => {
    expect(fate({ ...instances, ...metrics(), ...around, [key]: undefined })).toMatch(/^unknown/);
  });

  it('without types leave busy vCPUs open', () => {
    expect(fate({ ...instances, ...metrics(), ...around, InstanceTypes: undefined })).toBe(
      'unknown insufficient-data',
    );
  });

  it.each([
    [
      { AutoScalingGroups: [{ AutoScalingGroupName: 'web', Instances: [{ InstanceId: id }] }] },
      'compliant auto-scaling',
    ],
    [
      { TargetHealthDescriptions: [{ Target: { Id: '10.0.0.9' }, TargetHealth: { State: 'healthy' } }] },
      'compliant in-service',
    ],
    [
      { LoadBalancerDescriptions: [{ LoadBalancerName: 'old', Instances: [{ InstanceId: id }] }] },
      'compliant in-service',
    ],
    [
      { Sessions: [{ Target: id, Owner: 'arn:aws:iam::1:user/ana', Status: 'Connected' }] },
      'compliant login',
    ],
    [
      {
        InstanceStatuses: [
          { InstanceId: id, Events: [{ Code: 'instance-stop', NotBefore: '2026-12-01T00:00:00Z' }] },
        ],
      },
      'violation idle-scheduled-event',
    ],
  ])('%j', (more, becomes) => {
    expect(fate({ ...instances, ...metrics(), ...around, ...more })).toBe(becomes);
  });

  it('B1.8 answered in part are unknown', () => {
    const { MetricDataResults: results, ...asked } = metrics();
    const partial = results.map((one, index) => (index === 3 ? { ...one, StatusCode: 'PartialData' } : one));
    expect(fate({ ...instances, ...asked, MetricDataResults: partial, ...around })).toBe(
      'unknown insufficient-data',
    );
  });

  it('over less than the window prove nothing about the window', () => {
    expect(fate({ ...instances, ...metrics(), ...around }, { windowDays: 15 })).toBe('unknown window-short');
  });

  it.each([
    [{}],
    [{ Reservations: [{ Instances: [{ InstanceId: id }] }] }],
    [{ ...instances, StartTime: 'yesterday' }],
    [{ ...instances, MetricDataResults: [{ Id: 'm0', Timestamps: [], Values: ['1'] }] }],
  ])('of another form are refused: %j', (answer) => {
    expect(saved.safeParse(answer).success).toBe(false);
  });
});
