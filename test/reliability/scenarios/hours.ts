import { seedInstances } from '../../../sandbox/services/ec2/instances/seed.ts';
import { ec2State } from '../../../sandbox/services/ec2/state.ts';
import type { Account } from '../stage/account.ts';
import type { Runtime } from '../stage/runtime.ts';
import type { Intermission, Meddling, Scenario, Subject } from '../stage/scenario.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** 08:00 to 19:00 in Berlin, where clocks go back an hour in the night to 25 October, written out. */
const OPEN: readonly (readonly [string, string])[] = [
  ['2026-10-24T06:00Z', '2026-10-24T17:00Z'],
  ['2026-10-25T07:00Z', '2026-10-25T18:00Z'],
  ['2026-10-26T07:00Z', '2026-10-26T18:00Z'],
];

const BORDERS = OPEN.flat().map((text) => Date.parse(text));

/** When they opened or closed last, and which of the two. */
function hoursAt(now: number): { readonly isOpen: boolean; readonly since: number } {
  const past = BORDERS.filter((border) => border <= now);
  return { isOpen: past.length % 2 === 1, since: past.at(-1) ?? 0 };
}

const instance = (account: Account, id: string) => ec2State.of(account.inside).instances.newest.get(id);

/** A machine of these hours: it stands still while they are closed, and runs while they are open. */
function machine(account: Account, due: Subject['due'], launched: string): Subject {
  const launchTime = new Date(launched);
  const [id = ''] = seedInstances(account.inside, 1, { instanceType: 'm5.large', launchTime });
  const hours = () => hoursAt(account.world.clock.now());
  return {
    id,
    due,
    get says() {
      return hours().isOpen ? /within its hours|cannot be told/ : /outside its hours|cannot be told/;
    },
    get since() {
      return hours().since;
    },
    allows: ({ operation }) => /^(Start|Stop)Instances$/.test(operation),
    never({ operation }) {
      if (operation === 'StopInstances' && hours().isOpen) return 'its hours are open';
      return operation === 'StartInstances' && !hours().isOpen ? 'its hours are closed' : undefined;
    },
    isRemedied: () => (hours().isOpen ? RUNS : STANDS).includes(instance(account, id)?.state ?? ''),
  };
}

const RUNS: readonly string[] = ['pending', 'running'];
const STANDS: readonly string[] = ['stopping', 'stopped'];

/** Whoever stops a machine has his reasons; whoever starts it while they are closed is at work on it. */
async function switchBy(
  account: Account,
  subject: Subject | undefined,
  operation: 'StartInstances' | 'StopInstances',
): Promise<void> {
  const from = operation === 'StartInstances' ? 'stopped' : 'running';
  if (subject === undefined || instance(account, subject.id)?.state !== from) return;
  await account.as('ec2', operation, { InstanceIds: [subject.id] });
  if (operation === 'StopInstances' || !hoursAt(account.world.clock.now()).isOpen) subject.due = 'leave';
}

const meddlings: readonly Meddling[] = [
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
  {
    name: 'started',
    shownBy: /^DescribeInstances$/,
    meddle: (account, [first]) => switchBy(account, first, 'StartInstances'),
  },
  {
    name: 'stopped',
    shownBy: /^DescribeInstances$/,
    meddle: (account, [first]) => switchBy(account, first, 'StopInstances'),
  },
];

async function sweepAt(runtime: Runtime, times: readonly string[], { look }: Intermission): Promise<void> {
  for (const time of times) {
    const { clock } = runtime.account.world;
    await runtime.pass(Math.max(0, Date.parse(time) - clock.now()));
    runtime.sweep('stop-idle-instances');
    await runtime.pass(20 * MINUTE);
    look();
  }
}

/** An evening, the night in which clocks go back, a morning: one machine works on at night, another is put to bed twice. */
export const officeHours: Scenario = {
  name: 'stop-idle-instances: office hours',
  policy: 'stop-idle-instances',
  now: new Date('2026-10-24T16:30Z'),
  settings: `version: 1
policies:
  stop-idle-instances:
    mode: enforce
    hours: { schedule: "daily 08:00-19:00 Europe/Berlin" }
    restart: { coolDownHours: 72 }
    caps: { count: 10, percent: 100 }
`,
  cap: 10,
  cadenceMs: HOUR,
  meddlings,
  async set(account) {
    const restOf = [
      machine(account, 'remedy', '2026-10-21T09:00Z'),
      machine(account, 'remedy', '2026-10-21T09:00Z'),
      machine(account, 'remedy', '2026-10-21T09:00Z'),
      machine(account, 'remedy', '2026-10-21T09:00Z'),
      machine(account, 'leave', '2026-10-23T22:00Z'),
    ];
    const [off = ''] = seedInstances(account.inside, 1, { state: 'stopped' });
    return [...restOf, { id: off, due: 'leave', allows: () => false, isRemedied: () => true }];
  },
  async play(runtime, subjects, between) {
    const { account } = runtime;
    const [, , owl, restless] = subjects;
    await sweepAt(runtime, ['2026-10-24T17:30Z'], between);
    await runtime.pass(HOUR);
    await between.meanwhile(async () => {
      for (const one of [owl, restless]) await switchBy(account, one, 'StartInstances');
    });
    await runtime.pass(HOUR);
    await between.meanwhile(() => switchBy(account, restless, 'StopInstances'));
    // Summer time would have it open at half past six.
    await sweepAt(runtime, ['2026-10-24T20:30Z', '2026-10-25T06:30Z', '2026-10-25T07:30Z'], between);
  },
  async recover(runtime, _subjects, between) {
    await sweepAt(runtime, ['2026-10-25T10:30Z', '2026-10-25T18:30Z', '2026-10-26T07:30Z'], between);
  },
};
