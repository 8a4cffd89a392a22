import type { Stoppable } from '../../shared/aws/ec2/stopping/instance.ts';
import { APPLIANCES, leaveAlone } from '../../shared/aws/ec2/stopping/leave.ts';
import { obstacles } from '../../shared/aws/ec2/stopping/obstacles.ts';
import type { Tags } from '../../shared/engine/verdict.ts';
import { type Mark, markFor, readMark } from './mark.ts';
import type { Flaw, FlawKind, Plan } from './plan.ts';
import type { Facts, Tagged } from './resource.ts';
import type { Settings } from './settings.ts';
import { roomFor } from './writable.ts';

/** What follows for a resource from what nobody fills. */
export interface Consequence {
  readonly set: Tags;
  readonly remove: Tags;
  readonly stop: boolean;
  readonly advice: readonly string[];
}

const NOTHING: Consequence = { set: new Map(), remove: new Map(), stop: false, advice: [] };

/** What is only untidy stops nobody's work. */
const GRAVE: readonly FlawKind[] = [
  'missing',
  'conflict',
  'empty',
  'placeholder',
  'not-allowed',
  'no-match',
  'too-long',
];

export function isGrave({ kind }: Flaw): boolean {
  return GRAVE.includes(kind);
}

/** First a mark with a date, and on that date the stop, where nothing forbids it (B2.40). Pure. */
export function consequenceOf(
  resource: Tagged,
  facts: Facts,
  plan: Plan,
  mark: Mark,
  settings: Settings,
  now: Date,
): Consequence {
  const { deadline, onDeadline } = settings;
  const { machine } = resource;
  const open = plan.flaws.some((flaw) => flaw.becomes === undefined && isGrave(flaw));
  if (onDeadline === 'report' || !open || machine === undefined) return withoutMark(resource, deadline.mark);
  const never = neverStopped(machine, facts);
  if (never !== undefined) {
    return { ...withoutMark(resource, deadline.mark), advice: [`It is not going to be stopped. ${never}`] };
  }
  if (!STARTED.includes(machine.state)) return NOTHING;
  switch (mark.state) {
    case 'waiting':
      return { ...NOTHING, advice: [`It is going to be stopped after ${mark.until.toISOString()}.`] };
    case 'due':
      return stopUnlessInTheWay(machine, facts);
    default:
      return marked(resource, plan, mark, settings, now);
  }
}

/** The running instances whose deadline is over, so that their surroundings have to be known. */
export function overdue(
  resources: readonly Tagged[],
  { deadline, onDeadline }: Settings,
  now: Date,
): readonly Stoppable[] {
  if (onDeadline === 'report') return [];
  return resources.flatMap(({ machine, tags }) =>
    machine?.state === 'running' &&
    readMark(tags.get(deadline.mark), deadline, now).state === 'due' &&
    leaveAlone(machine, APPLIANCES) === undefined
      ? [machine]
      : [],
  );
}

const STARTED: readonly string[] = ['pending', 'running'];

/** What can be told before anything is asked: a deadline that nothing follows is no deadline. */
function neverStopped(machine: Stoppable, { around }: Facts): string | undefined {
  const leave = leaveAlone(machine, APPLIANCES);
  return leave?.reason ?? obstacles(machine, around, false).find(({ kind }) => kind === 'tell')?.reason;
}

function stopUnlessInTheWay(machine: Stoppable, { around }: Facts): Consequence {
  const ways = machine.state === 'running' ? obstacles(machine, around, false) : [];
  const advice = ways.map(({ reason }) => `It is overdue, and not stopped. ${reason}`);
  return { ...NOTHING, stop: machine.state === 'running' && ways.length === 0, advice };
}

function marked(resource: Tagged, plan: Plan, mark: Mark, { deadline }: Settings, now: Date): Consequence {
  const { mark: key, days } = deadline;
  if (!roomFor(resource, [...plan.set.keys(), key])) {
    return { ...NOTHING, advice: ['No tag finds room on it, so no deadline was set.'] };
  }
  const advice =
    mark.state === 'tampered' ? [`Its deadline was changed by hand: ${mark.why}; it is set anew.`] : [];
  return {
    ...NOTHING,
    set: new Map([[key, markFor(deadline, now)]]),
    advice: [...advice, `It is going to be stopped in ${days} days unless it is tagged by then.`],
  };
}

function withoutMark({ tags }: Tagged, key: string): Consequence {
  const value = tags.get(key);
  return value === undefined ? NOTHING : { ...NOTHING, remove: new Map([[key, value]]) };
}
