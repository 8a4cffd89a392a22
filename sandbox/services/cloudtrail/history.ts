import { drawer } from '../../core/drawer.ts';
import type { Where } from '../../core/service.ts';
import type { World } from '../../core/world.ts';
import { type Resource, resourcesOf } from './resources.ts';

export type TrailRecord = Readonly<Record<string, unknown>>;

/** One event of the event history, ready to be looked up. */
export interface HistoryEvent {
  /** Epoch ms of `eventTime`, whole seconds. */
  readonly at: number;
  /** Counts arrivals: the order of events of the same second. */
  readonly serial: number;
  readonly record: TrailRecord;
  readonly resources: readonly Resource[];
}

type Place = Where & { readonly world: World };

/** So many events are kept for each account and region; the oldest go first. */
const MOST_KEPT = 50_000;

const histories = drawer<{ readonly events: HistoryEvent[]; arrivals: number }>(() => ({
  events: [],
  arrivals: 0,
}));

/** The event history of an account and region, oldest event first. */
export function historyOf(place: Place): readonly HistoryEvent[] {
  return histories.of(place).events;
}

/** Adds a record to the event history of its account and region. */
export function keepRecord(place: Place, record: TrailRecord): void {
  const history = histories.of(place);
  const { events } = history;
  const at = Date.parse(String(record.eventTime));
  history.arrivals += 1;
  const event = { at, serial: history.arrivals, record, resources: resourcesOf(record) };
  events.splice(positionOf(events, at), 0, event);
  // In chunks, so that a full history does not move with every event.
  if (events.length > MOST_KEPT * 1.1) events.splice(0, events.length - MOST_KEPT);
}

/** Puts an event that no simulated call made (a console sign-in, a launch of last month) into the event history. */
export function seedTrailEvent(place: Place, record: TrailRecord & { readonly eventName: string }): void {
  keepRecord(place, {
    eventVersion: '1.11',
    userIdentity: {
      type: 'Root',
      accountId: place.account,
      arn: `arn:${place.partition}:iam::${place.account}:root`,
    },
    eventTime: `${new Date(place.world.clock.now()).toISOString().slice(0, 19)}Z`,
    eventSource: 'ec2.amazonaws.com',
    awsRegion: place.region,
    eventID: place.world.random.uuid(),
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: place.account,
    eventCategory: 'Management',
    ...record,
  });
}

/** After every event of the same second: first come, first kept. */
function positionOf(events: readonly HistoryEvent[], at: number): number {
  let position = events.length;
  while (position > 0 && (events[position - 1]?.at ?? 0) > at) position -= 1;
  return position;
}
