import { seedMeasures } from '../../../sandbox/services/ec2/instances/measures.ts';
import { ec2State } from '../../../sandbox/services/ec2/state.ts';
import type { Account } from '../stage/account.ts';
import type { PolicyName } from '../stage/functions.ts';
import { lettersTo } from '../stage/letters.ts';
import type { Runtime } from '../stage/runtime.ts';
import type { Meddling, Scenario, Subject } from '../stage/scenario.ts';
import type { Seen } from '../stage/witness.ts';
import { idleSweep, machine, meddlings as machineMeddlings } from './idle.ts';
import { group, rulesOf, sshEvent, meddlings as sshMeddlings } from './ssh.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const GRACE = 24 * HOUR;

/** Why it is too early for a change: the last date that people read, and the whole grace since they first read it. */
function tooEarly(account: Account, policy: PolicyName, id: string): string | undefined {
  const dates = lettersTo(account).flatMap((letter) =>
    letter.told.flatMap(({ id: told, words }) => {
      const due = /^ {2}Queued: .*not before (\S+Z)/m.exec(words)?.[1];
      return letter.policy === policy && told === id && due ? [{ at: letter.at, due: Date.parse(due) }] : [];
    }),
  );
  const last = dates.at(-1);
  if (last === undefined) return 'nobody was told of its grace';
  const told = Math.min(...dates.filter(({ due }) => due === last.due).map(({ at }) => at));
  const from = Math.max(last.due, told + GRACE);
  return account.now().getTime() < from ? `its grace lasts until ${new Date(from).toISOString()}` : undefined;
}

const instance = (account: Account, id: string) => ec2State.of(account.inside).instances.newest.get(id);

const MARK = 'reeve:stop-idle-instances-after';

function tagOf(account: Account, id: string, key: string): string | undefined {
  return instance(account, id)?.tags.find(({ Key }) => Key === key)?.Value;
}

/** The tags that a call writes or removes: CreateTags' and DeleteTags' own input. */
function tagsIn({ input }: Seen): readonly { readonly Key?: string; readonly Value?: string }[] {
  return (
    (input as { readonly Tags?: readonly { readonly Key?: string; readonly Value?: string }[] }).Tags ?? []
  );
}

/** An idle machine that shows its date, and shows it no more once it is stopped, exempt or in use. */
function idle(account: Account): Subject {
  const stopped = machine(account, 'remedy');
  const { id } = stopped;
  const isKept = () =>
    tagOf(account, id, 'reeve:exempt') !== undefined || used.get(account)?.has(id) === true;
  return {
    ...stopped,
    allows: (call) => {
      if (call.operation === 'StopInstances') return !isKept();
      const tags = tagsIn(call);
      if (tags.length !== 1 || tags[0]?.Key !== MARK) return false;
      if (isKept() || stopped.isRemedied()) return call.operation === 'DeleteTags';
      const due = Date.parse(tags[0].Value ?? '');
      return call.operation === 'CreateTags' && due >= account.now().getTime() + GRACE;
    },
    never: ({ operation }) =>
      operation === 'StopInstances' ? tooEarly(account, 'stop-idle-instances', id) : undefined,
    isRemedied: () => (isKept() || stopped.isRemedied()) && tagOf(account, id, MARK) === undefined,
    // A tag that could not be taken off is no finding: the next sweep tries again.
    isUnderWay: () => isKept() || stopped.isRemedied(),
  };
}

/** Machines that somebody has come to use. */
const used = new WeakMap<Account, Set<string>>();

const usedAgain: Meddling = {
  name: 'used',
  shownBy: /^GetMetricData$/,
  async meddle(account, [first]) {
    if (first === undefined) return;
    const from = new Date(account.now().getTime() - 30 * MINUTE);
    seedMeasures(account.inside, first.id, { CPUUtilization: 60 }, { from });
    used.set(account, new Set([first.id]));
  },
};

const exempted: Meddling = {
  name: 'changed',
  shownBy: /^DescribeInstances$/,
  async meddle(account, [first]) {
    const Tags = [{ Key: 'reeve:exempt', Value: 'T-1 until 2026-12-01' }];
    await account.as('ec2', 'CreateTags', { Resources: [first?.id], Tags });
  },
};

/** Found and told, looked at meanwhile, due, and looked at once more. */
const through = (policy: PolicyName) => async (runtime: Runtime) => {
  for (const hours of [12, 13, 1, 1]) {
    runtime.sweep(policy);
    await runtime.pass(hours * HOUR);
  }
};

const machines = {
  ...idleSweep,
  settings: idleSweep.settings.replace('mode: enforce', 'mode: enforce\n    grace: 1d'),
  meddlings: [...machineMeddlings.filter(({ name }) => name === 'gone'), exempted, usedAgain],
  set: async (account) => [
    idle(account),
    idle(account),
    machine(account, 'leave', { cpu: 60 }),
    machine(account, 'leave', { tags: { keep: 'yes' } }),
  ],
} satisfies Partial<Scenario>;

/** Idle machines are given a day, and are stopped when it is over, unless somebody needs them. */
export const idleGrace: Scenario = {
  ...machines,
  name: 'stop-idle-instances: a grace',
  play: through('stop-idle-instances'),
  recover: through('stop-idle-instances'),
};

/** The day has begun: the tag on the machine says what the mark in the journal says. */
export const idlePromise: Scenario = { ...machines, name: 'stop-idle-instances: a grace begins' };

const closed: Meddling = {
  name: 'closed',
  shownBy: /^DescribeSecurityGroup/,
  async meddle(account, [first]) {
    if (first === undefined) return;
    const SecurityGroupRuleIds = rulesOf(account, first.id)
      .filter(({ toPort }) => toPort === 22)
      .map(({ id }) => id);
    if (SecurityGroupRuleIds.length > 0)
      await account.as('ec2', 'RevokeSecurityGroupIngress', { GroupId: first.id, SecurityGroupRuleIds });
    first.due = 'leave';
  },
};

async function grantedTime(account: Account, name: string, rules: readonly string[]): Promise<Subject> {
  const subject = await group(account, name, rules, 'remedy');
  return { ...subject, never: () => tooEarly(account, 'revoke-open-ssh', subject.id) };
}

/** Somebody opens SSH to the world, and is given a day: the event gives the date, a sweep keeps it. */
export const sshGrace: Scenario = {
  ...sshEvent,
  name: 'revoke-open-ssh: a grace',
  settings: sshEvent.settings.replace('mode: enforce', 'mode: enforce, grace: 1d'),
  meddlings: [...sshMeddlings, closed],
  set: async (account) => [
    await grantedTime(account, 'web', ['tcp 22 0.0.0.0/0', 'tcp 443 0.0.0.0/0']),
    await group(account, 'office', ['tcp 22 198.51.100.7/32'], 'leave'),
  ],
  async play(runtime) {
    await runtime.pass(HOUR);
    await through('revoke-open-ssh')(runtime);
  },
  recover: through('revoke-open-ssh'),
};
