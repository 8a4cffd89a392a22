import { ec2Arn } from '../demands.ts';
import { type Ec2State, ec2State, type Place } from '../state.ts';
import { giveBack } from './give-back.ts';
import { newPublicIp } from './lay-interface.ts';
import type { Instance, InstanceState, StateReason } from './model.ts';

/** How long each passing state lasts, and how long a terminated instance stays in sight, in ms. */
export const DURATIONS = {
  pending: 15_000,
  stopping: 30_000,
  hibernating: 60_000,
  'shutting-down': 30_000,
  terminated: 3_600_000,
} as const;

export const SHUTDOWN: StateReason = {
  Code: 'Client.UserInitiatedShutdown',
  Message: 'Client.UserInitiatedShutdown: User initiated shutdown',
};
export const HIBERNATE: StateReason = {
  Code: 'Client.UserInitiatedHibernate',
  Message: 'Client.UserInitiatedHibernate: User initiated hibernate',
};

/** `User initiated (2026-11-02 08:00:00 GMT)` */
export function userInitiated(now: Date): string {
  return `User initiated (${now.toISOString().slice(0, 19).replace('T', ' ')} GMT)`;
}

/** A launched or started instance is `pending` for a while, then `running`, unless its start is to fail. */
export function boot(place: Place, instance: Instance): void {
  const pending = enter(place, instance, 'pending', { transitionReason: '' });
  later(place, pending, DURATIONS.pending, (now) => {
    const failure = ec2State.of(place).whims.get(instance.id)?.startFails;
    if (!failure) return void enter(place, now, 'running');
    releasePublicIps(ec2State.of(place), now);
    enter(place, now, 'stopped', { stateReason: failure, transitionReason: failure.Code });
  });
}

/** A running instance is `stopping` for a while, then `stopped` without the address that it had for the while. */
export function halt(place: Place, instance: Instance, reason: StateReason, transitionReason: string): void {
  const state = ec2State.of(place);
  const stopping = enter(place, instance, 'stopping', { stateReason: reason, transitionReason });
  if (state.whims.get(instance.id)?.staysStopping) return;
  const duration = reason.Code === HIBERNATE.Code ? DURATIONS.hibernating : DURATIONS.stopping;
  later(place, stopping, duration, (now) => {
    releasePublicIps(state, now);
    setSpotState(state, now, 'disabled');
    enter(place, now, 'stopped');
  });
}

/** An instance is `shutting-down` for a while, then `terminated`, then out of sight. */
export function end(place: Place, instance: Instance, reason: StateReason, transitionReason: string): void {
  const state = ec2State.of(place);
  const ending = enter(place, instance, 'shutting-down', { stateReason: reason, transitionReason });
  later(place, ending, DURATIONS['shutting-down'], (now) => {
    giveBack(state, now);
    setSpotState(state, now, 'closed');
    const gone = enter(place, { ...now, interfaceIds: [], volumeIds: [] }, 'terminated');
    later(place, gone, DURATIONS.terminated, () => {
      state.instances.delete(instance.id);
      state.health.delete(instance.id);
      state.whims.delete(instance.id);
    });
  });
}

/** Stores the new state and tells EventBridge ("EC2 Instance State-change Notification"). */
function enter(
  place: Place,
  instance: Instance,
  state: InstanceState,
  more: Partial<Instance> = {},
): Instance {
  const { stateReason, ...rest } = instance;
  const keeps = stateReason !== undefined && state !== 'pending' && state !== 'running';
  const next: Instance = {
    ...rest,
    ...(keeps && { stateReason }),
    ...more,
    state,
    turn: instance.turn + 1,
  };
  ec2State.of(place).instances.set(next.id, next);
  const { world, account, region } = place;
  world.emit({
    version: '0',
    id: world.random.uuid(),
    'detail-type': 'EC2 Instance State-change Notification',
    source: 'aws.ec2',
    account,
    time: new Date(world.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
    region,
    resources: [ec2Arn(place, 'instance', next.id)],
    detail: { 'instance-id': next.id, state },
  });
  return next;
}

/** Goes on with an instance after a while, unless its state was changed meanwhile. */
function later(place: Place, { id, turn }: Instance, ms: number, go: (now: Instance) => void): void {
  place.world.clock.at(place.world.clock.now() + ms, () => {
    const now = ec2State.of(place).instances.newest.get(id);
    if (now?.turn === turn) go(now);
  });
}

/** Gives the interfaces of a starting instance new public addresses; Elastic ones stay as they are. */
export function takePublicIps(state: Ec2State, instance: Instance): void {
  for (const id of instance.interfaceIds) {
    const one = state.interfaces.newest.get(id);
    if (!one || one.publicIp || !state.subnets.newest.get(one.subnetId)?.mapPublicIp) continue;
    state.interfaces.set(id, { ...one, publicIp: newPublicIp(state) });
  }
}

function releasePublicIps(state: Ec2State, instance: Instance): void {
  for (const id of instance.interfaceIds) {
    const one = state.interfaces.newest.get(id);
    if (!one || one.elastic) continue;
    const { publicIp: _, ...plain } = one;
    state.interfaces.set(id, plain);
  }
}

/** A Spot request follows its instance; a persistent one whose instance is terminated waits for capacity. */
export function setSpotState(
  state: Ec2State,
  instance: Instance,
  to: 'active' | 'disabled' | 'closed',
): void {
  const request = state.spotRequests.newest.get(instance.spotRequestId ?? '');
  if (!request) return;
  const next = to === 'closed' && request.type === 'persistent' ? 'open' : to;
  state.spotRequests.set(request.id, { ...request, state: next });
}
