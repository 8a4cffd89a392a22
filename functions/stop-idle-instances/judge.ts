import type { Evidence, Verdict, Violation } from '../../shared/engine/verdict.ts';
import { adviceFor } from './advice.ts';
import type { Facts } from './facts.ts';
import type { Instance } from './instance.ts';
import { readKeep } from './keep.ts';
import { leaveAlone } from './leave.ts';
import { busyByPeak, type Sign, signsOf } from './quiet.ts';
import { called, type Power, starting, stopping } from './remedy.ts';
import { restraint } from './restraint.ts';
import { savingOf } from './saving.ts';
import { OUTSIDE_HOURS, scheduleOf, wishOf } from './schedule.ts';
import type { Settings } from './settings.ts';
import { settledByState } from './state.ts';
import { type Obstacle, obstacles } from './surroundings.ts';

const HOUR = 3_600_000;

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
        remedy: starting(instance),
      };
    case 'stop':
      return stopOr(instance, facts, settings, {
        code: OUTSIDE_HOURS,
        reason: `${called(instance)} runs outside its hours (${wish.hours.text}).`,
        evidence: [{ hours: wish.hours.text, launchTime: instance.launchTime?.toISOString() ?? null }],
        saving: savingOf(instance, wish.hours),
      });
    case 'none':
      if (instance.state !== 'running') return inOrder('already-stopped', `It is already ${instance.state}.`);
  }
  return idleness(instance, facts, settings, now);
}

/**
 * What the instance itself settles, without asking anything more: its state, its owner, a tag. Undefined when facts are
 * needed. Also says for which instances facts are worth gathering.
 */
export function prejudge(instance: Instance, settings: Settings, now: Date): Verdict<Power> | undefined {
  const byState = settledByState(instance, now);
  if (byState !== undefined) return byState;
  const leave = leaveAlone(instance, settings);
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

function idleness(instance: Instance, facts: Facts, settings: Settings, now: Date): Verdict<Power> {
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
      saving: savingOf(instance, undefined),
    },
    held,
  );
}

interface Case {
  readonly code: string;
  readonly reason: string;
  readonly evidence: readonly Evidence[];
  readonly saving: number | 'unknown';
}

/** Stop it, unless something around it is in the way: in use, in doubt, or for a person to decide, in this order. */
function stopOr(
  instance: Instance,
  facts: Facts,
  settings: Settings,
  { code, reason, evidence, saving }: Case,
  held: readonly Obstacle[] = [],
): Verdict<Power> {
  const all = [...held, ...obstacles(instance, facts, settings)];
  const inUse = all.find(({ kind }) => kind === 'in-use');
  if (inUse !== undefined) return inOrder(inUse.code, inUse.reason);
  const doubts = all.filter(({ kind }) => kind === 'unknown');
  const [doubt] = doubts;
  if (doubt !== undefined) return unknown(doubt.code, doubts.map((each) => each.reason).join(' '));
  const told = all.filter(({ kind }) => kind === 'tell');
  const [tell] = told;
  if (tell !== undefined) {
    const verdict = violated(`${code}-${tell.code}`, `${reason} It is left running: ${tell.reason}`);
    const advice = told.slice(1).map((each) => each.reason);
    return { ...verdict, evidence, advice };
  }
  return {
    ...violated(code, reason),
    evidence,
    remedy: stopping(instance, isUnprotected(facts)),
    advice: adviceFor(instance, facts, settings),
    monthlySaving: saving,
  };
}

function isUnprotected({ stopProtected: found }: Facts): boolean {
  return found !== 'not-asked' && 'value' in found && !found.value;
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

function busy(signs: readonly Sign[]): Verdict<Power> {
  const texts = signs.filter(({ state }) => state === 'busy').map(({ text }) => text);
  return inOrder('busy', `It is busy: ${texts.join('; ')}.`);
}

function evidence({ signal, state, text, value, threshold }: Sign): Evidence {
  return { signal, state, text, value: value ?? null, threshold: threshold ?? null };
}

function violated(reasonCode: string, reason: string): Violation<Power> {
  return {
    verdict: 'violation',
    reasonCode,
    reason,
    severity: 'low',
    evidence: [],
    remedy: undefined,
    advice: [],
  };
}

function inOrder(reasonCode: string, reason: string): Verdict<Power> {
  return { verdict: 'compliant', reasonCode, reason, evidence: [] };
}

function unknown(reasonCode: string, reason: string): Verdict<Power> & { readonly verdict: 'unknown' } {
  return { verdict: 'unknown', reasonCode, reason, evidence: [] };
}
