import type { Instance as ToldInstance } from '@aws-sdk/client-ec2';
import { formatArn } from '../../shared/aws/arn.ts';
import { type Launch, stoppableFrom } from '../../shared/aws/ec2/stopping/instance.ts';
import type { Place } from '../../shared/engine/signal.ts';
import type { Instance } from './instance.ts';

/** An instance as DescribeInstances (or the AWS CLI's saved answer) tells it, with the launch that it came from. */
export function instanceFrom(
  told: ToldInstance,
  launch: Launch,
  place: Place,
  alarmAction?: string | undefined,
): Instance {
  const stoppable = stoppableFrom(told, launch, place);
  const owner = launch.OwnerId ?? place.account;
  return {
    ...stoppable,
    type: 'AWS::EC2::Instance',
    arn: formatArn({ ...place, service: 'ec2', account: owner, resource: `instance/${stoppable.id}` }),
    since: firstAttached(told),
    stoppedAt: stoppedAt(told.StateTransitionReason),
    ...addresses(told),
    hibernates: told.HibernationOptions?.Configured === true,
    platform: told.PlatformDetails ?? (told.Platform === undefined ? undefined : String(told.Platform)),
    capacityReservation: told.CapacityReservationId,
    productCodes: (told.ProductCodes ?? []).flatMap(({ ProductCodeId }) => ProductCodeId ?? []),
    alarmAction,
  };
}

function firstAttached({
  NetworkInterfaces: interfaces = [],
  BlockDeviceMappings: disks = [],
}: ToldInstance): Date | undefined {
  const attached = [
    ...interfaces.map(({ Attachment }) => Attachment?.AttachTime),
    ...disks.map(({ Ebs }) => Ebs?.AttachTime),
  ].filter((time) => time !== undefined);
  const first = Math.min(...attached.map((time) => time.getTime()));
  return Number.isFinite(first) ? new Date(first) : undefined;
}

/** Addresses that AWS lends belong to `amazon`, elastic ones to an account. */
function addresses({ PublicIpAddress: publicIp, NetworkInterfaces: interfaces = [] }: ToldInstance) {
  const associated = interfaces.map(({ Association }) => Association?.IpOwnerId).filter(Boolean);
  return { publicIp, elasticIp: associated.some((by) => by !== 'amazon') };
}

/** `User initiated (2026-11-20 18:00:12 GMT)` */
function stoppedAt(reason: string | undefined): Date | undefined {
  const [, date, time] = /\((\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}) (?:GMT|UTC)\)/.exec(reason ?? '') ?? [];
  return date === undefined ? undefined : new Date(`${date}T${time}Z`);
}
