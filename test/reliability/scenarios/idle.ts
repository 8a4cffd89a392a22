import { QUIET, seedMeasures } from '../../../sandbox/services/ec2/instances/measures.ts';
import { seedInstances } from '../../../sandbox/services/ec2/instances/seed.ts';
import { ec2State } from '../../../sandbox/services/ec2/state.ts';
import type { Account } from '../stage/account.ts';
import type { Meddling, Scenario, Subject } from '../stage/scenario.ts';

const HOUR = 3_600_000;

interface Wish {
  readonly cpu?: number;
  readonly tags?: Readonly<Record<string, string>>;
  readonly measured?: boolean;
}

/** A machine that has run for a month and measured this for two days. */
export function machine(
  account: Account,
  due: Subject['due'],
  { cpu = 1, tags = {}, measured = true }: Wish = {},
): Subject {
  const wish = {
    instanceType: 'm5.large',
    tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  };
  const [id = ''] = seedInstances(account.inside, 1, wish);
  const from = new Date(account.now().getTime() - 48 * HOUR);
  if (measured) seedMeasures(account.inside, id, { ...QUIET, CPUUtilization: cpu }, { from });
  return {
    id,
    due,
    allows: ({ operation }) => operation === 'StopInstances',
    isRemedied: () =>
      ['stopping', 'stopped'].includes(ec2State.of(account.inside).instances.newest.get(id)?.state ?? ''),
  };
}

export const meddlings: readonly Meddling[] = [
  {
    name: 'gone',
    shownBy: /^DescribeInstances$/,
    async meddle(account, [first]) {
      if (first === undefined) return;
      await account.as('ec2', 'TerminateInstances', { InstanceIds: [first.id] });
      first.due = 'leave';
    },
  },
  {
    name: 'changed',
    shownBy: /^DescribeInstances$/,
    async meddle(account, [first]) {
      if (first === undefined) return;
      const Tags = [{ Key: 'reeve:exempt', Value: 'T-1 until 2026-12-01' }];
      await account.as('ec2', 'CreateTags', { Resources: [first.id], Tags });
      first.due = 'leave';
    },
  },
];

/** Machines of all kinds. */
export const idleSweep: Scenario = {
  name: 'stop-idle-instances: a sweep',
  policy: 'stop-idle-instances',
  settings: `version: 1
policies:
  stop-idle-instances:
    mode: enforce
    windowDays: 1
    graceHours: 0
    caps: { count: 10, percent: 100 }
    protect: { tags: [keep] }
`,
  cap: 10,
  cadenceMs: HOUR,
  meddlings,
  async set(account) {
    const subjects = [
      machine(account, 'remedy'),
      machine(account, 'remedy'),
      machine(account, 'leave', { cpu: 60 }),
      machine(account, 'leave', { tags: { keep: 'yes' } }),
      machine(account, 'tell', { measured: false }),
    ];
    return subjects;
  },
  async play(runtime) {
    runtime.sweep('stop-idle-instances');
    await runtime.pass(HOUR);
  },
};
