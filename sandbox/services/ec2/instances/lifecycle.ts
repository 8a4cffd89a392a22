import type {
  InstanceStateChange,
  StartInstancesRequest,
  StartInstancesResult,
  StopInstancesRequest,
  StopInstancesResult,
  TerminateInstancesRequest,
  TerminateInstancesResult,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import type { Call, TrailDetail } from '../../../core/service.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { items } from '../groups/trail.ts';
import { checkId, KINDS, missing } from '../refuse.ts';
import { ec2State } from '../state.ts';
import { onInstances } from './demands.ts';
import { newPublicIp } from './lay-interface.ts';
import type { Instance, InstanceState } from './model.ts';
import { showState } from './show-instance.ts';

interface Transition {
  /** States in which the request makes sense; in `settled` it changes nothing. */
  readonly from: readonly InstanceState[];
  /** What the answer shows, and where the instance ends up. */
  readonly via: InstanceState;
  readonly settled: InstanceState;
  readonly verb: string;
  readonly reason?: NonNullable<Instance['stateReason']>;
}

const BY_USER = {
  Code: 'Client.UserInitiatedShutdown',
  Message: 'Client.UserInitiatedShutdown: User initiated shutdown',
};
const START: Transition = { from: ['stopped'], via: 'pending', settled: 'running', verb: 'started' };
const STOP: Transition = {
  from: ['pending', 'running'],
  via: 'stopping',
  settled: 'stopped',
  verb: 'stopped',
  reason: BY_USER,
};
const TERMINATE: Transition = {
  from: ['pending', 'running', 'stopping', 'stopped'],
  via: 'shutting-down',
  settled: 'terminated',
  verb: 'terminated',
  reason: BY_USER,
};

/** Starts stopped instances. */
export const StartInstances = ec2Operation<StartInstancesRequest, StartInstancesResult>(['InstanceIds'], {
  run: (input, call) => ({ StartingInstances: move(call, input.InstanceIds, START) }),
  authorize: (input, call) => onInstances(call, input.InstanceIds),
  trail: instancesSet,
});

/** Stops running instances; their addresses on the internet are given back. */
export const StopInstances = ec2Operation<StopInstancesRequest, StopInstancesResult>(
  ['InstanceIds', 'Force'],
  {
    run: (input, call) => ({ StoppingInstances: move(call, input.InstanceIds, STOP) }),
    authorize: (input, call) => onInstances(call, input.InstanceIds),
    trail: (input) => ({ request: { ...instancesSet(input).request, force: input.Force ?? false } }),
  },
);

/** Terminates instances and deletes the interfaces that go with them. */
export const TerminateInstances = ec2Operation<TerminateInstancesRequest, TerminateInstancesResult>(
  ['InstanceIds'],
  {
    run(input, call) {
      for (const { id, apiTerminationDisabled } of named(call, input.InstanceIds)) {
        if (!apiTerminationDisabled) continue;
        const message = `The instance '${id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`;
        throw new AwsError('OperationNotPermitted', message);
      }
      return { TerminatingInstances: move(call, input.InstanceIds, TERMINATE) };
    },
    authorize: (input, call) => onInstances(call, input.InstanceIds),
    trail: instancesSet,
  },
);

/** Every id must exist before any instance changes. */
function named(call: Call, ids: readonly string[] | undefined): readonly Instance[] {
  if (!ids || ids.length === 0) throw missing('InstanceIds');
  const { newest } = ec2State.of(call).instances;
  for (const id of ids) checkId(id, KINDS.instance);
  const lost = ids.filter((id) => !newest.has(id));
  if (lost.length > 1) {
    throw new AwsError(KINDS.instance.notFound, `The instance IDs '${lost.join(', ')}' do not exist`);
  }
  if (lost[0]) throw new AwsError(KINDS.instance.notFound, KINDS.instance.says(lost[0]));
  return [...new Set(ids)].flatMap((id) => newest.get(id) ?? []);
}

function move(call: Call, ids: readonly string[] | undefined, transition: Transition): InstanceStateChange[] {
  const instances = named(call, ids);
  for (const { id, state } of instances) {
    if (state === transition.settled || transition.from.includes(state)) continue;
    const message = `The instance '${id}' is not in a state from which it can be ${transition.verb}.`;
    throw new AwsError('IncorrectInstanceState', message);
  }
  return instances.map((instance) => {
    const moves = instance.state !== transition.settled;
    if (moves) settle(call, instance, transition);
    return {
      InstanceId: instance.id,
      PreviousState: showState(instance.state),
      CurrentState: showState(moves ? transition.via : instance.state),
    };
  });
}

/** The end of a transition: at once, until states take time. */
function settle(call: Call, instance: Instance, { settled, reason }: Transition): void {
  const state = ec2State.of(call);
  const { stateReason: _, ...rest } = instance;
  const interfaces = instance.interfaceIds.flatMap((id) => state.interfaces.newest.get(id) ?? []);
  for (const one of interfaces) {
    const { publicIp: _ip, attachment, ...plain } = one;
    if (settled === 'terminated' && attachment?.deleteOnTermination) state.interfaces.delete(one.id);
    else if (settled === 'terminated') state.interfaces.set(one.id, plain);
    else if (settled === 'stopped')
      state.interfaces.set(one.id, { ...plain, ...(attachment && { attachment }) });
    else if (state.subnets.newest.get(one.subnetId)?.mapPublicIp) {
      state.interfaces.set(one.id, { ...one, publicIp: newPublicIp(state) });
    }
  }
  state.instances.set(instance.id, {
    ...rest,
    state: settled,
    ...(reason && { stateReason: reason }),
    ...(settled === 'running' && { launchTime: call.now }),
    ...(settled === 'terminated' && { interfaceIds: [] }),
  });
}

function instancesSet(input: {
  readonly InstanceIds: readonly string[] | undefined;
}): { request: object } & TrailDetail {
  return {
    request: { instancesSet: items((input.InstanceIds ?? []).map((instanceId) => ({ instanceId }))) },
  };
}
