import type {
  Action,
  TargetHealthReasonEnum,
  TargetHealthStateEnum,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { drawer } from '../../core/drawer.ts';
import { AwsError } from '../../core/errors.ts';
import type { Call, Demand } from '../../core/service.ts';

export type Tags = ReadonlyMap<string, string>;

export interface LoadBalancer {
  readonly arn: string;
  readonly name: string;
  readonly type: 'application' | 'network';
  readonly scheme: 'internet-facing' | 'internal';
  readonly vpcId: string;
  readonly subnets: readonly { readonly id: string; readonly zone: string }[];
  readonly groupIds: readonly string[];
  readonly createdAt: Date;
  readonly attributes: Tags;
  readonly tags: Tags;
}

export interface Listener {
  readonly arn: string;
  readonly loadBalancerArn: string;
  readonly port: number;
  readonly protocol: string;
  readonly actions: readonly Action[];
  readonly tags: Tags;
}

export interface Health {
  readonly state: TargetHealthStateEnum;
  readonly reason?: TargetHealthReasonEnum;
  readonly description?: string;
}

export interface Target {
  readonly id: string;
  readonly port?: number;
  readonly zone?: string;
  /** Epoch ms. */
  readonly since: number;
  /** Set while connections end: gone at that epoch ms. */
  readonly drainedAt?: number;
  /** What a test or a rehearsal says about it. */
  readonly seeded?: Health;
}

export interface TargetGroup {
  readonly arn: string;
  readonly name: string;
  readonly type: 'instance' | 'ip' | 'lambda';
  readonly protocol?: string;
  readonly port?: number;
  readonly vpcId?: string;
  readonly healthCheckPath?: string;
  readonly healthCheckEnabled: boolean;
  readonly tags: Tags;
  readonly targets: readonly Target[];
}

/** Each by its ARN. Values are replaced, never changed in place. */
export interface ElbState {
  readonly loadBalancers: Map<string, LoadBalancer>;
  readonly listeners: Map<string, Listener>;
  readonly targetGroups: Map<string, TargetGroup>;
}

export const elbState = drawer<ElbState>(() => ({
  loadBalancers: new Map(),
  listeners: new Map(),
  targetGroups: new Map(),
}));

/** `arn:aws:elasticloadbalancing:eu-west-1:111122223333:` and what follows. */
export function elbArn(call: Call, path: string): string {
  return `arn:${call.partition}:elasticloadbalancing:${call.region}:${call.account}:${path}`;
}

/** `ValidationError`, the code for most things that Elastic Load Balancing does not like. */
export function invalid(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

/** The load balancer with this ARN, or LoadBalancerNotFound. */
export function findLoadBalancer(call: Call, arn: string | undefined): LoadBalancer {
  const found = elbState.of(call).loadBalancers.get(arn ?? '');
  if (!found) throw new AwsError('LoadBalancerNotFound', 'One or more load balancers not found');
  return found;
}

/** The target group with this ARN, or TargetGroupNotFound. */
export function findTargetGroup(call: Call, arn: string | undefined): TargetGroup {
  const found = elbState.of(call).targetGroups.get(arn ?? '');
  if (!found) throw new AwsError('TargetGroupNotFound', 'One or more target groups not found');
  return found;
}

/** Load balancer, listener or target group by ARN: what carries tags. */
export function taggedBy(call: Call, arn: string): { readonly tags: Tags } | undefined {
  const state = elbState.of(call);
  return state.loadBalancers.get(arn) ?? state.targetGroups.get(arn) ?? state.listeners.get(arn);
}

/** IAM's question about an existing resource, with its tags. */
export function onArn(call: Call, arn: string, more: Demand['context'] = {}): Demand {
  const tags = [...(taggedBy(call, arn)?.tags ?? [])].flatMap(([key, value]) => [
    [`aws:ResourceTag/${key}`, [value]] as const,
    [`elasticloadbalancing:ResourceTag/${key}`, [value]] as const,
  ]);
  return {
    action: `elasticloadbalancing:${call.operation}`,
    resources: [arn],
    context: { ...Object.fromEntries(tags), ...more },
  };
}

/** `aws:RequestTag/…` and `aws:TagKeys` of a request. */
export function requestTags(tags: readonly { Key?: string | undefined; Value?: string | undefined }[] = []) {
  return {
    ...Object.fromEntries(tags.map(({ Key, Value = '' }) => [`aws:RequestTag/${Key}`, [Value]])),
    ...(tags.length > 0 && { 'aws:TagKeys': tags.map(({ Key = '' }) => Key) }),
  };
}
