import type { StopInstancesRequest, StopInstancesResult } from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import type { Call } from '../../../core/service.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { ec2State } from '../state.ts';
import { onInstances } from './demands.ts';
import { changes, instancesSet } from './lifecycle.ts';
import { actUnlessProtected, mustBeIn, named, protection, refuseManaged } from './may-change.ts';
import type { Instance } from './model.ts';
import { takeResourceTokens } from './resource-tokens.ts';
import { HIBERNATE, halt, SHUTDOWN, userInitiated } from './transitions.ts';

/** Stops or hibernates running instances; stopping a stopped one changes nothing. */
export const StopInstances = ec2Operation<StopInstancesRequest, StopInstancesResult>(
  ['InstanceIds', 'Force', 'Hibernate', 'SkipOsShutdown'],
  {
    run(input, call) {
      const instances = named(call, input.InstanceIds);
      refuseManaged(instances, call);
      mustBeIn(instances, ['running', 'stopping', 'stopped'], 'stopped');
      for (const instance of instances) mustBeStoppable(call, instance, input.Hibernate ?? false);
      takeResourceTokens(call, instances.length);
      actUnlessProtected(instances, keptRunning, (instance) => {
        const forced = input.Force && instance.state === 'stopping';
        if (instance.state !== 'running' && !forced) return;
        if (forced) ec2State.of(call).whims.delete(instance.id);
        halt(call, instance, reasonFor(call, instance, input.Hibernate ?? false), userInitiated(call.now));
      });
      return { StoppingInstances: changes(call, instances) };
    },
    authorize: (input, call) => onInstances(call, input.InstanceIds),
    trail: (input) => ({
      request: {
        ...instancesSet(input).request,
        ...(input.Hibernate !== undefined && { hibernate: input.Hibernate }),
        force: input.Force ?? false,
      },
    }),
  },
);

function keptRunning({ id, state, apiStopDisabled }: Instance): string | undefined {
  return state === 'running' && apiStopDisabled ? protection(id, 'stopped', 'disableApiStop') : undefined;
}

/** Hibernation that fails is an ordinary shutdown, and reads like one. */
function reasonFor(call: Call, { id }: Instance, hibernate: boolean) {
  return hibernate && !ec2State.of(call).whims.get(id)?.hibernationFails ? HIBERNATE : SHUTDOWN;
}

function mustBeStoppable(call: Call, instance: Instance, hibernate: boolean): void {
  const { id, image, spotRequestId = '', hibernation } = instance;
  if (ec2State.of(call).spotRequests.newest.get(spotRequestId)?.type === 'one-time') {
    const message = `You can't stop the Spot Instance '${id}' because it is associated with a one-time Spot Instance request. You can only stop Spot Instances associated with persistent Spot Instance requests.`;
    throw new AwsError('UnsupportedOperation', message);
  }
  if (image.rootDeviceType === 'instance-store') {
    const message = `The instance '${id}' does not have an 'ebs' root device type and cannot be stopped.`;
    throw new AwsError('UnsupportedOperation', message);
  }
  if (hibernate && !hibernation) {
    const message = `The instance '${id}' is not enabled for hibernation.`;
    throw new AwsError('UnsupportedHibernationConfiguration', message);
  }
}
