import { arm, type FaultName } from '../stage/faults.ts';
import type { Runtime } from '../stage/runtime.ts';
import type { Scenario, Subject } from '../stage/scenario.ts';
import { idleSweep, machine } from './idle.ts';
import { look } from './reconcile.ts';
import { group, sshEvent, meddlings as sshMeddlings } from './ssh.ts';
import { whatWasDone } from './undo.ts';

const HOUR = 3_600_000;

/** As long as an undo keeps its policy away, and more. */
const EXEMPTION_IS_OVER = 25 * HOUR;

/** What the policy did is being taken back when the function dies over this call; nobody asks again. */
async function brokenOff(runtime: Runtime, operation: string, fault: FaultName): Promise<void> {
  const { fn, run } = await whatWasDone(runtime);
  const armed = arm(runtime, { service: 'ec2', operation, occurrence: 0 }, fault);
  const ended = await runtime.invoke(fn, { undo: run, by: 'ana', reason: 'for the audit', force: true });
  armed.remove();
  runtime.silenceKills = false;
  if (ended !== 'died') throw new Error(`${operation} did not end the undo`);
  await runtime.pass(EXEMPTION_IS_OVER);
}

/** It is looked at by the hour, and then its policy sweeps. */
const afterwards: Pick<Scenario, 'play' | 'recover'> = {
  async play(runtime) {
    await look(runtime);
    runtime.sweep('revoke-open-ssh');
    await runtime.pass(HOUR);
  },
  recover: look,
};

/** Nobody knows whether it was taken back, and a person has to: once the day of his undo is over. */
const toBeTold: Pick<Subject, 'due' | 'says' | 'byJournal'> = {
  due: 'tell',
  says: /the undo broke off/,
  byJournal: true,
};

/** The door was opened again, and nobody wrote it down: after the day of the undo it is due again. */
export const sshUndoLookBack: Scenario = {
  ...sshEvent,
  ...afterwards,
  name: 'undo: looking back after a crash',
  meddlings: sshMeddlings,
  async before(runtime) {
    await runtime.pass(HOUR);
    await brokenOff(runtime, 'AuthorizeSecurityGroupIngress', 'killed right after');
  },
};

/** It was written down that it is going to be opened again, and it was not. */
export const sshUndoLookBackUndone: Scenario = {
  ...sshEvent,
  play: look,
  name: 'undo: looking back at a door that was never opened',
  meddlings: [],
  set: async (account) => [{ ...(await group(account, 'web', ['tcp 22 0.0.0.0/0'], 'tell')), ...toBeTold }],
  async before(runtime) {
    await runtime.pass(HOUR);
    await brokenOff(runtime, 'AuthorizeSecurityGroupIngress', 'killed right before');
  },
};

/** It was written down that it is going to be started again, and it was not. */
export const idleUndoLookBackUndone: Scenario = {
  ...idleSweep,
  play: look,
  name: 'undo: looking back at a machine that was never started',
  meddlings: [],
  set: async (account) => [{ ...machine(account, 'tell'), ...toBeTold }],
  async before(runtime) {
    runtime.sweep('stop-idle-instances');
    await runtime.pass(HOUR);
    await brokenOff(runtime, 'StartInstances', 'killed right before');
  },
};
