import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import { drawer } from '../../core/drawer.ts';
import { AwsError } from '../../core/errors.ts';
import type { Call } from '../../core/service.ts';

export interface Zone {
  /** `Z0123…`, without `/hostedzone/`. */
  readonly id: string;
  readonly name: string;
  readonly callerReference: string;
  readonly comment: string;
  readonly isPrivate: boolean;
  /** By name, type and set identifier. */
  records: ReadonlyMap<string, ResourceRecordSet>;
}

export const zones = drawer<Map<string, Zone>>(() => new Map());

export function zoneAt(call: Call, id = ''): Zone {
  const bare = id.replace(/^\/?(hostedzone\/)?/, '');
  const zone = zones.of(call).get(bare);
  if (zone) return zone;
  throw new AwsError('NoSuchHostedZone', `No hosted zone found with ID: ${bare}`, 404);
}

/** As Route 53 keeps names: lower case, with the dot of the root at the end. */
export function fullName(name = ''): string {
  const lower = name.toLowerCase().replaceAll('*', '\\052');
  return lower.endsWith('.') ? lower : `${lower}.`;
}

/** Record sets are ordered by their labels from the right, then by type and set identifier. */
export function orderOf(record: Partial<ResourceRecordSet>): string {
  const { Name, Type, SetIdentifier } = record;
  const labels = fullName(Name).split('.').reverse().join('\u0001');
  return [labels, Type ?? '', SetIdentifier ?? ''].join('\u0000');
}

/** `arn:aws:route53:::hostedzone/Z0123`: no region, no account. */
export const onZone =
  (member: 'HostedZoneId' | 'Id') =>
  (input: { readonly HostedZoneId?: string | undefined; readonly Id?: string | undefined }, call: Call) => [
    {
      action: `route53:${call.operation}`,
      resources: [
        `arn:${call.partition}:route53:::hostedzone/${(input[member] ?? '').replace(/^\/?(hostedzone\/)?/, '')}`,
      ],
    },
  ];
