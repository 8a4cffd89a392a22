import type { Obstacle } from '../../shared/aws/ec2/stopping/obstacles.ts';
import type { Facts } from './facts.ts';
import type { Instance } from './instance.ts';
import { launchOf } from './remedy.ts';
import type { Settings } from './settings.ts';

const HOUR = 3_600_000;

/** What an idle instance's own health and past say against stopping it again. Pure. */
export function restraint(
  instance: Instance,
  facts: Facts,
  settings: Settings,
  now: Date,
): readonly Obstacle[] {
  return [health(facts), ...past(instance, facts, settings, now)].filter((each) => each !== undefined);
}

/** A broken instance has no CPU to measure: CPU 0 means broken there, not idle (B1.19). */
function health({ activity }: Facts): Obstacle | undefined {
  if (activity === 'not-asked') return undefined;
  const checks = activity.metrics.get('StatusCheckFailed') ?? { unknown: 'StatusCheckFailed was not read' };
  const latest = 'unknown' in checks ? undefined : checks.value.values.at(-1);
  if (latest === undefined) {
    const why = 'unknown' in checks ? checks.unknown : 'StatusCheckFailed has no datapoints';
    return { kind: 'unknown', code: 'health', reason: `It cannot be told whether it is healthy: ${why}.` };
  }
  if (latest <= 0) return undefined;
  return { kind: 'tell', code: 'impaired', reason: 'Its status checks fail: it is broken rather than idle.' };
}

/** An owner who starts it again wants it: a cool-down, and after some stops a week a person (B1.59). */
function past(instance: Instance, { stops }: Facts, { restart }: Settings, now: Date): readonly Obstacle[] {
  if (stops === 'not-asked') return [];
  if ('unknown' in stops) {
    const reason = `It cannot be told whether Reeve stopped it before: ${stops.unknown}.`;
    return [{ kind: 'unknown', code: 'journal', reason }];
  }
  const { launchTime } = instance;
  const ago = (at: Date) => (now.getTime() - at.getTime()) / HOUR;
  // One of this very launch broke off, or is under way: nobody started it again since.
  const earlier = stops.value.filter(({ fingerprint }) => fingerprint !== launchOf(instance));
  const [latest] = earlier;
  const restarted = latest !== undefined && launchTime !== undefined && launchTime > latest.at;
  if (restarted && ago(launchTime) < restart.coolDownHours) {
    const reason = `Somebody started it again after Reeve stopped it; it is left alone for ${restart.coolDownHours} hours.`;
    return [{ kind: 'in-use', code: 'cool-down', reason }];
  }
  const ofWeek = earlier.filter(({ at, reasonCode }) => reasonCode === 'idle' && ago(at) <= 7 * 24).length;
  if (ofWeek < restart.stopsPerWeek) return [];
  const reason = `Reeve stopped it ${ofWeek} times within a week, and each time it was started again.`;
  return [{ kind: 'tell', code: 'stopped-often', reason }];
}
