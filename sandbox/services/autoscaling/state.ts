import type { LaunchTemplateSpecification, LifecycleState } from '@aws-sdk/client-auto-scaling';
import { drawer } from '../../core/drawer.ts';
import { AwsError } from '../../core/errors.ts';
import type { Call, Demand } from '../../core/service.ts';
import type { Place } from '../ec2/state.ts';

export interface Member {
  readonly instanceId: string;
  readonly instanceType: string;
  readonly zone: string;
  readonly lifecycle: LifecycleState;
  readonly healthy: boolean;
}

export interface GroupTag {
  readonly value: string;
  readonly propagate: boolean;
}

export interface Group {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Date;
  readonly template: LaunchTemplateSpecification;
  readonly zones: readonly string[];
  /** Empty: the default subnets of the zones. */
  readonly subnetIds: readonly string[];
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  readonly healthCheckType: string;
  readonly gracePeriod: number;
  readonly cooldown: number;
  readonly protectsNew: boolean;
  readonly targetGroupArns: readonly string[];
  readonly loadBalancerNames: readonly string[];
  readonly tags: ReadonlyMap<string, GroupTag>;
  readonly members: readonly Member[];
}

/** Groups by name. Values are replaced, never changed in place. */
export const groups = drawer<Map<string, Group>>(() => new Map());

/** The group with this name, or Auto Scaling's ValidationError. */
export function findGroup(place: Place, name: string | undefined): Group {
  const found = groups.of(place).get(name ?? '');
  if (found) return found;
  throw invalid(`AutoScalingGroup name not found - AutoScalingGroup ${name} not found`);
}

/** `ValidationError`, the code for most things that Auto Scaling does not like. */
export function invalid(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

/** Replaces a group by a changed one, if it still exists. */
export function change(place: Place, name: string, how: (group: Group) => Group): Group | undefined {
  const found = groups.of(place).get(name);
  if (!found) return undefined;
  const next = how(found);
  groups.of(place).set(name, next);
  return next;
}

/** IAM's question about a group by name, with its tags. */
export function onGroup(call: Call, name = '*', more: Demand['context'] = {}): Demand {
  const found = groups.of(call).get(name);
  const arn =
    found?.arn ??
    `arn:${call.partition}:autoscaling:${call.region}:${call.account}:autoScalingGroup:*:autoScalingGroupName/${name}`;
  const tags = [...(found?.tags ?? [])].flatMap(([key, { value }]) => [
    [`aws:ResourceTag/${key}`, [value]] as const,
    [`autoscaling:ResourceTag/${key}`, [value]] as const,
  ]);
  return {
    action: `autoscaling:${call.operation}`,
    resources: [arn],
    context: { ...Object.fromEntries(tags), ...more },
  };
}
