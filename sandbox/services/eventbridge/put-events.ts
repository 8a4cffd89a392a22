import type {
  PutEventsRequest,
  PutEventsRequestEntry,
  PutEventsResponse,
  PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import { AwsError } from '../../core/errors.ts';
import { type Call, type Operation, operation } from '../../core/service.ts';
import { findBus } from '../../events/bus.ts';
import { route } from '../../events/deliver.ts';
import { refuseOthers } from '../../events/unsupported.ts';
import { busArn } from './demands.ts';

const MOST_ENTRIES = 10;
const MOST_BYTES = 262_144;

export const putEvents: Operation = operation<PutEventsRequest, PutEventsResponse>({
  dataPlane: true,
  authorize: ({ Entries = [] }, call) => {
    const arns = new Set(Entries.map(({ EventBusName }) => busArn(call, EventBusName)));
    return [{ action: 'events:PutEvents', resources: [...arns] }];
  },
  run(input, call) {
    refuseOthers('PutEvents', input, ['Entries']);
    const { Entries = [] } = input;
    if (Entries.length < 1 || Entries.length > MOST_ENTRIES) {
      throw new AwsError(
        'ValidationException',
        `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length between 1 and ${MOST_ENTRIES}`,
      );
    }
    if (Entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > MOST_BYTES) {
      throw new AwsError(
        'ValidationException',
        'Total size of the entries in the request is over the limit.',
      );
    }
    const results = Entries.map((entry) => take(entry, call));
    return { Entries: results, FailedEntryCount: results.filter(({ ErrorCode }) => ErrorCode).length };
  },
});

/** How EventBridge counts: 14 bytes for a time, the rest in UTF-8. */
function sizeOf({
  Time,
  Source = '',
  DetailType = '',
  Detail = '',
  Resources = [],
}: PutEventsRequestEntry): number {
  const text = [Source, DetailType, Detail, ...Resources];
  return (Time ? 14 : 0) + text.reduce((sum, each) => sum + Buffer.byteLength(each), 0);
}

function take(entry: PutEventsRequestEntry, call: Call): PutEventsResultEntry {
  const { Source = '', DetailType = '', Detail = '' } = entry;
  for (const name of ['Source', 'DetailType', 'Detail'] as const) {
    if (!entry[name]) {
      return refused(
        'InvalidArgument',
        `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      );
    }
  }
  if (/^aws\./i.test(Source))
    return refused('NotAuthorizedForSourceException', 'Not authorized for the source.');
  const detail = objectOf(Detail);
  if (!detail) return refused('MalformedDetail', 'Detail is malformed.');
  const { world, account, region } = call;
  const id = world.random.uuid();
  try {
    route(world, findBus(world, call, entry.EventBusName), {
      version: '0',
      id,
      'detail-type': DetailType,
      source: Source,
      account,
      time: (entry.Time ?? call.now).toISOString().replace(/\.\d+Z$/, 'Z'),
      region,
      resources: entry.Resources ?? [],
      detail,
    });
  } catch (error) {
    if (error instanceof AwsError) return refused(error.code, error.message);
    throw error;
  }
  return { EventId: id };
}

function objectOf(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const refused = (ErrorCode: string, ErrorMessage: string): PutEventsResultEntry => ({
  ErrorCode,
  ErrorMessage,
});
