import type { BusEvent } from '../../../sandbox/core/world.ts';
import type { Account } from '../stage/account.ts';
import type { Runtime } from '../stage/runtime.ts';
import type { Scenario, Subject } from '../stage/scenario.ts';
import { isReeve, type Seen } from '../stage/witness.ts';
import { askBack, idleUndo, sshUndo } from './undo.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The undo's call right before which its policy begins to run. */
type Moment = Pick<Seen, 'service' | 'operation'>;

/** What is taken back is looked at by its policy at the same moment, twice, and again by the events of the undo. */
function beside(undo: Scenario, eventOf: (runtime: Runtime) => unknown, from?: Moment) {
  return async (runtime: Runtime, subjects: readonly Subject[]): Promise<void> => {
    const runs: Promise<unknown>[] = [];
    const begin = () => {
      for (const _ of ['once', 'twice']) runs.push(runtime.invoke(undo.policy, eventOf(runtime)));
    };
    const { remove } = runtime.account.world.faults.add({
      kind: 'run',
      // It only looks: it never strikes.
      when: (_input, call) => {
        const isMoment = call.service === from?.service && call.operation === from.operation;
        if (isMoment && isReeve(call) && runs.length === 0) begin();
        return false;
      },
    });
    if (from === undefined) begin();
    runtime.arrivals = () => [0, MINUTE];
    runtime.parallel = 2;
    await askBack(runtime, subjects);
    remove();
    await Promise.all(runs);
    await runtime.pass(HOUR);
  };
}

/** What told the policy of the open door in the first place. */
const opened = new WeakMap<Account, BusEvent>();

const ssh: Scenario = {
  ...sshUndo,
  async before(runtime) {
    const event = runtime.account.events.find(({ detail }) =>
      JSON.stringify(detail).includes('AuthorizeSecurityGroupIngress'),
    );
    if (event === undefined) throw new Error('no event told of the open door');
    opened.set(runtime.account, event);
    await sshUndo.before?.(runtime);
  },
};

const sshEventOf = ({ account }: Runtime) => opened.get(account);
const authorize = { service: 'ec2', operation: 'AuthorizeSecurityGroupIngress' };

/** The policy looks while the door is being opened again. */
export const sshUndoDuring: Scenario = {
  ...ssh,
  name: 'undo beside its event: revoke-open-ssh',
  play: beside(ssh, sshEventOf, authorize),
};

/** The policy began to look before the undo did. */
export const sshUndoAfter: Scenario = {
  ...ssh,
  name: 'undo after its event: revoke-open-ssh',
  play: beside(ssh, sshEventOf),
};

const sweepOf = ({ account }: Runtime) => ({ reeve: 'sweep', time: account.now().toISOString() });

/** A sweep comes by while the machine is being started again. */
export const idleUndoDuring: Scenario = {
  ...idleUndo,
  name: 'undo beside a sweep: stop-idle-instances',
  play: beside(idleUndo, sweepOf, { service: 'ec2', operation: 'StartInstances' }),
};
