import type { Evidence, Verdict } from '../../shared/engine/verdict.ts';
import { prejudge } from './early.ts';
import type { Facts } from './facts.ts';
import type { Hours } from './hours.ts';
import { idleness } from './idle.ts';
import type { Instance } from './instance.ts';
import { called, type Power, starting } from './remedy.ts';
import { savingOf } from './saving.ts';
import { OUTSIDE_HOURS, scheduleOf, wishOf } from './schedule.ts';
import type { Settings } from './settings.ts';
import { stopOr } from './stop-or.ts';
import { inOrder, unknown, violated } from './verdicts.ts';

/** An instance that nobody uses, or that runs outside its hours, is stopped; every doubt keeps it running. Pure. */
export function judge(instance: Instance, facts: Facts, settings: Settings, now: Date): Verdict<Power> {
  const early = prejudge(instance, settings, now);
  if (early !== undefined) return early;

  const schedule = scheduleOf(instance, settings);
  const wish = wishOf(instance, schedule, facts.stops, settings, now);
  switch (wish.wish) {
    case 'unclear':
      return unknown('hours-unclear', `It cannot be told ${wish.why}.`);
    case 'respect':
      return inOrder('hours-respected', wish.reason);
    case 'start':
      return {
        ...violated(
          'within-hours',
          `${called(instance)} is stopped within its hours (${wish.hours.text}): ${wish.proof}.`,
        ),
        evidence: evidenceOf(instance, wish.hours),
        remedy: starting(instance),
      };
    case 'stop':
      return stopOr(instance, facts, settings, {
        code: OUTSIDE_HOURS,
        reason: `${called(instance)} runs outside its hours (${wish.hours.text}).`,
        evidence: evidenceOf(instance, wish.hours),
        saving: savingOf(instance, facts, wish.hours),
        agreed: true,
      });
    case 'none':
      if (instance.state !== 'running') return inOrder('already-stopped', `It is already ${instance.state}.`);
  }
  return idleness(instance, facts, settings, now);
}

/** Of another launch it is another finding. */
function evidenceOf({ launchTime }: Instance, { text }: Hours): readonly Evidence[] {
  return [{ hours: text, launchTime: launchTime?.toISOString() ?? null }];
}
