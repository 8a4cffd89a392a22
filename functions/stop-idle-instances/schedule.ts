import type { Facts } from './facts.ts';
import { type Hours, isOpen, parseHours } from './hours.ts';
import type { Instance } from './instance.ts';
import { launchOf } from './remedy.ts';
import type { Settings } from './settings.ts';

/** The office hours of one instance: its tag's, or the policy's. */
export type Schedule =
  | { readonly state: 'none' }
  | { readonly state: 'unreadable'; readonly text: string }
  | { readonly state: 'set'; readonly hours: Hours; readonly byTag: boolean };

/** What the hours ask for now; `unclear` names what is missing to tell. */
export type Wish =
  | { readonly wish: 'none' }
  | { readonly wish: 'stop'; readonly hours: Hours }
  | { readonly wish: 'start'; readonly hours: Hours; readonly proof: string }
  | { readonly wish: 'respect'; readonly reason: string }
  | { readonly wish: 'unclear'; readonly why: string };

/** The code under which Reeve's own stops outside the hours are journaled: what a later start is allowed by. */
export const OUTSIDE_HOURS = 'outside-hours';

const HOUR = 3_600_000;

/** Which office hours hold for an instance. A tag that cannot be read keeps it from everything. */
export function scheduleOf({ tags }: Instance, { hours, zone }: Settings): Schedule {
  const own = tags.get(hours.tag);
  if (own !== undefined) {
    const parsed = parseHours(own, zone);
    return parsed ? { state: 'set', hours: parsed, byTag: true } : { state: 'unreadable', text: own };
  }
  const chosen = hours.only?.some((wanted) =>
    [...tags].some(([key, value]) => wanted === key || wanted === `${key}=${value}`),
  );
  const policy =
    chosen === false || hours.schedule === undefined ? undefined : parseHours(hours.schedule, zone);
  return policy ? { state: 'set', hours: policy, byTag: false } : { state: 'none' };
}

/** Whether the hours want an instance stopped or started now. Pure; the clock on the wall decides (B1.57). */
export function wishOf(
  instance: Instance,
  schedule: Schedule,
  stops: Facts['stops'],
  settings: Settings,
  now: Date,
): Wish {
  if (schedule.state !== 'set') return { wish: 'none' };
  const open = isOpen(schedule.hours, now);
  if (instance.state === 'running')
    return open ? { wish: 'none' } : closing(instance, schedule.hours, settings, now);
  if (instance.state !== 'stopped' || !open || !settings.hours.start) return { wish: 'none' };
  return opening(instance, schedule, stops);
}

/** Who starts a machine after hours wants to work: it is left alone for the cool-down (B1.59). */
function closing({ launchTime }: Instance, hours: Hours, { restart }: Settings, now: Date): Wish {
  if (launchTime === undefined) return { wish: 'unclear', why: 'when it was started' };
  const age = (now.getTime() - launchTime.getTime()) / HOUR;
  if (isOpen(hours, launchTime) || age >= restart.coolDownHours) return { wish: 'stop', hours };
  const reason = `Somebody started it outside its hours (${hours.text}); it is left alone for ${restart.coolDownHours} hours.`;
  return { wish: 'respect', reason };
}

/**
 * Only what the hours stopped comes back, by our own journal. Where none is kept, as in report mode, a tagged one that
 * went down while it was closed is told.
 */
function opening(
  instance: Instance,
  { hours, byTag }: Schedule & { state: 'set' },
  stops: Facts['stops'],
): Wish {
  if (stops !== 'not-asked' && 'unknown' in stops) {
    return { wish: 'unclear', why: `why it was stopped: ${stops.unknown}` };
  }
  const own =
    stops === 'not-asked' ? undefined : stops.value.find((one) => one.fingerprint === launchOf(instance));
  if (own !== undefined) {
    if (own.reasonCode !== OUTSIDE_HOURS)
      return { wish: 'respect', reason: 'It was stopped because it was idle.' };
    return { wish: 'start', hours, proof: `its hours stopped it on ${own.at.toISOString()}` };
  }
  const { stoppedAt } = instance;
  // A journal that knows of no stop of ours says that a person stopped it, who had his reasons.
  if (stops !== 'not-asked' || !byTag || stoppedAt === undefined || isOpen(hours, stoppedAt)) {
    return { wish: 'respect', reason: 'Its hours did not stop it, so they do not start it.' };
  }
  return { wish: 'start', hours, proof: `it was stopped while closed, on ${stoppedAt.toISOString()}` };
}
