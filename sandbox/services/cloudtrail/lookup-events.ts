import type {
  Event,
  LookupAttribute,
  LookupEventsRequest,
  LookupEventsResponse,
} from '@aws-sdk/client-cloudtrail';
import { AwsError } from '../../core/errors.ts';
import { notImplemented } from '../../core/refusals.ts';
import { operation } from '../../core/service.ts';
import { type HistoryEvent, historyOf, type TrailRecord } from './history.ts';

const KEPT_MS = 90 * 86_400_000;
const PAGE = 50;

/**
 * Looks up the changes of the last 90 days, newest first. An event is there `behaviour.eventDelayMs` after its call.
 * Of reads the sandbox keeps no history, and says so when asked for them.
 */
export const lookupEvents = operation<LookupEventsRequest, LookupEventsResponse>({
  writes: false,
  run(input, call) {
    const { MaxResults = PAGE, EventCategory, StartTime, EndTime } = input;
    if (EventCategory !== undefined) throw notImplemented('Insights events of cloudtrail:LookupEvents');
    if (MaxResults < 1 || MaxResults > PAGE) {
      throw new AwsError('InvalidMaxResultsException', `Max results must be between 1 and ${PAGE}.`);
    }
    if (StartTime && EndTime && EndTime < StartTime) {
      throw new AwsError('InvalidTimeRangeException', 'The start time must be before the end time.');
    }
    const now = call.now.getTime();
    const from = Math.max(now - KEPT_MS, StartTime?.getTime() ?? 0);
    const to = Math.min(now - call.world.behaviour.eventDelayMs, EndTime?.getTime() ?? now);
    const wanted = attributeTest(input.LookupAttributes);
    const after = positionAfter(input);
    const found: HistoryEvent[] = [];
    const history = historyOf(call);
    for (let index = history.length - 1; index >= 0 && found.length <= MaxResults; index -= 1) {
      const event = history[index];
      if (!event || event.at < from) break;
      if (event.at <= to && (!after || isOlder(event, after)) && wanted(event)) found.push(event);
    }
    const shown = found.slice(0, MaxResults);
    const last = shown.at(-1);
    return {
      Events: shown.map(eventOf),
      ...(found.length > MaxResults && last ? { NextToken: tokenOf(input, last) } : {}),
    };
  },
});

type Position = Pick<HistoryEvent, 'at' | 'serial'>;

function isOlder(event: Position, than: Position): boolean {
  return event.at < than.at || (event.at === than.at && event.serial < than.serial);
}

function attributeTest(attributes: readonly LookupAttribute[] = []): (event: HistoryEvent) => boolean {
  const [only, ...more] = attributes;
  if (more.length > 0) throw invalidAttributes('Only one lookup attribute can be given.');
  if (!only) return () => true;
  const value = only.AttributeValue ?? '';
  if (value === '') throw invalidAttributes('A lookup attribute needs a value.');
  switch (only.AttributeKey) {
    case 'ResourceName':
      return ({ resources }) => resources.some(({ ResourceName }) => ResourceName === value);
    case 'ResourceType':
      return ({ resources }) => resources.some(({ ResourceType }) => ResourceType === value);
    case 'ReadOnly':
      if (value !== 'false') throw notImplemented('events of reads in cloudtrail:LookupEvents');
      return ({ record }) => record.readOnly === false;
    case 'EventId':
    case 'EventName':
    case 'Username':
    case 'EventSource':
    case 'AccessKeyId': {
      const key = only.AttributeKey;
      return (event) => summaryOf(event)[key] === value;
    }
    default:
      throw invalidAttributes(`${only.AttributeKey} is not a lookup attribute.`);
  }
}

function invalidAttributes(message: string): AwsError {
  return new AwsError('InvalidLookupAttributesException', message);
}

function eventOf(event: HistoryEvent): Event {
  return {
    ...summaryOf(event),
    ReadOnly: String(event.record.readOnly),
    EventTime: new Date(event.at),
    Resources: [...event.resources],
    CloudTrailEvent: JSON.stringify(event.record),
  };
}

function summaryOf({ record }: HistoryEvent): Event {
  const identity = Object(record.userIdentity) as TrailRecord; // The record's own element, as trail() wrote it.
  return {
    EventId: text(record.eventID),
    EventName: text(record.eventName),
    EventSource: text(record.eventSource),
    AccessKeyId: text(identity.accessKeyId),
    Username: usernameOf(identity),
  };
}

/** The user, the role session's name, or `root`; a service that acts by itself has none. */
function usernameOf(identity: TrailRecord): string | undefined {
  if (identity.type === 'Root') return 'root';
  if (identity.type === 'AssumedRole') return text(identity.arn)?.split('/').at(-1);
  return text(identity.userName);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A token holds for the request that it came with. */
function requestOf({ LookupAttributes, StartTime, EndTime }: LookupEventsRequest): string {
  return JSON.stringify([LookupAttributes, StartTime, EndTime]);
}

function tokenOf(input: LookupEventsRequest, { at, serial }: Position): string {
  return Buffer.from(JSON.stringify([at, serial, requestOf(input)])).toString('base64');
}

function positionAfter(input: LookupEventsRequest): Position | undefined {
  if (input.NextToken === undefined) return undefined;
  const told = /^\[(\d+),(\d+),(.*)\]$/s.exec(Buffer.from(input.NextToken, 'base64').toString());
  if (told?.[3] !== JSON.stringify(requestOf(input))) {
    throw new AwsError('InvalidNextTokenException', 'The NextToken is not valid for this request.');
  }
  return { at: Number(told[1]), serial: Number(told[2]) };
}
