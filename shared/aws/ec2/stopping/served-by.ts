import type { TargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2';
import { inParallel } from '../../../engine/parallel.ts';
import type { Aws } from '../../access.ts';
import { classicLoadBalancers } from '../../elb/classic.ts';
import { targetGroups, targetsOf } from '../../elb/target-groups.ts';
import { AwsFailure } from '../../errors.ts';
import type { Stoppable } from './instance.ts';

/** Rights of everything that `servedBy` calls. */
export const servedByRights = [classicLoadBalancers, targetGroups, targetsOf].flatMap(({ rights }) => rights);

const AT_ONCE = 5;

/** States in which a target gets no traffic; any other one, also one that AWS adds, counts as in service. */
const OUT_OF_SERVICE: readonly string[] = ['unhealthy', 'unused'];

/**
 * Which load balancer or target group sends traffic to what, by instance id or private address (B1.39). Of groups by
 * instance id only those of the same networks are asked; an address may be reached from another network too.
 */
export async function servedBy(
  aws: Aws,
  instances: readonly Stoppable[],
): Promise<ReadonlyMap<string, string>> {
  const vpcs = new Set(instances.map(({ vpcId }) => vpcId));
  const [balancers, groups] = await Promise.all([classicLoadBalancers(aws), targetGroups(aws)]);
  const served = new Map<string, string>();
  for (const { LoadBalancerName = '', Instances: members = [] } of balancers) {
    for (const { InstanceId = '' } of members)
      served.set(InstanceId, `the load balancer ${LoadBalancerName}`);
  }
  const near = groups.filter(({ VpcId, TargetType }) => TargetType === 'ip' || vpcs.has(VpcId));
  const targets = await inParallel(near, AT_ONCE, (group) => inService(aws, group));
  near.forEach(({ TargetGroupName = '' }, index) => {
    for (const id of targets[index] ?? []) served.set(id, `the target group ${TargetGroupName}`);
  });
  return served;
}

async function inService(aws: Aws, { TargetGroupArn = '' }: TargetGroup): Promise<readonly string[]> {
  try {
    const targets = await targetsOf(aws, TargetGroupArn);
    return inServiceOf(targets);
  } catch (error) {
    if (error instanceof AwsFailure && error.kind === 'gone') return [];
    throw error;
  }
}

/** The targets that get traffic, by instance id or private address. */
export function inServiceOf(
  targets: readonly {
    readonly Target?: { readonly Id?: string | undefined } | undefined;
    readonly TargetHealth?: { readonly State?: string | undefined } | undefined;
  }[],
): readonly string[] {
  return targets.flatMap(({ Target, TargetHealth }) =>
    Target?.Id === undefined || OUT_OF_SERVICE.includes(TargetHealth?.State ?? '') ? [] : [Target.Id],
  );
}
