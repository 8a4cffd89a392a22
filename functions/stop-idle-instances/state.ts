import type { Verdict } from '../../shared/engine/verdict.ts';
import type { Instance } from './instance.ts';
import { called, type Power } from './remedy.ts';
import { inOrder, unknown, violated } from './verdicts.ts';

const STUCK_MINUTES = 30;

/** What the state alone settles; undefined for `running` and `stopped`. Pure. */
export function settledByState(instance: Instance, now: Date): Verdict<Power> | undefined {
  const { state } = instance;
  switch (state) {
    case 'running':
    case 'stopped':
      return undefined;
    case 'pending':
      return inOrder('starting', 'It is starting.');
    case 'stopping':
      return stuck(instance, now) ?? inOrder('already-stopped', 'It is already stopping.');
    case 'shutting-down':
    case 'terminated':
      return inOrder('gone', 'It is terminated.');
    default: {
      const reason = `Its state ${JSON.stringify(state)} is not one that Reeve knows.`;
      return unknown('unknown-state', reason);
    }
  }
}

/** Forcing a stop may damage its disks: a person decides (B1.51). */
function stuck(instance: Instance, now: Date): Verdict<Power> | undefined {
  const minutes = (now.getTime() - (instance.stoppedAt?.getTime() ?? now.getTime())) / 60_000;
  if (minutes <= STUCK_MINUTES) return undefined;
  const reason = `${called(instance)} has been stopping for ${Math.floor(minutes)} minutes.`;
  const advice = ['Forcing it may damage its disks; AWS support can say what holds it.'];
  return { ...violated('stuck-stopping', reason), severity: 'medium', advice };
}
