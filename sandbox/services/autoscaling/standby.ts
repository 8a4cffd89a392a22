import type {
  Activity,
  EnterStandbyAnswer,
  EnterStandbyQuery,
  ExitStandbyAnswer,
  ExitStandbyQuery,
  LifecycleState,
} from '@aws-sdk/client-auto-scaling';
import { type Call, operation } from '../../core/service.ts';
import { balance } from './balance.ts';
import { change, findGroup, type Group, invalid, onGroup } from './state.ts';

/** Takes members out of service without ending them; others are launched in their place unless the group shrinks. */
export const enterStandby = operation<EnterStandbyQuery, EnterStandbyAnswer>({
  async run(input, call) {
    const { group, ids } = meant(call, input, 'InService');
    const shrinks = input.ShouldDecrementDesiredCapacity ?? false;
    const desired = group.desired - (shrinks ? ids.length : 0);
    if (desired < group.min) {
      throw invalid(
        `AutoScalingGroup ${group.name} has min=${group.min}, max=${group.max}, and desired=${group.desired}. To place into standby ${ids.length} instance, please update the AutoScalingGroup sizes appropriately.`,
      );
    }
    change(call, group.name, (now) => ({ ...moved(now, ids, 'Standby'), desired }));
    await balance(call, group.name);
    return { Activities: ids.map((id) => activity(call, group, `Moving EC2 instance to Standby: ${id}`)) };
  },
  authorize: (input, call) => [onGroup(call, input.AutoScalingGroupName)],
});

/** Puts members back into service; the group grows by them. */
export const exitStandby = operation<ExitStandbyQuery, ExitStandbyAnswer>({
  run(input, call) {
    const { group, ids } = meant(call, input, 'Standby');
    const desired = group.desired + ids.length;
    if (desired > group.max)
      throw invalid(`AutoScalingGroup ${group.name} would exceed its max size ${group.max}.`);
    change(call, group.name, (now) => ({ ...moved(now, ids, 'InService'), desired }));
    return {
      Activities: ids.map((id) => activity(call, group, `Moving EC2 instance out of Standby: ${id}`)),
    };
  },
  authorize: (input, call) => [onGroup(call, input.AutoScalingGroupName)],
});

function meant(
  call: Call,
  input: Pick<EnterStandbyQuery, 'AutoScalingGroupName' | 'InstanceIds'>,
  from: LifecycleState,
): { group: Group; ids: readonly string[] } {
  const group = findGroup(call, input.AutoScalingGroupName);
  const ids = input.InstanceIds ?? [];
  for (const id of ids) {
    const member = group.members.find((one) => one.instanceId === id);
    if (!member) throw invalid(`The instance ${id} is not part of Auto Scaling group ${group.name}.`);
    if (member.lifecycle !== from) throw invalid(`The instance ${id} is not in ${from}.`);
  }
  return { group, ids };
}

function moved(group: Group, ids: readonly string[], lifecycle: LifecycleState): Group {
  const members = group.members.map((one) => (ids.includes(one.instanceId) ? { ...one, lifecycle } : one));
  return { ...group, members };
}

function activity(call: Call, group: Group, description: string): Activity {
  return {
    ActivityId: call.world.random.uuid(),
    AutoScalingGroupName: group.name,
    Description: description,
    Cause: `At ${call.now.toISOString()} a user request asked for it.`,
    StartTime: call.now,
    StatusCode: 'InProgress',
    Progress: 50,
  };
}
