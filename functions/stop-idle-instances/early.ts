import { leaveAlone } from '../../shared/aws/ec2/stopping/leave.ts';
import type { Verdict } from '../../shared/engine/verdict.ts';
import type { Instance } from './instance.ts';
import { readKeep } from './keep.ts';
import type { Power } from './remedy.ts';
import { scheduleOf } from './schedule.ts';
import type { Settings } from './settings.ts';
import { settledByState } from './state.ts';
import { inOrder, unknown } from './verdicts.ts';

const HOUR = 3_600_000;

/**
 * What the instance itself settles, without asking anything more: its state, its owner, a tag. Undefined when facts are
 * needed. Also says for which instances facts are worth gathering.
 */
export function prejudge(instance: Instance, settings: Settings, now: Date): Verdict<Power> | undefined {
  const byState = settledByState(instance, now);
  if (byState !== undefined) return byState;
  const leave = leaveAlone(instance, settings.appliances);
  if (leave !== undefined) return inOrder(leave.code, leave.reason);
  if (instance.alarmAction !== undefined) {
    const reason = `The alarm has an action of its own (${instance.alarmAction}): a double action is not needed.`;
    return inOrder('double-action', reason);
  }
  return kept(instance, settings, now) ?? unreadableHours(instance, settings);
}

/** Why idleness cannot be asked of a running instance yet, or undefined. Without facts, so that none are gathered. */
export function tooYoung(
  { launchTime, since }: Instance,
  settings: Settings,
  now: Date,
): Verdict<Power> | undefined {
  if (launchTime === undefined) return unknown('launch-time', 'It cannot be told when it was started.');
  const hours = settings.windowDays * 24 + settings.graceHours;
  const running = (now.getTime() - launchTime.getTime()) / HOUR;
  if (running >= hours) return undefined;
  const age = since === undefined ? '' : `, and exists since ${since.toISOString().slice(0, 10)}`;
  const reason = `It runs for ${Math.floor(running)} hours${age}: too short to tell (${hours} hours are needed).`;
  return inOrder('too-young', reason);
}

function kept({ tags }: Instance, { keepTag, zone }: Settings, now: Date): Verdict<Power> | undefined {
  const value = tags.get(keepTag);
  if (value === undefined) return undefined;
  const keep = readKeep(value, zone, now);
  if (keep.state === 'past') return undefined;
  if (keep.state === 'unreadable') {
    return unknown(
      'keep-unreadable',
      `Its tag ${keepTag} holds no date that can be read, so it is left alone.`,
    );
  }
  const reason = `Its tag ${keepTag} keeps it until ${keep.until.toISOString()}.`;
  return { verdict: 'exempt', reasonCode: 'kept', reason, evidence: [], until: keep.until };
}

function unreadableHours(instance: Instance, settings: Settings): Verdict<Power> | undefined {
  if (scheduleOf(instance, settings).state !== 'unreadable') return undefined;
  const reason = `Its tag ${settings.hours.tag} holds no hours that can be read, so it is left alone.`;
  return unknown('hours-unreadable', reason);
}
