import type { Stoppable } from '../../shared/aws/ec2/stopping/instance.ts';
import { APPLIANCES, leaveAlone } from '../../shared/aws/ec2/stopping/leave.ts';
import { type Obstacle, obstacles, uses } from '../../shared/aws/ec2/stopping/obstacles.ts';
import type { Coming, Tags } from '../../shared/engine/verdict.ts';
import { type Mark, markFor, type Penalty, readMark } from './mark.ts';
import type { Flaw, FlawKind, Plan } from './plan.ts';
import type { Facts, Tagged } from './resource.ts';
import type { Settings } from './settings.ts';
import { roomFor } from './writable.ts';

/** What is done to an instance when its deadline is over. */
export type Measure =
  | { readonly penalty: 'stop' }
  /** Its interfaces get this group alone, which lets nothing in and nothing out. */
  | { readonly penalty: 'quarantine'; readonly groupId: string };

/** What follows for a resource from what nobody fills. */
export interface Consequence {
  readonly set: Tags;
  readonly remove: Tags;
  readonly measure: Measure | undefined;
  readonly advice: readonly string[];
  /** Something is not known on which a measure depends. */
  readonly undecided?: boolean;
  readonly coming?: Coming;
}

const NOTHING: Consequence = { set: new Map(), remove: new Map(), measure: undefined, advice: [] };

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

/** First a mark with a date, and on that date the stop or quarantine, where nothing forbids it (B2.40). Pure. */
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
  const never = neverDone(onDeadline, machine, facts);
  if (never !== undefined) {
    return {
      ...withoutMark(resource, deadline.mark),
      advice: [`It is not going to be ${DONE[onDeadline]}. ${never}`],
    };
  }
  if (!STARTED.includes(machine.state)) return NOTHING;
  switch (mark.state) {
    case 'waiting':
      return {
        ...NOTHING,
        advice: [`It is going to be ${DONE[onDeadline]} after ${mark.until.toISOString()}.`],
        coming: comingOf(onDeadline, resource, mark.until),
      };
    case 'due':
      if (machine.state !== 'running') return NOTHING;
      return {
        ...due(onDeadline, resource, machine, facts),
        coming: comingOf(onDeadline, resource, mark.until),
      };
    default:
      return marked(onDeadline, resource, plan, mark, settings, now);
  }
}

/** The running instances whose deadline is over, so that their surroundings have to be known. */
export function overdue(resources: readonly Tagged[], settings: Settings, now: Date): readonly Stoppable[] {
  if (settings.onDeadline === 'report') return [];
  return resources.flatMap(({ machine, tags }) =>
    machine?.state === 'running' &&
    readMark(tags.get(settings.deadline.mark), settings, now).state === 'due' &&
    leaveAlone(machine, APPLIANCES) === undefined
      ? [machine]
      : [],
  );
}

/** Whether its interfaces have this group alone. */
export function isCutOff({ interfaces }: Pick<Tagged, 'interfaces'>, groupId: string): boolean {
  return interfaces.every(({ groupIds }) => groupIds.length === 1 && groupIds[0] === groupId);
}

const DONE: Readonly<Record<Penalty, string>> = { stop: 'stopped', quarantine: 'put into quarantine' };
const STARTED: readonly string[] = ['pending', 'running'];

/** What can be told before anything is asked: a deadline that nothing follows is no deadline. */
function neverDone(penalty: Penalty, machine: Stoppable, { around }: Facts): string | undefined {
  const leave = leaveAlone(machine, APPLIANCES);
  if (leave !== undefined || penalty === 'quarantine') return leave?.reason;
  return obstacles(machine, around, false).find(({ kind }) => kind === 'tell')?.reason;
}

function due(penalty: Penalty, resource: Tagged, machine: Stoppable, facts: Facts): Consequence {
  if (penalty === 'stop') {
    return unlessInTheWay(penalty, { penalty }, obstacles(machine, facts.around, false));
  }
  const { quarantine } = facts;
  if (quarantine === 'not-asked' || 'unknown' in quarantine) {
    const why = quarantine === 'not-asked' ? 'its quarantine group was not looked up' : quarantine.unknown;
    const reason = `It cannot be cut off: ${why}.`;
    return unlessInTheWay(penalty, undefined, [{ kind: 'unknown', code: 'quarantine-group', reason }]);
  }
  if (isCutOff(resource, quarantine.value)) {
    return { ...NOTHING, advice: ['It is in quarantine; take that change back once it is tagged.'] };
  }
  return unlessInTheWay(penalty, { penalty, groupId: quarantine.value }, uses(facts.around));
}

function unlessInTheWay(
  penalty: Penalty,
  measure: Measure | undefined,
  ways: readonly Obstacle[],
): Consequence {
  if (ways.length === 0)
    return { ...NOTHING, measure, advice: measure?.penalty === 'quarantine' ? [TRACKED] : [] };
  return {
    ...NOTHING,
    advice: ways.map(({ reason }) => `It is overdue, and not ${DONE[penalty]}. ${reason}`),
    undecided: ways.some(({ kind }) => kind === 'unknown'),
  };
}

function comingOf(penalty: Penalty, { id }: Tagged, until: Date): Coming {
  const summary = penalty === 'stop' ? `Stop ${id}` : `Quarantine ${id}`;
  return { summary, since: undefined, due: until, stop: 'give it the tags that it should have' };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html */
const TRACKED = 'Connections that are open by then stay open until they end: only a network ACL cuts them.';

function marked(
  penalty: Penalty,
  resource: Tagged,
  plan: Plan,
  mark: Mark,
  { deadline }: Settings,
  now: Date,
): Consequence {
  const { mark: key, days } = deadline;
  if (!roomFor(resource, [...plan.set.keys(), key])) {
    return { ...NOTHING, advice: ['No tag finds room on it, so no deadline was set.'] };
  }
  const advice =
    mark.state === 'tampered' ? [`Its deadline was changed by hand: ${mark.why}; it is set anew.`] : [];
  return {
    ...NOTHING,
    set: new Map([[key, markFor(penalty, deadline, now)]]),
    advice: [...advice, `It is going to be ${DONE[penalty]} in ${days} days unless it is tagged by then.`],
  };
}

function withoutMark({ tags }: Tagged, key: string): Consequence {
  const value = tags.get(key);
  return value === undefined ? NOTHING : { ...NOTHING, remove: new Map([[key, value]]) };
}
