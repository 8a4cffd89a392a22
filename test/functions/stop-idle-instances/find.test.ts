import { readFileSync } from 'node:fs';
import { CloudWatchClient, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import type { ResourceRef } from '../../../shared/engine/signal.ts';
import { Lab, ref } from './lab.ts';

const sample = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../events/${name}.json`, import.meta.url), 'utf8'));

const alarmArn = (name: string) => `arn:aws:cloudwatch:eu-west-1:111122223333:alarm:${name}`;
const alarmRef = (name: string, hint?: object): ResourceRef => ({
  type: 'AWS::CloudWatch::Alarm',
  id: alarmArn(name),
  ...(hint && { hint }),
});

/** A sample event about this instance instead of its own. */
function about(id: string, name: string): unknown {
  return JSON.parse(JSON.stringify(sample(name)).replaceAll('i-0a1b2c3d4e5f60718', id));
}

describe('alarms', () => {
  it.each(['alarm.eventbridge', 'alarm.sns', 'alarm.lambda', 'alarm.eventbridge-contributor'])(
    'B1.61 B1.67 %s is a hint: the instance is measured again, and stopped only if it is idle',
    async (name) => {
      const lab = new Lab();
      const idle = lab.machine();
      const busy = lab.machine({}, { CPUUtilization: 70 });

      for (const id of [idle, busy]) {
        const event: unknown = about(id, name);
        const records = typeof event === 'object' && event !== null && 'Records' in event;
        if (!records) await lab.handle(event);
        else await lab.run(lab.signal([ref(id)], { cause: { kind: 'alarm', name: 'reeve-cpu-low' } }));
      }

      expect(await lab.state(idle)).toBe('stopping');
      expect(await lab.state(busy)).toBe('running');
    },
  );

  it('B1.67 an alarm of somebody else is not listened to', async () => {
    const lab = new Lab();
    const id = lab.machine();
    lab.sandbox.world.forgetCalls();

    const { missing } = await lab.find(lab.signal([ref(id)], { cause: { kind: 'alarm', name: 'cpu-high' } }));

    expect(missing).toMatchObject([
      { why: 'unresolved', reason: expect.stringMatching(/cpu-high is not among/) },
    ]);
    expect(lab.calls()).toEqual([]);
  });

  it.each([
    ['stop', 'compliant double-action'],
    ['terminate', 'compliant double-action'],
    ['reboot', 'stop'],
  ])('B1.68 an alarm whose own action is to %s', async (ec2Action, becomes) => {
    const lab = new Lab();
    const id = lab.machine();
    const named = { ...ref(id), hint: { alarm: alarmArn('reeve-x'), ec2Action } };

    const report = await lab.run(lab.signal([named], { cause: { kind: 'alarm', name: 'reeve-x' } }));

    expect(report.counts.compliant).toBe(becomes === 'stop' ? 0 : 1);
    expect(report.counts.done).toBe(becomes === 'stop' ? 1 : 0);
  });

  it('B1.61 B1.64 an aggregate is told, and never taken for its instances', async () => {
    const lab = new Lab();
    const unresolved = { unresolved: 'an aggregate over AutoScalingGroupName, not one instance' };

    const { resources, missing } = await lab.found(alarmRef('reeve-cpu-low', unresolved));

    expect(resources).toEqual([]);
    expect(missing).toMatchObject([
      { why: 'unresolved', reason: expect.stringMatching(/an aggregate over/) },
    ]);
    expect(lab.calls()).toEqual([]);
  });

  it('B1.63 a composite’s children are looked up, and their instances judged', async () => {
    const lab = new Lab();
    const id = lab.machine();
    const cloudwatch = new CloudWatchClient(lab.sandbox.clientConfig({ user: 'ana' }));
    const put = (AlarmName: string, Dimensions: { Name: string; Value: string }[]) =>
      cloudwatch.send(
        new PutMetricAlarmCommand({
          AlarmName,
          Namespace: 'AWS/EC2',
          MetricName: 'CPUUtilization',
          Dimensions,
          Statistic: 'Average',
          Period: 300,
          EvaluationPeriods: 1,
          Threshold: 5,
          ComparisonOperator: 'LessThanThreshold',
        }),
      );
    await put('child', [{ Name: 'InstanceId', Value: id }]);
    await put('group', [{ Name: 'AutoScalingGroupName', Value: 'web' }]);
    const composite = { composite: alarmArn('reeve-idle') };

    const { resources, missing } = await lab.found(
      alarmRef('child', composite),
      alarmRef('group', composite),
      alarmRef('deleted', composite),
    );

    expect(resources.map((one) => one.id)).toEqual([id]);
    expect(missing.map(({ why, reason }) => `${why}: ${reason}`)).toEqual([
      'unresolved: The alarm group is of no single instance.',
      'unresolved: The alarm deleted is of no single instance.',
    ]);
  });

  it('B1.63 children that cannot be read are told', async () => {
    const lab = new Lab();
    lab.sandbox.world.faults.add({ operation: 'DescribeAlarms', kind: 'denied' });

    const { missing } = await lab.found(alarmRef('child', { composite: alarmArn('reeve-idle') }));

    expect(missing).toMatchObject([{ why: 'unreadable' }]);
  });

  it('B1.62 several instances of one alarm are each judged by their own metrics', async () => {
    const lab = new Lab();
    const idle = lab.machine();
    const busy = lab.machine({}, { CPUUtilization: 70 });

    await lab.run(lab.signal([ref(idle), ref(busy)], { cause: { kind: 'alarm', name: 'reeve-cpu-low' } }));

    expect([await lab.state(idle), await lab.state(busy)]).toEqual(['stopping', 'running']);
  });

  it('B1.65 an instance that has just begun to measure is too young, whatever the alarm says', async () => {
    const lab = new Lab();
    const id = lab.machine({ launchTime: new Date(lab.now().getTime() - 3_600_000) });

    const [report] = await lab.handle(about(id, 'alarm.eventbridge'));

    expect(report?.counts).toMatchObject({ compliant: 1, violations: 0 });
  });

  it('B1.69 an instance of another account is not entered unless that is configured', async () => {
    const lab = new Lab();
    lab.guard = { accounts: ['111122223333'] };
    const id = lab.machine();
    const signal = lab.signal([ref(id)], {
      account: '444455556666',
      cause: { kind: 'alarm', name: 'reeve-x' },
    });
    const there = { ...lab.place, account: '444455556666' };

    const report = await lab.runIn(signal, [there]);

    expect(report.places).toMatchObject([{ state: 'skipped' }]);
    expect(await lab.state(id)).toBe('running');
  });
});

describe('what is named and not there', () => {
  const missing = 'i-0a1b2c3d4e5f60718';

  it('B1.4 right after its launch may only not be visible yet', async () => {
    const lab = new Lab();
    const cause = { kind: 'state-change', name: 'running' } as const;
    expect((await lab.find(lab.signal([ref(missing)], { cause }))).missing).toMatchObject([
      { why: 'not-visible' },
    ]);
    const time = new Date(lab.now().getTime() - 5 * 60_000);
    expect((await lab.find(lab.signal([ref(missing)], { cause, time }))).missing).toMatchObject([
      { why: 'gone' },
    ]);
  });

  it('B1.3 B1.4 is gone otherwise, and no failure', async () => {
    const lab = new Lab();
    const report = await lab.run(lab.signal([ref(missing)]));
    expect(report).toMatchObject({ state: 'complete', missing: [{ why: 'gone' }] });
  });

  it.each(['i-0a81k3ndl29175220', 'i-123', 'I-0a1b2c3d', 'i-0a1b2c3d4e5f607181', '*', ''])(
    'B1.5 %j is no instance id, and no reason to ask AWS',
    async (id) => {
      const lab = new Lab();
      expect((await lab.found(ref(id))).missing).toMatchObject([{ why: 'unresolved' }]);
      expect(lab.calls()).toEqual([]);
    },
  );

  it('B1.5 an old, short id is one', async () => {
    const lab = new Lab();
    expect((await lab.found(ref('i-0a1b2c3d'))).missing).toMatchObject([{ why: 'gone' }]);
  });

  it('a resource of another kind is told', async () => {
    const lab = new Lab();
    const { missing: told } = await lab.found({ type: 'AWS::EC2::Volume', id: 'vol-1' });
    expect(told).toMatchObject([{ why: 'unresolved', reason: expect.stringMatching(/AWS::EC2::Volume/) }]);
  });

  it('a denied look is told as such', async () => {
    const lab = new Lab();
    lab.sandbox.world.faults.add({ operation: 'DescribeInstances', kind: 'denied' });
    expect((await lab.found(ref(missing))).missing).toMatchObject([{ why: 'unreadable' }]);
  });
});
