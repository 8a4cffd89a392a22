import type { World } from '../../core/world.ts';
import { type Alarm, type AlarmStatus, alarmArn, alarms, type CompositeAlarm } from './alarm.ts';
import { runActions } from './alarm-actions.ts';
import { alarmDetail } from './alarm-event.ts';
import { noteStateUpdate } from './alarm-history.ts';
import { timestamp } from './alarm-notification.ts';

/** Moves the alarm to a new state: history, an event on the bus, the actions of that state. The same state again is silent. */
export async function changeState(world: World, alarm: Alarm, status: AlarmStatus): Promise<void> {
  const previous = alarm.status;
  alarm.status = status;
  if (previous.value === status.value) return;
  noteStateUpdate(world, alarm, previous);
  world.emit({
    version: '0',
    id: world.random.uuid(),
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account: alarm.account,
    time: `${status.at.toISOString().slice(0, 19)}Z`,
    region: alarm.region,
    resources: [alarm.arn],
    detail: alarmDetail(alarm, previous),
  });
  await runActions(world, alarm, previous);
  for (const parent of parentsOf(world, alarm)) await evaluateComposite(world, parent, alarm);
}

/** Composite alarms whose rule names this one, by name or ARN. */
function parentsOf(world: World, child: Alarm): readonly CompositeAlarm[] {
  return [...alarms.of({ world, ...child }).values()].filter(
    (alarm) =>
      alarm.kind === 'CompositeAlarm' &&
      alarm.rule.named.some((name) => alarmArn(child, nameIn(name)) === child.arn),
  ) as CompositeAlarm[]; // The filter has just asked for the kind.
}

/** Asks the rule again after one of its alarms changed. */
export async function evaluateComposite(world: World, alarm: CompositeAlarm, changed?: Alarm): Promise<void> {
  const inPlace = alarms.of({ world, ...alarm });
  const holds = alarm.rule.holds((named) => inPlace.get(nameIn(named))?.status.value ?? 'INSUFFICIENT_DATA');
  const value = holds ? 'ALARM' : 'OK';
  if (value === alarm.status.value) return;
  const at = new Date(world.clock.now());
  const status = changed
    ? {
        reason: reasonOf(changed, at),
        reasonData: triggeredBy(changed, at),
        trigger: { arn: changed.arn, value: changed.status.value },
      }
    : { reason: `${alarm.arn} was created and its alarm rule evaluates to ${value}` };
  await changeState(world, alarm, { ...status, value, at });
}

/** Rules name alarms by name or by ARN. */
export function nameIn(named: string): string {
  return named.startsWith('arn:') ? named.split(':').slice(6).join(':') : named;
}

function triggeredBy({ arn, status }: Alarm, at: Date): string {
  return JSON.stringify({
    triggeringAlarms: [{ arn, state: { value: status.value, timestamp: timestamp(at) } }],
  });
}

const DATE = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  weekday: 'long',
  day: '2-digit',
  month: 'long',
  year: 'numeric',
});

/** `… transitioned to ALARM at Friday 20 November, 2026 09:12:44 UTC` */
function reasonOf({ arn, status }: Alarm, at: Date): string {
  const part = (type: string) => DATE.formatToParts(at).find((each) => each.type === type)?.value;
  const date = `${part('weekday')} ${part('day')} ${part('month')}, ${part('year')}`;
  return `${arn} transitioned to ${status.value} at ${date} ${at.toISOString().slice(11, 19)} UTC`;
}
