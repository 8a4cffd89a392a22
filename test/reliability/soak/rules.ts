import { createRandom } from '../../../sandbox/core/random.ts';
import type { EmbeddedSettings } from '../../../shared/config/embedded.ts';
import { type FunctionName, settingsOf } from '../stage/functions.ts';
import { VAULT } from './vault.ts';

/** A policy that may give its owners time. */
export type Patient = 'revoke-open-ssh' | 'stop-idle-instances';

/** What the settings of a soak say, in the terms of the specification. */
export interface Rules {
  readonly mode: 'report' | 'enforce';
  /** Most resources that one run may change. */
  readonly cap: number;
  /** Tags that protect whatever carries them. */
  readonly protect: readonly string[];
  /** Longest time ahead that an exemption may run, days. */
  readonly exemptDays: number;
  readonly windowDays: number;
  readonly waitDays: number;
  readonly bucketWindowDays: number;
  readonly graceMinutes: number;
  /** From when owners read of a finding to its remedy, hours; 0: no time is given. */
  readonly graceHours: Readonly<Record<Patient, number>>;
  /** Whether all objects are archived before anything is deleted. */
  readonly archives: boolean;
}

/** By what the first deployment is drawn. */
interface Wish extends Pick<Rules, 'mode' | 'cap' | 'archives'> {
  readonly seed: number;
  /** Hours of grace that settings are drawn from. */
  readonly graces: readonly number[];
}

/** The first deployment of an epoch. */
export function firstRules({ mode, cap, archives, seed, graces }: Wish): Rules {
  const { int } = createRandom(seed);
  const graceHours = { 'revoke-open-ssh': graceOf(int, graces), 'stop-idle-instances': graceOf(int, graces) };
  const times = { windowDays: 1, waitDays: 2, bucketWindowDays: 30, graceMinutes: 10, graceHours };
  return { mode, cap, archives, protect: ['keep'], exemptDays: 90, ...times };
}

function graceOf(int: (below: number) => number, graces: readonly number[]): number {
  return graces[int(graces.length)] ?? 0;
}

/** Whether owners are given time, by these settings. */
export function hasGrace({ mode, graceHours }: Rules, policy: string): boolean {
  return (
    mode === 'enforce' && Object.entries(graceHours).some(([name, hours]) => name === policy && hours > 0)
  );
}

/** Somebody deploys other settings: mode, cap, protection, how long exemptions may run, or how much time is given. */
export function otherRules(rules: Rules, int: (below: number) => number, graces: readonly number[]): Rules {
  switch (int(6)) {
    case 0:
      return { ...rules, mode: rules.mode === 'report' ? 'enforce' : 'report' };
    case 1:
      return { ...rules, cap: 1 + int(6) };
    case 2:
      return { ...rules, protect: rules.protect.length > 1 ? ['keep'] : ['keep', 'freeze'] };
    case 3:
      return { ...rules, graceHours: { ...rules.graceHours, 'revoke-open-ssh': graceOf(int, graces) } };
    case 4:
      return { ...rules, graceHours: { ...rules.graceHours, 'stop-idle-instances': graceOf(int, graces) } };
    default:
      return { ...rules, exemptDays: rules.exemptDays === 1 ? 90 : 1 };
  }
}

/** What the build would make of them. */
export function deployment(rules: Rules): ReadonlyMap<FunctionName, EmbeddedSettings> {
  const { mode, cap, protect, exemptDays, windowDays, graceMinutes, bucketWindowDays, waitDays } = rules;
  const grace = (policy: Patient) =>
    rules.graceHours[policy] === 0 ? '' : `, grace: ${rules.graceHours[policy]}h`;
  const archive = rules.archives ? `, archiveBucket: ${VAULT}, archiveClass: GLACIER_IR` : '';
  const common = `mode: ${mode}, caps: { count: ${cap}, percent: 100 }, protect: { tags: [${protect}] }, exemption: { maxDays: ${exemptDays} }`;
  return settingsOf(`version: 1
policies:
  revoke-open-ssh: { ${common}${grace('revoke-open-ssh')} }
  stop-idle-instances:
    { ${common}, windowDays: ${windowDays}, graceHours: 0${grace('stop-idle-instances')} }
  enforce-tags:
    { ${common}, types: [AWS::EC2::Instance], graceMinutes: ${graceMinutes}, tags: [{ key: Owner, default: unowned }] }
  delete-stale-buckets:
    { ${common}, windowDays: ${bucketWindowDays}, waitDays: ${waitDays}, unknownAccessDays: ${bucketWindowDays}${archive} }
`);
}
