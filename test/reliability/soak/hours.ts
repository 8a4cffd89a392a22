import { ec2State } from '../../../sandbox/services/ec2/state.ts';
import type { Account } from '../stage/account.ts';
import { tagsOf } from './oracle.ts';

const HALF_HOUR = 1_800_000;
const DAY = 48 * HALF_HOUR;

/** Office hours as they stand on a machine, and when they are open: worked out by hand, in UTC. */
export interface Hours {
  readonly text: string;
  isOpen(at: Date): boolean;
}

const hourOf = (at: Date) => at.getUTCHours() + at.getUTCMinutes() / 60;

/** In the winter of the epochs, in which no clock changes. */
export const HOURS: readonly Hours[] = [
  {
    text: 'mon-fri 08:30-18:00 Europe/Berlin',
    isOpen: (at) => [1, 2, 3, 4, 5].includes(at.getUTCDay()) && hourOf(at) >= 7.5 && hourOf(at) < 17,
  },
  { text: 'daily 22:00-05:30 UTC', isOpen: (at) => hourOf(at) >= 22 || hourOf(at) < 5.5 },
  {
    text: 'mon+wed 20:00-02:00 America/New_York',
    isOpen: (at) => [2, 4].includes(at.getUTCDay()) && hourOf(at) >= 1 && hourOf(at) < 7,
  },
];

/** Whoever wrote this meant something, but what? */
export const UNREADABLE = 'weekdays only';

/** The hours of a machine; undefined where it has none. */
export function hoursOf(account: Account, id: string): Hours | 'unreadable' | undefined {
  const text = tagsOf(account, id).get('reeve:hours');
  return text === undefined ? undefined : (HOURS.find((hours) => hours.text === text) ?? 'unreadable');
}

/** When they opened or closed last, epoch ms: all do at full or half hours. */
function borderOf({ isOpen }: Hours, now: number): number {
  const isNow = isOpen(new Date(now));
  let since = now - (now % HALF_HOUR);
  while (isOpen(new Date(since - 1)) === isNow && now - since < 7 * DAY) since -= HALF_HOUR;
  return since;
}

const machineOf = (account: Account, id: string) => ec2State.of(account.inside).instances.newest.get(id);

/** Which launch of a machine its hours ended, epoch ms: only that is started again. */
export type Asleep = ReadonlyMap<string, number>;

/** Why hours do not close now for a machine, since a run began; undefined where they do. */
export function againstClosing(
  account: Account,
  hours: Hours,
  id: string,
  begunAt: number,
): string | undefined {
  const now = account.world.clock.now();
  if (hours.isOpen(new Date(now)) && hours.isOpen(new Date(begunAt))) return `the hours of ${id} are open`;
  const launched = machineOf(account, id)?.launchTime ?? new Date(now);
  return !hours.isOpen(launched) && now - launched.getTime() < DAY
    ? `somebody started ${id} outside its hours`
    : undefined;
}

/** Why a machine is not to be started, since a run began. */
export function againstStarting(
  account: Account,
  asleep: Asleep,
  id: string,
  begunAt: number,
): string | undefined {
  const hours = hoursOf(account, id);
  if (hours === undefined || hours === 'unreadable') return `${id} has no hours`;
  // Asked again where the first answer was lost: nothing happens to a machine that runs.
  if (['pending', 'running'].includes(machineOf(account, id)?.state ?? '')) return undefined;
  const times = [begunAt, account.world.clock.now()];
  if (!times.some((at) => hours.isOpen(new Date(at)))) return `the hours of ${id} are closed`;
  const isOurs = asleep.get(id) === machineOf(account, id)?.launchTime.getTime();
  return isOurs ? undefined : `${id} was not stopped for its hours`;
}

/** A machine that runs or stands still although its hours say otherwise. */
export interface Outside {
  readonly id: string;
  readonly since: number;
  readonly arose: number;
  readonly says: RegExp;
  /** Only the journal tells who stopped it: its hours by now were open then. Report mode reads none. */
  readonly byJournal?: boolean;
}

/** All of them, each since when: nothing that a person has a hand in. */
export function outside(account: Account, asleep: Asleep): readonly Outside[] {
  const now = account.world.clock.now();
  return [...ec2State.of(account.inside).instances.newest.values()].flatMap(
    ({ id, state, launchTime, transitionReason }): Outside[] => {
      const hours = hoursOf(account, id);
      if (hours === undefined || hours === 'unreadable') return [];
      const launched = launchTime.getTime();
      const border = borderOf(hours, now);
      if (hours.isOpen(new Date(now)))
        return state === 'stopped' && asleep.get(id) === launched
          ? [
              {
                ...{ id, since: border, arose: launched, says: /within its hours|cannot be told/ },
                byJournal: hours.isOpen(stoppedAt(transitionReason)),
              },
            ]
          : [];
      const since = Math.max(border, launched + (hours.isOpen(launchTime) ? 0 : DAY));
      return state === 'running'
        ? [{ id, since, arose: launched, says: /outside its hours|cannot be told/ }]
        : [];
    },
  );
}

/** `User initiated (2026-11-03 13:01:20 GMT)`, as EC2 has it. */
function stoppedAt(transitionReason: string): Date {
  return new Date(/\((.+) GMT\)/.exec(transitionReason)?.[1]?.replace(' ', 'T').concat('Z') ?? Number.NaN);
}

/** Of these machines, those with hours that run, with the launches that a stop would end. */
export function launchesToEnd(
  account: Account,
  ids: readonly string[],
): readonly (readonly [string, number])[] {
  return ids.flatMap((id) => {
    const { state, launchTime } = machineOf(account, id) ?? {};
    const isEnded = state === 'running' && launchTime !== undefined && hoursOf(account, id) !== undefined;
    return isEnded ? [[id, launchTime.getTime()] as const] : [];
  });
}

/** Whether a machine stands still since it ran by that launch. */
export function isAsleep(account: Account, id: string, launch: number): boolean {
  const { state = '', launchTime } = machineOf(account, id) ?? {};
  return ['stopping', 'stopped'].includes(state) && launchTime?.getTime() === launch;
}
