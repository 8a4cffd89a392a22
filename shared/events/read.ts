import { readAlarmAction, readAlarmEvent, readAlarmMessage } from './alarm-shapes.ts';
import type { CallTable } from './api-call.ts';
import { readApiCall } from './cloudtrail.ts';
import { type Envelope, readEnvelope } from './envelope.ts';
import { Field } from './fields.ts';
import { readConfigRule, readGuardDuty, readSecurityHub } from './finding.ts';
import { readOwnInput, readSchedule } from './own-input.ts';
import { type Context, type Own, type Reading, type SingleReading, unhandled } from './reading.ts';
import { readNotification, readRecords } from './records.ts';
import { readStateChange, readTagChange } from './resource-change.ts';

/** A queue that holds notifications that hold EventBridge events is two deep; nobody needs more. */
const MOST_WRAPPINGS = 3;

/** The events that Reeve knows, by detail type. Custom events cannot call themselves `aws.…`, so these are AWS's own. */
const BY_DETAIL_TYPE: ReadonlyMap<string, (envelope: Envelope, own: Context) => SingleReading> = new Map([
  ['AWS API Call via CloudTrail', readApiCall],
  ['EC2 Instance State-change Notification', readStateChange],
  ['CloudWatch Alarm State Change', readAlarmEvent],
  ['CloudWatch Alarm Contributor State Change', readAlarmEvent],
  ['Config Rules Compliance Change', readConfigRule],
  ['Scheduled Event', readSchedule],
  ['Security Hub Findings - Imported', readSecurityHub],
  ['GuardDuty Finding', readGuardDuty],
  ['Tag Change on Resource', readTagChange],
]);

/**
 * What a trigger of any shape means. Throws `MalformedEvent` for a broken event of a known kind; rethrow it, so that it
 * reaches the dead-letter queue.
 */
export function readEvent(event: unknown, own: Own, calls: CallTable): Reading {
  const context: Context = { ...own, calls };
  const document = new Field(event, '');
  const records = document.at('Records');
  if (Array.isArray(records.value)) {
    return readRecords(records.entries(), (inner, id) => readDocument(inner, id, context, MOST_WRAPPINGS));
  }
  return readDocument(document, own.requestId, context, MOST_WRAPPINGS);
}

function readDocument(document: Field, id: string, own: Context, wrappings: number): SingleReading {
  document.notTooDeep();
  const has = (key: string): boolean => !document.at(key).isMissing();
  if (has('reeve')) return readOwnInput(document, own);
  if (has('detail-type') && has('source')) return readEventBridge(document, own);
  if (has('alarmData')) return readAlarmAction(document, own);
  if (has('AlarmName') && has('NewStateValue')) return readAlarmMessage(document, id, own);
  if (document.at('Type').value === 'Notification' && wrappings > 0) {
    return readNotification(document, id, (inner, innerId) =>
      readDocument(inner, innerId, own, wrappings - 1),
    );
  }
  return unhandled('not a trigger that Reeve knows');
}

function readEventBridge(document: Field, own: Context): SingleReading {
  const source = document.at('source').optionalText();
  const detailType = document.at('detail-type').optionalText();
  const read = BY_DETAIL_TYPE.get(detailType ?? '');
  if (!read || !source?.startsWith('aws.')) {
    return unhandled(`not an event that Reeve knows: ${detailType} from ${source}`);
  }
  return read(readEnvelope(document, own), own);
}
