import { matchesGlob } from '../../../engine/glob.ts';
import type { Stoppable } from './instance.ts';

/** Why an instance is somebody else's to stop, whatever it does: a code and a sentence. */
export interface Leave {
  readonly code: string;
  readonly reason: string;
}

/** Controllers mark what they own with a tag; a stop would be undone, or taken for a failure. */
const OWNERS: readonly (readonly [key: RegExp, code: string, sentence: (value: string) => string])[] = [
  [
    /^aws:autoscaling:groupName$/,
    'auto-scaling',
    (name) => `It belongs to the Auto Scaling group ${name}, which would replace it: scale the group instead`,
  ],
  [
    /^elasticbeanstalk:environment-(id|name)$/,
    'beanstalk',
    (name) => `It belongs to the Elastic Beanstalk environment ${name}: stop the environment instead`,
  ],
  [
    /^((aws:)?eks:cluster-name|kubernetes\.io\/cluster\/.+|karpenter\.sh\/nodepool|eks:nodegroup-name)$/,
    'kubernetes',
    () => 'It is a node of a Kubernetes cluster, which takes care of its nodes itself',
  ],
  [
    /^aws:elasticmapreduce:job-flow-id$/,
    'emr',
    (id) => `It belongs to the EMR cluster ${id}, which takes a stop for a failed node`,
  ],
  [
    /^(AmazonECSManaged|aws:ecs:clusterName|ecs:cluster-name)$/,
    'ecs',
    () => 'It is a container instance of ECS: drain it instead',
  ],
  [/^AWSBatchServiceTag$/, 'batch', () => 'It works for AWS Batch, which starts and ends it itself'],
  [
    /^aws:(ec2spot:fleet-request-id|ec2:fleet-id)$/,
    'fleet',
    (id) => `It belongs to the fleet ${id}, which replaces what stops`,
  ],
  [/^aws:cloud9:environment$/, 'cloud9', () => 'It is a Cloud9 environment, which stops itself'],
  [/^opsworks:(instance|stack|layer:.+)$/, 'opsworks', () => 'It belongs to an OpsWorks stack'],
  [
    /^aws:servicecatalog:(provisionedProductArn|productArn)$/,
    'service-catalog',
    () => 'It was made by Service Catalog: stop the product instead',
  ],
  [
    /^AWS(Application|Elastic)(MigrationService|DisasterRecovery)Managed$/i,
    'replication',
    () => 'It replicates servers for migration or disaster recovery',
  ],
  [/^AWSRDSCustom$/i, 'rds-custom', () => 'It runs an RDS Custom database, which watches over it'],
];

/** Names of bastions and other boxes that look idle, or odd, and are needed. */
export const APPLIANCES: readonly string[] = ['*bastion*', '*jump*', 'nat-*', '*-nat', '*vpn*', '*firewall*'];

/**
 * The first reason to leave an instance alone that can be seen on the instance itself, or none. `appliances`: names of
 * boxes that others rely on, with `*` and `?`. Pure.
 */
export function leaveAlone(instance: Stoppable, appliances: readonly string[]): Leave | undefined {
  for (const [key, code, sentence] of OWNERS) {
    const found = [...instance.tags].find(([name]) => key.test(name));
    if (found) return { code, reason: `${sentence(found[1])}.` };
  }
  return ownedElsewhere(instance) ?? placedElsewhere(instance) ?? appliance(instance, appliances);
}

function ownedElsewhere({ operator, requester, ownedHere }: Stoppable): Leave | undefined {
  if (operator !== undefined) {
    return { code: 'operator-managed', reason: `${operator} manages it and lets nobody else stop it.` };
  }
  if (!ownedHere) return { code: 'other-owner', reason: 'Another account owns it.' };
  if (requester === undefined) return undefined;
  return { code: 'requester-managed', reason: `A service (${requester}) launched it for its own use.` };
}

function placedElsewhere({ instanceType, outpost, zone, region }: Stoppable): Leave | undefined {
  if (/^mac/.test(instanceType)) {
    const reason = 'A Mac is billed by its host for 24 hours at least, and takes hours to come back.';
    return { code: 'mac', reason };
  }
  if (outpost !== undefined) return { code: 'outpost', reason: 'It runs on an Outpost, which is paid for.' };
  if (zone !== undefined && !(zone.startsWith(region) && /^[a-z]$/.test(zone.slice(region.length)))) {
    return { code: 'local-zone', reason: `It runs in ${zone}, where room may be gone after a stop.` };
  }
  return undefined;
}

function appliance({ forwards, name }: Stoppable, appliances: readonly string[]): Leave | undefined {
  if (forwards) {
    const reason =
      'It passes on traffic of others (its source/destination check is off): NAT, VPN, firewall.';
    return { code: 'network-appliance', reason };
  }
  const glob =
    name === undefined
      ? undefined
      : appliances.find((one) => matchesGlob(one.toLowerCase(), name.toLowerCase()));
  if (glob === undefined) return undefined;
  return { code: 'bastion', reason: `Its name matches ${glob}: such boxes are quiet and needed.` };
}
