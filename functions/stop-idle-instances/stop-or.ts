import type { Obstacle } from '../../shared/aws/ec2/stopping/obstacles.ts';
import type { Evidence, Verdict } from '../../shared/engine/verdict.ts';
import { adviceFor } from './advice.ts';
import type { Facts } from './facts.ts';
import type { Instance } from './instance.ts';
import { type Power, stopping } from './remedy.ts';
import type { Settings } from './settings.ts';
import { idleObstacles } from './surroundings.ts';
import { inOrder, unknown, violated } from './verdicts.ts';

/** Why an instance should be stopped. */
export interface Case {
  readonly code: string;
  readonly reason: string;
  readonly evidence: readonly Evidence[];
  readonly saving: number | 'unknown';
  /** Known beforehand, by office hours. */
  readonly agreed?: boolean;
}

/** Stop it, unless something around it is in the way: in use, in doubt, or for a person to decide, in this order. */
export function stopOr(
  instance: Instance,
  facts: Facts,
  settings: Settings,
  { code, reason, evidence, saving, agreed = false }: Case,
  held: readonly Obstacle[] = [],
): Verdict<Power> {
  const all = [...held, ...idleObstacles(instance, facts, settings)];
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
    remedy: { ...stopping(instance, isUnprotected(facts)), agreed },
    advice: adviceFor(instance, facts, settings, saving),
    monthlySaving: saving,
  };
}

function isUnprotected({ stopProtected: found }: Facts): boolean {
  return found !== 'not-asked' && 'value' in found && !found.value;
}
