import { seedMeasures } from '../../../sandbox/services/ec2/instances/measures.ts';
import { ec2State } from '../../../sandbox/services/ec2/state.ts';
import type { Account } from '../stage/account.ts';
import { arm, type FaultName } from '../stage/faults.ts';
import type { Runtime } from '../stage/runtime.ts';
import type { Meddling, Scenario, Subject } from '../stage/scenario.ts';
import type { Seen } from '../stage/witness.ts';
import { idleSweep, machine, meddlings as machineMeddlings } from './idle.ts';
import { group, open, rulesOf, sshEvent, meddlings as sshMeddlings } from './ssh.ts';
import { tagged, meddlings as tagMeddlings, tagsSweep } from './tags.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Longer than a run that died holds its lease. */
const LEASE_IS_OVER = 20 * MINUTE;

/** The run dies over this call, and nobody tries it again. */
function brokenOff(call: Pick<Seen, 'service' | 'operation' | 'occurrence'>, fault: FaultName) {
  return async (runtime: Runtime, policy: Scenario['policy']): Promise<void> => {
    const armed = arm(runtime, call, fault);
    const ended = await runtime.invoke(policy, { reeve: 'sweep', time: runtime.account.now().toISOString() });
    armed.remove();
    runtime.silenceKills = false;
    if (ended !== 'died') throw new Error(`${call.operation} did not end the run`);
    runtime.account.events.splice(0);
    await runtime.pass(LEASE_IS_OVER);
  };
}

/** What the run that died left open is looked at, and what it left out of policy is dealt with. */
export async function look(runtime: Runtime): Promise<void> {
  for (const policy of runtime.settings.keys()) if (!policy.startsWith('undo')) runtime.reconcile(policy);
  await runtime.pass(HOUR);
}

const lookBack: Pick<Scenario, 'play' | 'recover'> = { play: look, recover: look };

const gone = (meddlings: readonly Meddling[]) => meddlings.filter(({ name }) => name === 'gone');

const exempted = (meddlings: readonly Meddling[]) => meddlings.filter(({ name }) => name === 'changed');

/** Somebody opens the same door to the world once more: another finding, to be dealt with on its own. */
const openedAgain: Meddling = {
  name: 'opened',
  shownBy: /^DescribeSecurityGroup/,
  meddle: async (account, [first]) => first && void (await open(account, first.id, ['tcp 22 0.0.0.0/0'])),
};

/** Somebody closes it himself: whoever did not is not to say that he did. */
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
  },
};

const doors = {
  ...sshEvent,
  ...lookBack,
  set: async (account: Account) => {
    const subjects = [
      await group(account, 'web', ['tcp 22 0.0.0.0/0', 'tcp 443 0.0.0.0/0'], 'remedy'),
      await group(account, 'office', ['tcp 22 198.51.100.7/32'], 'leave'),
    ];
    account.events.splice(0);
    return subjects;
  },
} satisfies Partial<Scenario>;

const revoke = { service: 'ec2', operation: 'RevokeSecurityGroupIngress', occurrence: 0 };

/** The door was closed, and nobody wrote it down or said it. */
export const sshLookBack: Scenario = {
  ...doors,
  name: 'revoke-open-ssh: looking back after a crash',
  meddlings: [...gone(sshMeddlings), openedAgain],
  before: (runtime) => brokenOff(revoke, 'killed right after')(runtime, 'revoke-open-ssh'),
};

/** It was written down that it is going to be closed, and it was not. */
export const sshLookBackUndone: Scenario = {
  ...doors,
  name: 'revoke-open-ssh: looking back at what was never done',
  meddlings: [...sshMeddlings, closed],
  before: (runtime) => brokenOff(revoke, 'killed right before')(runtime, 'revoke-open-ssh'),
};

const startedAgain: Meddling = {
  name: 'started',
  shownBy: /^DescribeInstances$/,
  async meddle(account, [first]) {
    if (first === undefined || state(account, first) === 'terminated') return;
    await account.as('ec2', 'StartInstances', { InstanceIds: [first.id] });
    first.due = 'leave';
  },
};

const state = (account: Account, { id }: Subject) =>
  ec2State.of(account.inside).instances.newest.get(id)?.state;

const usedAgain: Meddling = {
  name: 'used',
  shownBy: /^GetMetricData$/,
  async meddle(account, [first]) {
    if (first === undefined || state(account, first) !== 'running') return;
    const from = new Date(account.now().getTime() - 30 * MINUTE);
    seedMeasures(account.inside, first.id, { CPUUtilization: 60 }, { from });
    first.due = 'leave';
  },
};

const machines = {
  ...idleSweep,
  ...lookBack,
  set: async (account: Account) => [
    machine(account, 'remedy'),
    machine(account, 'remedy'),
    machine(account, 'leave', { cpu: 60 }),
  ],
} satisfies Partial<Scenario>;

const stop = { service: 'ec2', operation: 'StopInstances', occurrence: 0 };

/** Two machines were stopped by one call, and nobody wrote it down. */
export const idleLookBack: Scenario = {
  ...machines,
  name: 'stop-idle-instances: looking back after a crash',
  meddlings: [...gone(machineMeddlings), startedAgain],
  before: (runtime) => brokenOff(stop, 'killed right after')(runtime, 'stop-idle-instances'),
};

/** It was to be stopped, and was not; somebody needs it by now. */
export const idleLookBackUndone: Scenario = {
  ...machines,
  name: 'stop-idle-instances: looking back at what was never done',
  set: async (account) => [machine(account, 'remedy'), machine(account, 'leave', { cpu: 60 })],
  meddlings: [...exempted(machineMeddlings), usedAgain],
  before: (runtime) => brokenOff(stop, 'killed right before')(runtime, 'stop-idle-instances'),
};

/** Somebody gives the machine the tag himself, with a value of his own. */
const taggedByCarol: Meddling = {
  name: 'tagged',
  shownBy: /^Describe(Instances|Tags)$/,
  async meddle(account, [first]) {
    const Tags = [{ Key: 'Environment', Value: 'prod' }];
    if (first !== undefined) await account.as('ec2', 'CreateTags', { Resources: [first.id], Tags });
  },
};

const tags = {
  ...tagsSweep,
  ...lookBack,
  settings: tagsSweep.settings.replace(', AWS::S3::Bucket', ''),
  set: async (account: Account) => [
    tagged(account, 'remedy', { Name: 'web' }),
    tagged(account, 'leave', { Environment: 'prod' }),
  ],
} satisfies Partial<Scenario>;

const createTags = { service: 'ec2', operation: 'CreateTags', occurrence: 0 };

/** The tag was written, and nobody wrote that down. */
export const tagsLookBack: Scenario = {
  ...tags,
  name: 'enforce-tags: looking back after a crash',
  meddlings: [...gone(tagMeddlings), taggedByCarol],
  before: (runtime) => brokenOff(createTags, 'killed right after')(runtime, 'enforce-tags'),
};

/** The tag was not written; somebody writes it by now. */
export const tagsLookBackUndone: Scenario = {
  ...tags,
  name: 'enforce-tags: looking back at what was never done',
  meddlings: [taggedByCarol],
  before: (runtime) => brokenOff(createTags, 'killed right before')(runtime, 'enforce-tags'),
};
