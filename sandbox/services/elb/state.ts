import type { Listener } from '@aws-sdk/client-elastic-load-balancing';
import { drawer } from '../../core/drawer.ts';
import { AwsError } from '../../core/errors.ts';
import type { Call, Demand } from '../../core/service.ts';

export interface ClassicBalancer {
  readonly name: string;
  readonly vpcId: string;
  readonly zones: readonly string[];
  readonly subnetIds: readonly string[];
  readonly groupIds: readonly string[];
  readonly scheme: string;
  readonly listeners: readonly Listener[];
  readonly createdAt: Date;
  readonly tags: ReadonlyMap<string, string>;
  readonly instanceIds: readonly string[];
  /** Instances whose health checks fail. */
  readonly failing: ReadonlySet<string>;
}

/** Classic Load Balancers by name. Values are replaced, never changed in place. */
export const classicBalancers = drawer<Map<string, ClassicBalancer>>(() => new Map());

/** The load balancer with this name, or LoadBalancerNotFound. */
export function findBalancer(call: Call, name: string | undefined): ClassicBalancer {
  const found = classicBalancers.of(call).get(name ?? '');
  if (found) return found;
  throw new AwsError('LoadBalancerNotFound', `There is no ACTIVE Load Balancer named '${name}'`);
}

/** IAM's question about a load balancer by name. */
export function onBalancer(call: Call, name = '*', more: Demand['context'] = {}): Demand {
  const arn = `arn:${call.partition}:elasticloadbalancing:${call.region}:${call.account}:loadbalancer/${name}`;
  const tags = [...(classicBalancers.of(call).get(name)?.tags ?? [])].map(
    ([key, value]) => [`aws:ResourceTag/${key}`, [value]] as const,
  );
  return {
    action: `elasticloadbalancing:${call.operation}`,
    resources: [arn],
    context: { ...Object.fromEntries(tags), ...more },
  };
}
