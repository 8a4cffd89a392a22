import type * as route53 from '@aws-sdk/client-route-53';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import { onlySupported } from '../../core/supported.ts';
import { fullName, onZone, orderOf, type Zone, zoneAt, zones } from './state.ts';

const NAME_SERVERS = [
  'ns-1.awsdns-00.com',
  'ns-2.awsdns-01.net',
  'ns-3.awsdns-02.org',
  'ns-4.awsdns-03.co.uk',
];
const PAGE = 100;

/** Makes a zone with its own NS and SOA records. */
export const createHostedZone = operation<route53.CreateHostedZoneRequest, route53.CreateHostedZoneResponse>({
  run(input, call) {
    onlySupported(call, input, ['Name', 'CallerReference', 'HostedZoneConfig', 'VPC']);
    const { CallerReference: callerReference = '', HostedZoneConfig: { Comment: comment = '' } = {} } = input;
    const known = [...zones.of(call).values()];
    if (known.some((zone) => zone.callerReference === callerReference)) {
      throw new AwsError(
        'HostedZoneAlreadyExists',
        `A hosted zone has already been created with the specified caller reference: ${callerReference}`,
        409,
      );
    }
    const name = fullName(input.Name);
    if (!/^([a-z0-9_\\-]{1,63}\.)+$/.test(name)) {
      throw new AwsError('InvalidDomainName', `${input.Name} is not a valid domain name.`);
    }
    const zone: Zone = {
      id: `Z${call.world.random.hex(20).toUpperCase()}`,
      ...{ name, callerReference, comment, isPrivate: input.VPC !== undefined },
      records: new Map(ownRecords(name).map((record) => [orderOf(record), record])),
    };
    zones.of(call).set(zone.id, zone);
    return {
      HostedZone: shown(zone),
      ChangeInfo: changeInfo(call),
      DelegationSet: { NameServers: [...NAME_SERVERS] },
      Location: `https://route53.amazonaws.com/2013-04-01/hostedzone/${zone.id}`,
      ...(input.VPC && { VPC: input.VPC }),
    };
  },
});

/** Lists zones, 100 a page, in the order of their ids. */
export const listHostedZones = operation<route53.ListHostedZonesRequest, route53.ListHostedZonesResponse>({
  run(input, call) {
    onlySupported(call, input, ['Marker', 'MaxItems']);
    const { Marker: marker = '', MaxItems = PAGE } = input;
    const size = Math.min(Number(MaxItems), PAGE);
    const rest = [...zones.of(call).values()]
      .filter(({ id }) => id >= marker)
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    const next = rest[size];
    return {
      HostedZones: rest.slice(0, size).map(shown),
      Marker: marker,
      MaxItems: size,
      IsTruncated: next !== undefined,
      ...(next && { NextMarker: next.id }),
    };
  },
});

/** Deletes a zone that holds nothing but its own records. */
export const deleteHostedZone = operation<route53.DeleteHostedZoneRequest, route53.DeleteHostedZoneResponse>({
  authorize: onZone('Id'),
  run({ Id }, call) {
    const zone = zoneAt(call, Id);
    if (zone.records.size > 2) {
      throw new AwsError(
        'HostedZoneNotEmpty',
        'The specified hosted zone contains non-required resource record sets and so cannot be deleted.',
      );
    }
    zones.of(call).delete(zone.id);
    return { ChangeInfo: changeInfo(call) };
  },
});

/** Changes are in sync at once. */
export function changeInfo(call: Call): route53.ChangeInfo {
  return {
    Id: `/change/C${call.world.random.hex(20).toUpperCase()}`,
    Status: 'INSYNC',
    SubmittedAt: call.now,
  };
}

function ownRecords(name: string): readonly route53.ResourceRecordSet[] {
  const [first = ''] = NAME_SERVERS;
  const soa = `${first}. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`;
  return [
    {
      Name: name,
      Type: 'NS',
      TTL: 172_800,
      ResourceRecords: NAME_SERVERS.map((Value) => ({ Value: `${Value}.` })),
    },
    { Name: name, Type: 'SOA', TTL: 900, ResourceRecords: [{ Value: soa }] },
  ];
}

function shown({ id, name, callerReference, comment, isPrivate, records }: Zone): route53.HostedZone {
  return {
    Id: `/hostedzone/${id}`,
    Name: name,
    CallerReference: callerReference,
    Config: { ...(comment && { Comment: comment }), PrivateZone: isPrivate },
    ResourceRecordSetCount: records.size,
  };
}
