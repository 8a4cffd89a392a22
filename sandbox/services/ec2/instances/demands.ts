import type { Call, Demand } from '../../../core/service.ts';
import { onResource } from '../demands.ts';
import { ec2State } from '../state.ts';

/** IAM's questions about the groups that a request attaches. */
export function onGroups(call: Call, ids: readonly string[] | undefined): readonly Demand[] {
  const { groups } = ec2State.of(call);
  return (ids ?? []).map((id) => onResource(call, 'security-group', id, groups.newest.get(id)));
}

/** IAM's question about the subnet that a request puts something into. */
export function onSubnet(call: Call, id: string | undefined): Demand {
  return onResource(call, 'subnet', id, ec2State.of(call).subnets.newest.get(id ?? ''));
}

/** IAM's questions about existing instances, one for each. */
export function onInstances(call: Call, ids: readonly string[] | undefined): readonly Demand[] {
  const { instances } = ec2State.of(call);
  return (ids ?? []).map((id) => {
    const instance = instances.newest.get(id);
    const target = instance && { id: instance.id, owner: instance.owner, tags: instance.tags };
    return onResource(
      call,
      'instance',
      id,
      target,
      instance && { 'ec2:InstanceType': [instance.instanceType] },
    );
  });
}
