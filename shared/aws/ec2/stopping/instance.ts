import type { Reservation, Instance as ToldInstance } from '@aws-sdk/client-ec2';
import type { Place } from '../../../engine/signal.ts';
import type { Tags } from '../../../engine/verdict.ts';
import { tagsFrom } from '../../tagging/target.ts';

/** An EC2 instance, as far as the right to stop it depends on it. */
export interface Stoppable {
  readonly id: string;
  readonly name: string | undefined;
  readonly tags: Tags;
  /** `pending`, `running`, `stopping`, …; AWS may add states. */
  readonly state: string;
  readonly instanceType: string;
  readonly region: string;
  readonly zone: string | undefined;
  /** Of the latest start: every start resets it (B1.9). */
  readonly launchTime: Date | undefined;
  readonly lifecycle: string | undefined;
  readonly spotRequestId: string | undefined;
  readonly tenancy: string | undefined;
  readonly outpost: string | undefined;
  /** `ebs`, `instance-store`. */
  readonly rootDevice: string | undefined;
  /** An interface that passes on what is not addressed to it: NAT, VPN, firewall. */
  readonly forwards: boolean;
  readonly operator: string | undefined;
  /** Who launched it in the account's name, where that was not the account. */
  readonly requester: string | undefined;
  readonly ownedHere: boolean;
  readonly vpcId: string | undefined;
  readonly privateIps: readonly string[];
}

/** Who owns an instance, and who asked for it. */
export type Launch = Pick<Reservation, 'OwnerId' | 'RequesterId'>;

/** An instance as DescribeInstances (or the AWS CLI's saved answer) tells it, with the launch that it came from. */
export function stoppableFrom(told: ToldInstance, launch: Launch, place: Place): Stoppable {
  const { NetworkInterfaces: interfaces = [], Placement } = told;
  const tags = tagsFrom(told.Tags);
  const addresses = [told.PrivateIpAddress, ...interfaces.map((one) => one.PrivateIpAddress)];
  return {
    id: told.InstanceId ?? '',
    name: tags.get('Name'),
    tags,
    state: told.State?.Name ?? 'unknown',
    instanceType: told.InstanceType ?? 'unknown',
    region: place.region,
    zone: Placement?.AvailabilityZone,
    launchTime: told.LaunchTime,
    lifecycle: told.InstanceLifecycle,
    spotRequestId: told.SpotInstanceRequestId,
    tenancy: Placement?.Tenancy,
    outpost: told.OutpostArn,
    rootDevice: told.RootDeviceType,
    forwards: [told.SourceDestCheck, ...interfaces.map((one) => one.SourceDestCheck)].includes(false),
    ...ownership(told, launch, place.account),
    vpcId: told.VpcId,
    privateIps: [...new Set(addresses.filter((ip) => ip !== undefined))],
  };
}

/** Services that launch instances in an account's name are its requesters; their ids are account-like or names. */
function ownership({ Operator }: ToldInstance, { OwnerId, RequesterId }: Launch, account: string) {
  const foreign = RequesterId !== undefined && RequesterId !== account;
  return {
    operator: Operator?.Managed === true ? (Operator.Principal ?? 'An AWS service') : undefined,
    requester: foreign ? RequesterId : undefined,
    ownedHere: (OwnerId ?? account) === account,
  };
}
