import { type Alarm, type AlarmMetric, signalsOfAlarm } from './alarm.ts';
import type { Envelope } from './envelope.ts';
import { ACCOUNT, type Field, REGION } from './fields.ts';
import type { Context, SingleReading } from './reading.ts';

/** `CloudWatch Alarm State Change` and `… Contributor State Change` from EventBridge (B5.3, B1.63, B1.64). */
export function readAlarmEvent(envelope: Envelope, own: Context): SingleReading {
  const [arn = ''] = envelope.resources;
  if (!arn) return envelope.detail.at('resources').refuse('the ARN of the alarm');
  const frame = { id: envelope.id, arn, time: envelope.time, replayed: envelope.replayed };
  const place = { account: envelope.account, region: envelope.region };
  return signalsOfAlarm({ ...frame, ...place, ...alarmData(envelope.detail.object()) }, own);
}

/** The payload of an alarm's own Lambda action: no envelope, `alarmData` in place of `detail` (B5.4). */
export function readAlarmAction(event: Field, own: Context): SingleReading {
  const arn = event.at('alarmArn').text('the ARN of the alarm');
  const frame = { id: own.requestId, arn, time: event.at('time').time(), replayed: false };
  const place = { account: event.at('accountId').account(), region: event.at('region').region() };
  return signalsOfAlarm({ ...frame, ...place, ...alarmData(event.at('alarmData').object()) }, own);
}

type AlarmData = Pick<
  Alarm,
  'name' | 'state' | 'previousState' | 'suppressedBy' | 'metrics' | 'children' | 'ec2Action'
>;

function alarmData(data: Field): AlarmData {
  const state = data.at('state');
  const muted = data.at('muteDetail', 'mutedByArn');
  return {
    name: data.at('alarmName').text('the name of the alarm'),
    state: state.at('value').text('ALARM, OK or INSUFFICIENT_DATA'),
    previousState: data.at('previousState', 'value').optionalText(),
    suppressedBy: state.at('actionsSuppressedBy').optionalText() ?? muted.optionalText(),
    metrics: [...data.at('configuration', 'metrics').entries().map(metricOf), ...contributorOf(data)],
    children: data.at('configuration', 'alarmRule').isMissing() ? undefined : triggeringAlarms(state),
    ec2Action: undefined,
  };
}

function metricOf(metric: Field): AlarmMetric {
  return {
    account: metricAccount(metric.at('accountId')),
    dimensions: pairs(metric.at('metricStat', 'metric', 'dimensions')),
    expression: metric.at('expression').optionalText(),
  };
}

function contributorOf(data: Field): readonly AlarmMetric[] {
  const attributes = data.at('alarmContributor', 'attributes');
  return attributes.isObject()
    ? [{ account: undefined, dimensions: pairs(attributes), expression: undefined }]
    : [];
}

/** `reasonData` is a JSON document inside a string (B5.3). */
function triggeringAlarms(state: Field): readonly string[] {
  const children = state.at('reasonData').json()?.at('triggeringAlarms').entries() ?? [];
  return children.flatMap((child) => child.at('arn').optionalText() ?? []);
}

/** The message that an alarm publishes over SNS: other names, dimensions as a list, the region as a label (B5.5). */
export function readAlarmMessage(message: Field, messageId: string, own: Context): SingleReading {
  const arn = message.at('AlarmArn').text('the ARN of the alarm');
  const trigger = message.at('Trigger');
  const several = trigger.at('Metrics').entries();
  const alarm: Alarm = {
    id: messageId,
    arn,
    name: message.at('AlarmName').text('the name of the alarm'),
    account: message.at('AWSAccountId').account(),
    region: regionOf(arn) ?? message.at('AlarmArn').refuse('an ARN with a region'),
    time: message.at('StateChangeTime').time(),
    replayed: false,
    state: message.at('NewStateValue').text('ALARM, OK or INSUFFICIENT_DATA'),
    previousState: message.at('OldStateValue').optionalText(),
    suppressedBy: message.at('ActionsSuppressedBy').optionalText(),
    metrics: several.length > 0 ? several.map(messageMetric) : [messageMetric(trigger)],
    children: message.at('AlarmRule').isMissing() ? undefined : triggeringChildren(message),
    ec2Action: ec2Action(message.at('AlarmActions')),
  };
  return signalsOfAlarm(alarm, own);
}

function messageMetric(metric: Field): AlarmMetric {
  const dimensions = metric.at('MetricStat').isObject()
    ? metric.at('MetricStat', 'Metric', 'Dimensions')
    : metric.at('Dimensions');
  return {
    account: metricAccount(metric.at('AccountId')),
    dimensions: pairs(dimensions),
    expression: metric.at('Expression').optionalText(),
  };
}

function triggeringChildren(message: Field): readonly string[] {
  return message
    .at('TriggeringChildren')
    .entries()
    .flatMap((child) => child.at('Arn').optionalText() ?? []);
}

/** `{InstanceId: 'i-…'}` or `[{name: 'InstanceId', value: 'i-…'}]`. */
function pairs(dimensions: Field): ReadonlyMap<string, string> {
  const asObject = dimensions.keys().map((key) => [key, dimensions.at(key).optionalText() ?? ''] as const);
  const asList = dimensions
    .entries()
    .map((one) => [one.at('name').optionalText() ?? '', one.at('value').optionalText() ?? ''] as const);
  return new Map([...asObject, ...asList].filter(([name]) => name !== ''));
}

function metricAccount(account: Field): string | undefined {
  const id = account.optionalText();
  return id && ACCOUNT.test(id) ? id : undefined;
}

function regionOf(arn: string): string | undefined {
  const region = arn.split(':')[3];
  return region && REGION.test(region) ? region : undefined;
}

/** `arn:aws:automate:eu-west-1:ec2:stop`, in any partition (B1.68). */
function ec2Action(actions: Field): string | undefined {
  const arns = actions.entries().flatMap((action) => action.optionalText() ?? []);
  return arns.map((arn) => /^arn:[^:]+:automate:[^:]+:ec2:(\w+)$/.exec(arn)?.[1]).find(Boolean);
}
