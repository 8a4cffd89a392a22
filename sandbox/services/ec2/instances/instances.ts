import type {
  DescribeInstancesRequest,
  DescribeInstancesResult,
  ModifyInstanceAttributeRequest,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import { chosen } from '../chosen.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { groupsFor } from '../groups/find-group.ts';
import { items } from '../groups/trail.ts';
import { filterBy, pageOf } from '../listing.ts';
import { KINDS, missing, resolve } from '../refuse.ts';
import { ec2State } from '../state.ts';
import { onGroups, onInstances } from './demands.ts';
import type { Instance } from './model.ts';
import { instanceFields, showReservation } from './show-instance.ts';

/** Lists instances, grouped by launch; MaxResults counts instances. */
export const DescribeInstances = ec2Operation<DescribeInstancesRequest, DescribeInstancesResult>(
  ['InstanceIds', 'Filters', 'MaxResults', 'NextToken'],
  {
    run(input, call) {
      const state = ec2State.of(call);
      const ids = input.InstanceIds;
      const keep = filterBy<Instance>(input.Filters, instanceFields(state), (instance) => instance.tags);
      const found = chosen(state.instances.seen(), ids, KINDS.instance).filter(keep);
      const page = pageOf(found, input, { min: 5, max: 1000, ids: ids?.length ? 'InstanceIds' : undefined });
      const launches = Map.groupBy(page.items, (instance) => instance.reservationId);
      return {
        Reservations: [...launches.values()].map((instances) => showReservation(call, instances)),
        NextToken: page.NextToken,
      };
    },
  },
);

/** Changes an instance's groups or its termination protection, one attribute a call. */
export const ModifyInstanceAttribute = ec2Operation<ModifyInstanceAttributeRequest, object>(
  ['InstanceId', 'Groups', 'DisableApiTermination'],
  {
    run(input, call) {
      const state = ec2State.of(call);
      const instance = resolve(state.instances.newest, input.InstanceId, KINDS.instance, 'instanceId');
      if (input.Groups && input.DisableApiTermination) {
        throw new AwsError('InvalidParameterCombination', 'Fields for multiple attribute types specified');
      }
      if (input.Groups) {
        const [first] = instance.interfaceIds;
        const primary = first ? state.interfaces.newest.get(first) : undefined;
        if (!primary) {
          const message = `The instance '${instance.id}' is not in a state in which its groups can be modified.`;
          throw new AwsError('IncorrectInstanceState', message);
        }
        const groupIds = groupsFor(call, input.Groups, instance.vpcId);
        state.interfaces.set(primary.id, { ...primary, groupIds });
      } else if (input.DisableApiTermination) {
        const apiTerminationDisabled = input.DisableApiTermination.Value ?? false;
        state.instances.set(instance.id, { ...instance, apiTerminationDisabled });
      } else throw missing('groupSet');
      return {};
    },
    authorize: (input, call) => [
      ...onInstances(call, input.InstanceId ? [input.InstanceId] : []),
      ...onGroups(call, input.Groups),
    ],
    trail: (input) => ({
      request: {
        instanceId: input.InstanceId,
        ...(input.Groups && { groupSet: items(input.Groups.map((groupId) => ({ groupId }))) }),
        ...(input.DisableApiTermination && {
          disableApiTermination: { value: input.DisableApiTermination.Value },
        }),
      },
    }),
  },
);
