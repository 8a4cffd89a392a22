import { expect, it } from 'vitest';
import { change, lines, sample, signalOf } from './sample.ts';

const METRICS = 'detail.configuration.metrics';
const alarm = sample('alarm.eventbridge');

it('B5.3 B5.4 B5.5 B1.61 the three ways of an alarm lead to the same instance', () => {
  const seen = ['alarm.eventbridge', 'alarm.lambda', 'alarm.sns'].map((name) => signalOf(sample(name)));
  for (const { scope, account, region, cause, time } of seen) {
    expect({ account, region, cause }).toEqual({
      account: '111122223333',
      region: 'eu-west-1',
      cause: { kind: 'alarm', name: 'reeve-cpu-low' },
    });
    expect(time.toISOString()).toMatch(/^2026-11-20T09:12:4/);
    expect(scope).toMatchObject({ resources: [{ type: 'AWS::EC2::Instance', id: 'i-0a1b2c3d4e5f60718' }] });
  }
});

it.each(['AutoScalingGroupName', 'ImageId', 'InstanceType'])(
  'B1.61 an aggregate over %s is never mapped to instances',
  (dimension) => {
    const aggregate = change(alarm, { [`${METRICS}.0.metricStat.metric.dimensions`]: { [dimension]: 'x' } });
    expect(signalOf(aggregate).scope).toMatchObject({
      resources: [
        {
          type: 'AWS::CloudWatch::Alarm',
          hint: { unresolved: `an aggregate over ${dimension}, not one instance` },
        },
      ],
    });
  },
);

it('B1.61 an InstanceId beside other dimensions is that instance', () => {
  const dimensions = { InstanceId: 'i-0a1b2c3d4e5f60718', ImageId: 'ami-1', AutoScalingGroupName: 'web' };
  const agent = change(alarm, { [`${METRICS}.0.metricStat.metric.dimensions`]: dimensions });
  expect(lines(agent)[0]).toMatch(/: AWS::EC2::Instance i-0a1b2c3d4e5f60718$/);
});

it('B1.62 metric math over several metrics names each instance once', () => {
  expect(signalOf(sample('alarm.eventbridge-math')).scope).toMatchObject({
    resources: [{ id: 'i-0a1b2c3d4e5f60718' }, { id: 'i-0f1e2d3c4b5a69788' }],
  });
});

it('B1.63 a composite alarm points at the alarms that triggered it', () => {
  expect(signalOf(sample('alarm.eventbridge-composite')).scope).toMatchObject({
    resources: [{ type: 'AWS::CloudWatch::Alarm', id: expect.stringMatching(/:alarm:reeve-cpu-low$/) }],
  });
});

it.each([undefined, 'not json', '{"triggeringAlarms":"none"}'])(
  'B1.63 a composite alarm that names no child (%s) can only alert',
  (reasonData) => {
    const childless = change(sample('alarm.eventbridge-composite'), {
      'detail.state.reasonData': reasonData,
    });
    expect(signalOf(childless).scope).toMatchObject({
      resources: [{ hint: { unresolved: 'a composite alarm that names no triggering alarm' } }],
    });
  },
);

it('B1.63 a suppressed or muted alarm asks for nothing', () => {
  const muted = change(alarm, { 'detail.muteDetail': { mutedByArn: 'arn:aws:cloudwatch:eu-west-1:1:mute' } });
  expect(lines(sample('alarm.eventbridge-composite-suppressed'))[0]).toMatch(
    /^ignored: .* suppressed by WaitPeriod/,
  );
  expect(lines(muted)[0]).toMatch(/^ignored: .* suppressed by arn/);
});

it('B1.64 a Metrics Insights contributor names its instance, the alarm over all of them does not', () => {
  expect(lines(sample('alarm.eventbridge-contributor'))[0]).toMatch(/Instance i-0a1b2c3d4e5f60718$/);
  expect(signalOf(sample('alarm.eventbridge-insights')).scope).toMatchObject({
    resources: [{ hint: { unresolved: 'a query over many resources, not one instance' } }],
  });
});

it.each(['OK', 'INSUFFICIENT_DATA'])('B1.65 %s never leads to a signal', (value) => {
  expect(lines(change(alarm, { 'detail.state.value': value }))).toEqual([
    `ignored: alarm reeve-cpu-low is ${value}`,
  ]);
});

it('B1.65 where the alarm came from is kept for the age gate', () => {
  expect(signalOf(sample('alarm.lambda')).scope).toMatchObject({
    resources: [{ hint: { previousState: 'INSUFFICIENT_DATA' } }],
  });
});

it('B1.66 B1.67 an alarm set by hand without reason data is a hint like any other', () => {
  const byHand = change(alarm, { 'detail.state.reasonData': undefined, 'detail.state.reason': 'test' });
  expect(lines(byHand)).toEqual(lines(alarm));
});

it.each(['aws', 'aws-cn', 'aws-us-gov'])(
  "B1.68 an alarm's own EC2 action in partition %s is told",
  (partition) => {
    const message = JSON.stringify({
      ...JSON.parse(snsMessage()),
      AlarmActions: [`arn:${partition}:automate:eu-west-1:ec2:stop`],
    });
    expect(signalOf(change(sample('alarm.sns'), { 'Records.0.Sns.Message': message })).scope).toMatchObject({
      resources: [{ hint: { ec2Action: 'stop' } }],
    });
  },
);

it('B1.69 a metric of another account is looked at in that account', () => {
  expect(lines(sample('alarm.sns-math'))[0]).toMatch(/ in 444455556666 eu-west-1: /);
});

it('B5.5 the region is that of the ARN, not the label', () => {
  expect(snsMessage()).toContain('"Region":"EU (Ireland)"');
  expect(signalOf(sample('alarm.sns')).region).toBe('eu-west-1');
});

it('B1.61 an InstanceId that is none is not looked up', () => {
  const odd = change(alarm, {
    [`${METRICS}.0.metricStat.metric.dimensions.InstanceId`]: 'i-0a81k3ndl29175220',
  });
  expect(signalOf(odd).scope).toMatchObject({
    resources: [{ hint: { unresolved: 'its InstanceId is not an instance id' } }],
  });
});

function snsMessage(): string {
  return String(Reflect.get(Object(read0()), 'Message'));
}

function read0(): unknown {
  return Reflect.get(
    Object(Reflect.get(Object(Reflect.get(Object(sample('alarm.sns')), 'Records')), 0)),
    'Sns',
  );
}
