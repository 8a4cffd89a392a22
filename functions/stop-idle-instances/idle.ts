import type { Evidence, Verdict } from '../../shared/engine/verdict.ts';
import { tooYoung } from './early.ts';
import type { Facts } from './facts.ts';
import type { Instance } from './instance.ts';
import { busyByPeak, type Sign, signsOf } from './quiet.ts';
import { called, type Power } from './remedy.ts';
import { restraint } from './restraint.ts';
import { savingOf } from './saving.ts';
import type { Settings } from './settings.ts';
import { stopOr } from './stop-or.ts';
import { inOrder, unknown } from './verdicts.ts';

const HOUR = 3_600_000;

/** Whether a running instance was idle for the whole window by every signal, and may be stopped. Pure. */
export function idleness(instance: Instance, facts: Facts, settings: Settings, now: Date): Verdict<Power> {
  const young = tooYoung(instance, settings, now);
  if (young !== undefined) return young;
  const { activity } = facts;
  if (activity === 'not-asked') return unknown('metrics-unread', 'Its metrics were not read.');

  // Quiet for less than the window proves nothing about the window.
  if (activity.to - activity.from < settings.windowDays * 24 * HOUR) {
    return unknown('window-short', `Its metrics cover less than ${settings.windowDays} days.`);
  }
  const peak = busyByPeak(activity.metrics.get('cpu-peak'), settings);
  if (peak !== undefined) return busy([peak]);
  const type = facts.type === 'not-asked' ? { unknown: 'its type was not looked up' } : facts.type;
  const signs = signsOf(instance, activity, type, settings);
  if (signs.some(({ state }) => state === 'busy')) return busy(signs);
  const missing = signs.filter(({ state }) => state === 'unknown');
  if (missing.length > 0) {
    const texts = [...new Set(missing.map(({ text }) => text))];
    const reason = `It cannot be told whether ${called(instance)} is idle: ${texts.join('; ')}.`;
    return { ...unknown('insufficient-data', reason), evidence: signs.map(evidence) };
  }

  const held = restraint(instance, facts, settings, now);
  const quiet = signs.filter(({ state }) => state === 'quiet').map(({ text }) => text);
  return stopOr(
    instance,
    facts,
    settings,
    {
      code: 'idle',
      reason: `${called(instance)} was idle for ${settings.windowDays} days: ${quiet.join('; ')}.`,
      evidence: signs.map(evidence),
      saving: savingOf(instance, facts, undefined),
    },
    held,
  );
}

function busy(signs: readonly Sign[]): Verdict<Power> {
  const texts = signs.filter(({ state }) => state === 'busy').map(({ text }) => text);
  return inOrder('busy', `It is busy: ${texts.join('; ')}.`);
}

function evidence({ signal, state, text, value, threshold }: Sign): Evidence {
  return { signal, state, text, value: value ?? null, threshold: threshold ?? null };
}
