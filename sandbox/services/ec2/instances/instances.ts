import type {
  DescribeInstancesRequest,
  DescribeInstancesResult,
  InstanceMonitoring,
  MonitorInstancesRequest,
  MonitorInstancesResult,
  UnmonitorInstancesRequest,
  UnmonitorInstancesResult,
} from '@aws-sdk/client-ec2';
import type { Call } from '../../../core/service.ts';
import { chosen } from '../chosen.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { filterBy, pageOf } from '../listing.ts';
import { KINDS } from '../refuse.ts';
import { ec2State } from '../state.ts';
import { onInstances } from './demands.ts';
import { instancesSet } from './lifecycle.ts';
import { named } from './may-change.ts';
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

/** Switches an instance's metrics to one a minute. */
export const MonitorInstances = ec2Operation<MonitorInstancesRequest, MonitorInstancesResult>(
  ['InstanceIds'],
  {
    run: (input, call) => ({ InstanceMonitorings: monitor(call, input.InstanceIds, true) }),
    authorize: (input, call) => onInstances(call, input.InstanceIds),
    trail: instancesSet,
  },
);

/** Switches an instance's metrics to one in five minutes. */
export const UnmonitorInstances = ec2Operation<UnmonitorInstancesRequest, UnmonitorInstancesResult>(
  ['InstanceIds'],
  {
    run: (input, call) => ({ InstanceMonitorings: monitor(call, input.InstanceIds, false) }),
    authorize: (input, call) => onInstances(call, input.InstanceIds),
    trail: instancesSet,
  },
);

function monitor(call: Call, ids: readonly string[] | undefined, monitoring: boolean): InstanceMonitoring[] {
  const { instances } = ec2State.of(call);
  return named(call, ids).map((instance) => {
    instances.set(instance.id, { ...instance, monitoring });
    return { InstanceId: instance.id, Monitoring: { State: monitoring ? 'pending' : 'disabling' } };
  });
}
