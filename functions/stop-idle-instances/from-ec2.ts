import type { Reservation, Tag, Instance as ToldInstance } from '@aws-sdk/client-ec2';
import { formatArn } from '../../shared/aws/arn.ts';
import type { Place } from '../../shared/engine/signal.ts';
import type { Tags } from '../../shared/engine/verdict.ts';
import type { Instance } from './instance.ts';

type Launch = Pick<Reservation, 'OwnerId' | 'RequesterId'>;

/** An instance as DescribeInstances (or the AWS CLI's saved answer) tells it, with the launch that it came from. */
export function instanceFrom(
  told: ToldInstance,
  launch: Launch,
  place: Place,
  alarmAction?: string | undefined,
): Instance {
  const id = told.InstanceId ?? '';
  const owner = launch.OwnerId ?? place.account;
  const tags = tagsFrom(told.Tags);
  return {
    type: 'AWS::EC2::Instance',
    id,
    arn: formatArn({ ...place, service: 'ec2', account: owner, resource: `instance/${id}` }),
    name: tags.get('Name'),
    tags,
    state: told.State?.Name ?? 'unknown',
    instanceType: told.InstanceType ?? 'unknown',
    region: place.region,
    launchTime: told.LaunchTime,
    stoppedAt: stoppedAt(told.StateTransitionReason),
    alarmAction,
    ...placement(told),
    ...ownership(told, launch, place.account),
    ...network(told),
    ...billing(told),
  };
}

function placement({ Placement, OutpostArn, RootDeviceType, HibernationOptions }: ToldInstance) {
  return {
    zone: Placement?.AvailabilityZone,
    tenancy: Placement?.Tenancy,
    outpost: OutpostArn,
    rootDevice: RootDeviceType,
    hibernates: HibernationOptions?.Configured === true,
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

function network(told: ToldInstance) {
  const { NetworkInterfaces: interfaces = [], BlockDeviceMappings: disks = [] } = told;
  const attached = [
    ...interfaces.map(({ Attachment }) => Attachment?.AttachTime),
    ...disks.map(({ Ebs }) => Ebs?.AttachTime),
  ].filter((time) => time !== undefined);
  const first = Math.min(...attached.map((time) => time.getTime()));
  const associated = interfaces.map(({ Association }) => Association?.IpOwnerId).filter(Boolean);
  return {
    since: Number.isFinite(first) ? new Date(first) : undefined,
    forwards: [told.SourceDestCheck, ...interfaces.map((one) => one.SourceDestCheck)].includes(false),
    vpcId: told.VpcId,
    privateIps: [
      ...new Set(
        [told.PrivateIpAddress, ...interfaces.map((one) => one.PrivateIpAddress)].filter(
          (ip) => ip !== undefined,
        ),
      ),
    ],
    publicIp: told.PublicIpAddress,
    // Addresses that AWS lends belong to `amazon`, elastic ones to an account.
    elasticIp: associated.some((by) => by !== 'amazon'),
  };
}

function billing(told: ToldInstance) {
  return {
    lifecycle: told.InstanceLifecycle,
    spotRequestId: told.SpotInstanceRequestId,
    platform: told.PlatformDetails ?? (told.Platform === undefined ? undefined : String(told.Platform)),
    capacityReservation: told.CapacityReservationId,
    productCodes: (told.ProductCodes ?? []).flatMap(({ ProductCodeId }) => ProductCodeId ?? []),
  };
}

/** `User initiated (2026-11-20 18:00:12 GMT)` */
function stoppedAt(reason: string | undefined): Date | undefined {
  const [, date, time] = /\((\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}) (?:GMT|UTC)\)/.exec(reason ?? '') ?? [];
  return date === undefined ? undefined : new Date(`${date}T${time}Z`);
}

/** Tag keys are written by strangers: a Map keeps `__proto__` plain. */
function tagsFrom(tags: readonly Tag[] = []): Tags {
  return new Map(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}
