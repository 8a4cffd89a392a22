import type * as cloudwatch from '@aws-sdk/client-cloudwatch';
import { drawer } from '../../core/drawer.ts';
import { operation } from '../../core/service.ts';
import { onlySupported } from '../../core/supported.ts';
import type { World } from '../../core/world.ts';
import { type Alarm, type AlarmStatus, invalid, onAlarms } from './alarm.ts';
import { positionOf } from './periods.ts';

/** Histories outlive their alarms by this long (CloudWatch User Guide, "Alarm history"). */
const KEPT_MS = 30 * 86_400_000;
const PAGE = 100;

const histories = drawer<cloudwatch.AlarmHistoryItem[]>(() => []);

/** Writes into the history of an alarm; what is older than 30 days falls out. */
export function noteHistory(
  world: World,
  alarm: Alarm,
  type: 'ConfigurationUpdate' | 'StateUpdate' | 'Action',
  summary: string,
  happened: object,
): void {
  const { kind, name, partition, account, region } = alarm;
  const items = histories.of({ world, partition, account, region });
  const now = world.clock.now();
  items.push({
    AlarmName: name,
    AlarmType: kind,
    Timestamp: new Date(now),
    HistoryItemType: type,
    HistorySummary: summary,
    HistoryData: JSON.stringify({ version: '1.0', ...happened }),
  });
  const expired = items.findIndex(({ Timestamp }) => (Timestamp?.getTime() ?? 0) >= now - KEPT_MS);
  if (expired > 0) items.splice(0, expired);
}

/** `Alarm updated from OK to ALARM`, with both states. */
export function noteStateUpdate(world: World, alarm: Alarm, previous: AlarmStatus): void {
  noteHistory(world, alarm, 'StateUpdate', `Alarm updated from ${previous.value} to ${alarm.status.value}`, {
    oldState: stateOf(previous),
    newState: stateOf(alarm.status),
  });
}

function stateOf({ value, reason, reasonData }: AlarmStatus): object {
  return {
    stateValue: value,
    stateReason: reason,
    ...(reasonData !== undefined && { stateReasonData: parsed(reasonData) }),
  };
}

/** SetAlarmState takes any text as reason data. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Tells what happened to alarms within 30 days, newest first unless asked otherwise; deleted ones included. */
export const describeAlarmHistory = operation<
  cloudwatch.DescribeAlarmHistoryInput,
  cloudwatch.DescribeAlarmHistoryOutput
>({
  authorize: ({ AlarmName = '*' }, call) => onAlarms(call, [AlarmName]),
  run(input, call) {
    onlySupported(call, input, SUPPORTED);
    const { AlarmName, AlarmTypes = ['MetricAlarm'], HistoryItemType, MaxRecords = PAGE, NextToken } = input;
    if (MaxRecords < 1 || MaxRecords > PAGE) throw invalid(`MaxRecords must be between 1 and ${PAGE}.`);
    const oldest = call.now.getTime() - KEPT_MS;
    const from = Math.max(oldest, input.StartDate?.getTime() ?? oldest);
    const to = input.EndDate?.getTime() ?? Number.POSITIVE_INFINITY;
    const found = histories.of(call).filter((item) => {
      const at = item.Timestamp?.getTime() ?? 0;
      return (
        (AlarmName === undefined || AlarmName === item.AlarmName) &&
        AlarmTypes.some((type) => type === item.AlarmType) &&
        (HistoryItemType === undefined || HistoryItemType === item.HistoryItemType) &&
        at >= from &&
        at <= to
      );
    });
    const ordered = input.ScanBy === 'TimestampAscending' ? found : found.toReversed();
    const start = positionOf(NextToken);
    const next = start + MaxRecords;
    return {
      AlarmHistoryItems: ordered.slice(start, next),
      ...(next < ordered.length && { NextToken: String(next) }),
    };
  },
});

const SUPPORTED = [
  ...[
    'AlarmName',
    'AlarmTypes',
    'HistoryItemType',
    'StartDate',
    'EndDate',
    'MaxRecords',
    'NextToken',
    'ScanBy',
  ],
];
