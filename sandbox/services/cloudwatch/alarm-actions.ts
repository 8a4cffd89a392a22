import type { Where } from '../../core/service.ts';
import type { World } from '../../core/world.ts';
import { servicePrincipal } from '../../iam/service-principal.ts';
import type { Alarm, AlarmStatus } from './alarm.ts';
import { alarmDetail } from './alarm-event.ts';
import { noteHistory } from './alarm-history.ts';
import { alarmNotification, timestamp } from './alarm-notification.ts';
import { actOnInstance, ec2ActionOf } from './ec2-action.ts';

/** Carries out the actions of the alarm's new state. */
export async function runActions(world: World, alarm: Alarm, previous: AlarmStatus): Promise<void> {
  const { ActionsEnabled = true, AlarmActions, OKActions, InsufficientDataActions } = alarm.input;
  const byState = { ALARM: AlarmActions, OK: OKActions, INSUFFICIENT_DATA: InsufficientDataActions };
  if (!ActionsEnabled) return;
  for (const action of byState[alarm.status.value] ?? []) await act(world, alarm, previous, action);
}

/** An action that is refused does not disturb the alarm: it stands in the alarm's history only. */
async function act(world: World, alarm: Alarm, previous: AlarmStatus, action: string): Promise<void> {
  const note = (summary: string, more: object) =>
    noteHistory(world, alarm, 'Action', summary, {
      type: 'Notification',
      notificationResource: action,
      ...more,
    });
  await begun(world, alarm, previous, action).then(
    () => note(`Successfully executed action ${action}`, {}),
    (error: Error) =>
      note(`Failed to execute action ${action}. Received error: "${error.message}"`, {
        error: error.message,
      }),
  );
}

function begun(world: World, alarm: Alarm, previous: AlarmStatus, action: string): Promise<unknown> {
  const verb = ec2ActionOf(action);
  if (verb && alarm.kind === 'MetricAlarm') return actOnInstance(world, alarm, verb);
  return action.includes(':sns:')
    ? notify(world, alarm, previous, action)
    : invoke(world, alarm, previous, action);
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
    alarmData: alarmDetail(alarm, previous),
  };
  const input = { FunctionName, InvocationType: 'Event', Payload: Buffer.from(JSON.stringify(event)) };
  await world.invoke(caller, placeOf(FunctionName), 'lambda', 'Invoke', input);
}

function placeOf(arn: string): Where {
  const [, partition = '', , region = '', account = ''] = arn.split(':');
  return { partition, region, account };
}
