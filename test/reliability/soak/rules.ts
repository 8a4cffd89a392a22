import type { EmbeddedSettings } from '../../../shared/config/embedded.ts';
import { type FunctionName, settingsOf } from '../stage/functions.ts';

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
}

/** The first deployment of an epoch. */
export function firstRules({ mode, cap }: Pick<Rules, 'mode' | 'cap'>): Rules {
  const times = { windowDays: 1, waitDays: 2, bucketWindowDays: 30, graceMinutes: 10 };
  return { mode, cap, protect: ['keep'], exemptDays: 90, ...times };
}

/** Somebody deploys other settings: mode, cap, protection, or how long exemptions may run. */
export function otherRules(rules: Rules, int: (below: number) => number): Rules {
  switch (int(4)) {
    case 0:
      return { ...rules, mode: rules.mode === 'report' ? 'enforce' : 'report' };
    case 1:
      return { ...rules, cap: 1 + int(6) };
    case 2:
      return { ...rules, protect: rules.protect.length > 1 ? ['keep'] : ['keep', 'freeze'] };
    default:
      return { ...rules, exemptDays: rules.exemptDays === 1 ? 90 : 1 };
  }
}

/** What the build would make of them. */
export function deployment(rules: Rules): ReadonlyMap<FunctionName, EmbeddedSettings> {
  const { mode, cap, protect, exemptDays, windowDays, graceMinutes, bucketWindowDays, waitDays } = rules;
  const common = `mode: ${mode}, caps: { count: ${cap}, percent: 100 }, protect: { tags: [${protect}] }, exemption: { maxDays: ${exemptDays} }`;
  return settingsOf(`version: 1
policies:
  revoke-open-ssh: { ${common} }
  stop-idle-instances: { ${common}, windowDays: ${windowDays}, graceHours: 0 }
  enforce-tags:
    { ${common}, types: [AWS::EC2::Instance], graceMinutes: ${graceMinutes}, tags: [{ key: Owner, default: unowned }] }
  delete-stale-buckets:
    { ${common}, windowDays: ${bucketWindowDays}, waitDays: ${waitDays}, unknownAccessDays: ${bucketWindowDays} }
`);
}
