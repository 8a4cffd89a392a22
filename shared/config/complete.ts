import type { GuardSettings } from '../engine/ports.ts';
import type { PolicyConfig } from './load.ts';
import type { PolicyCommon, TopLevel } from './schema.ts';

const DEFAULTS = {
  caps: { count: 10, percent: 20, window: '1h' },
  exemption: { tag: 'reeve:exempt', maxDays: 90, remindDays: 7, notice: '1h' },
  breaker: { escalateAt: 3, openAt: 10 },
} as const;

/** A policy's settings with what the file's defaults and Reeve's own say where it says nothing. */
export function complete(
  common: PolicyCommon,
  settings: unknown,
  { accounts, defaults }: TopLevel,
): PolicyConfig {
  const { remindDays, notice, ...exemption } = {
    ...DEFAULTS.exemption,
    ...given(defaults.exemption),
    ...given(common.exemption),
  };
  const guard: GuardSettings = {
    mode: common.mode,
    caps: capsOf({ ...DEFAULTS.caps, ...given(defaults.caps), ...given(common.caps) }),
    exemption: {
      ...exemption,
      setBy: common.exemption?.setBy ?? defaults.exemption?.setBy ?? [],
      ...(remindDays > 0 && { remindMs: remindDays * 86_400_000 }),
      // Only a sweep comes back when the time is over.
      ...(notice !== 'off' && common.schedule !== 'off' && { noticeMs: minutesOf(notice) * 60_000 }),
    },
    protect: {
      // What is protected for all stays protected for each (B6.9).
      ids: [...(defaults.protect?.ids ?? []), ...(common.protect?.ids ?? [])],
      names: [...(defaults.protect?.names ?? []), ...(common.protect?.names ?? [])],
      tags: [...(defaults.protect?.tags ?? []), ...(common.protect?.tags ?? [])],
    },
    breaker: { ...DEFAULTS.breaker, ...given(defaults.breaker), ...given(common.breaker) },
    accounts: accounts.allow,
    ...(common.grace !== undefined && { graceMs: minutesOf(common.grace) * 60_000 }),
  };
  return { guard, settings, schedule: common.schedule, reservedConcurrency: common.reservedConcurrency };
}

/** Several runs an hour are usual, many more are not: a window takes ten times what a run does. */
const RUNS_PER_WINDOW = 10;
/** As the schema has it. */
const MOST_PER_WINDOW = 1000;

const MINUTES: Readonly<Record<string, number>> = { m: 1, h: 60, d: 24 * 60 };

function capsOf(caps: {
  readonly count: number;
  readonly percent: number;
  readonly window: string;
  readonly perWindow?: number;
}): GuardSettings['caps'] {
  const { count, percent, window, perWindow = Math.min(RUNS_PER_WINDOW * count, MOST_PER_WINDOW) } = caps;
  return { count, percent, window: { minutes: minutesOf(window), count: perWindow } };
}

/** `30m`, `1h`, `2d` */
function minutesOf(time: string): number {
  return Number(time.slice(0, -1)) * (MINUTES[time.slice(-1)] ?? Number.NaN);
}

/** Without the keys that are there but undefined: those would hide a default. */
function given<T extends object>(part: T | undefined): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(part ?? {}).filter(([, value]) => value !== undefined);
  // The typed boundary to Object.fromEntries, which forgets what the keys were.
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
