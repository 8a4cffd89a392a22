import type { Where } from '../../core/service.ts';
import type { World } from '../../core/world.ts';
import { servicePrincipal } from '../../iam/service-principal.ts';
import { alarmNotification, timestamp } from './alarm-notification.ts';
import type { Alarm, AlarmStatus } from './alarms.ts';

/** Moves the alarm to a new state: an event on the bus, and the actions of that state. The same state again is silent. */
export async function changeState(world: World, alarm: Alarm, status: AlarmStatus): Promise<void> {
  const previous = alarm.status;
  alarm.status = status;
  if (previous.value === status.value) return;
  world.emit({
    version: '0',
    id: world.random.uuid(),
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account: alarm.account,
    time: `${status.at.toISOString().slice(0, 19)}Z`,
    region: alarm.region,
    resources: [alarm.arn],
    detail: detailOf(alarm, previous),
  });
  const {
    ActionsEnabled = true,
    AlarmActions = [],
    OKActions = [],
    InsufficientDataActions = [],
  } = alarm.input;
  const actions = { ALARM: AlarmActions, OK: OKActions, INSUFFICIENT_DATA: InsufficientDataActions }[
    status.value
  ];
  if (!ActionsEnabled) return;
  for (const action of actions) await act(world, alarm, previous, action);
}

/** An action that is refused does not disturb the alarm: AWS writes it into the alarm's history only. */
async function act(world: World, alarm: Alarm, previous: AlarmStatus, action: string): Promise<void> {
  const call = action.includes(':sns:')
    ? notify(world, alarm, previous, action)
    : invoke(world, alarm, previous, action);
  await call.catch(() => undefined);
}

async function notify(world: World, alarm: Alarm, previous: AlarmStatus, TopicArn: string): Promise<void> {
  const caller = servicePrincipal('cloudwatch', alarm.account, alarm.arn);
  const input = { TopicArn, ...alarmNotification(alarm, previous) };
  await world.invoke(caller, placeOf(TopicArn), 'sns', 'Publish', input);
}

async function invoke(
  world: World,
  alarm: Alarm,
  previous: AlarmStatus,
  FunctionName: string,
): Promise<void> {
  const caller = servicePrincipal('lambda.alarms.cloudwatch', alarm.account, alarm.arn);
  const event = {
    source: 'aws.cloudwatch',
    alarmArn: alarm.arn,
    accountId: alarm.account,
    time: timestamp(alarm.status.at),
    region: alarm.region,
    alarmData: detailOf(alarm, previous),
  };
  const input = { FunctionName, InvocationType: 'Event', Payload: Buffer.from(JSON.stringify(event)) };
  await world.invoke(caller, placeOf(FunctionName), 'lambda', 'Invoke', input);
}

/** The event's detail (CloudWatch User Guide, "Alarm events and EventBridge"): dimensions are an object here. */
function detailOf(alarm: Alarm, previous: AlarmStatus) {
  const { name, dimensions, namespace } = alarm.metric;
  return {
    alarmName: alarm.name,
    state: shown(alarm.status),
    previousState: shown(previous),
    configuration: {
      ...(alarm.input.AlarmDescription !== undefined && { description: alarm.input.AlarmDescription }),
      metrics: [
        {
          id: alarm.metricId,
          metricStat: {
            metric: { namespace, name, dimensions },
            period: alarm.input.Period,
            stat: alarm.statistic,
          },
          returnData: true,
        },
      ],
    },
  };
}

function shown({ value, reason, reasonData, at }: AlarmStatus) {
  return { value, reason, ...(reasonData !== undefined && { reasonData }), timestamp: timestamp(at) };
}

function placeOf(arn: string): Where {
  const [, partition = '', , region = '', account = ''] = arn.split(':');
  return { partition, region, account };
}
