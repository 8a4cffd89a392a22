import type {
  InstanceStateChange,
  RebootInstancesRequest,
  StartInstancesRequest,
  StartInstancesResult,
  TerminateInstancesRequest,
  TerminateInstancesResult,
} from '@aws-sdk/client-ec2';
import type { Call, TrailDetail } from '../../../core/service.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { items } from '../groups/trail.ts';
import { ec2State } from '../state.ts';
import { onInstances } from './demands.ts';
import { actUnlessProtected, mustBeIn, named, protection, refuseManaged } from './may-change.ts';
import type { Instance } from './model.ts';
import { takeResourceTokens } from './resource-tokens.ts';
import { showState } from './show-instance.ts';
import { boot, end, SHUTDOWN, setSpotState, takePublicIps, userInitiated } from './transitions.ts';

/** Starts stopped instances: a new launch time and, without an Elastic IP, a new public address. */
export const StartInstances = ec2Operation<StartInstancesRequest, StartInstancesResult>(['InstanceIds'], {
  run(input, call) {
    const instances = named(call, input.InstanceIds);
    refuseManaged(instances, call);
    mustBeIn(instances, ['stopped', 'pending', 'running'], 'started');
    takeResourceTokens(call, instances.length);
    const state = ec2State.of(call);
    for (const instance of instances.filter((one) => one.state === 'stopped')) {
      takePublicIps(state, instance);
      setSpotState(state, instance, 'active');
      boot(call, { ...instance, launchTime: call.now });
    }
    return { StartingInstances: changes(call, instances) };
  },
  authorize: (input, call) => onInstances(call, input.InstanceIds),
  trail: instancesSet,
});

/** Terminates instances, with the interfaces and volumes that go with them. */
export const TerminateInstances = ec2Operation<TerminateInstancesRequest, TerminateInstancesResult>(
  ['InstanceIds', 'Force', 'SkipOsShutdown'],
  {
    run(input, call) {
      const instances = named(call, input.InstanceIds);
      refuseManaged(instances, call);
      takeResourceTokens(call, instances.length);
      actUnlessProtected(instances, keptAlive, (instance) => {
        if (instance.state === 'shutting-down' || instance.state === 'terminated') return;
        end(call, instance, SHUTDOWN, userInitiated(call.now));
      });
      return { TerminatingInstances: changes(call, instances) };
    },
    authorize: (input, call) => onInstances(call, input.InstanceIds),
    trail: instancesSet,
  },
);

function keptAlive({ id, state, apiTerminationDisabled, apiStopDisabled }: Instance): string | undefined {
  if (state === 'terminated' || state === 'shutting-down') return undefined;
  if (apiTerminationDisabled) return protection(id, 'terminated', 'disableApiTermination');
  return apiStopDisabled ? protection(id, 'terminated', 'disableApiStop') : undefined;
}

/** Reboots running instances; their state stays `running`. */
export const RebootInstances = ec2Operation<RebootInstancesRequest, object>(['InstanceIds'], {
  run(input, call) {
    const instances = named(call, input.InstanceIds);
    refuseManaged(instances, call);
    mustBeIn(instances, ['running'], 'rebooted');
    return {};
  },
  authorize: (input, call) => onInstances(call, input.InstanceIds),
  trail: instancesSet,
});

/** What each instance was before the call and is now. */
export function changes(call: Call, before: readonly Instance[]): InstanceStateChange[] {
  const { newest } = ec2State.of(call).instances;
  return before.map(({ id, state }) => ({
    InstanceId: id,
    PreviousState: showState(state),
    CurrentState: showState(newest.get(id)?.state ?? state),
  }));
}

/** CloudTrail's request parameters of calls that only name instances. */
export function instancesSet(input: {
  readonly InstanceIds?: readonly string[] | undefined;
}): { request: object } & TrailDetail {
  return {
    request: { instancesSet: items((input.InstanceIds ?? []).map((instanceId) => ({ instanceId }))) },
  };
}
