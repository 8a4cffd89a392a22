import type * as route53 from '@aws-sdk/client-route-53';
import { AwsError } from '../../core/errors.ts';
import { operation } from '../../core/service.ts';
import { onlySupported } from '../../core/supported.ts';
import { changeInfo } from './hosted-zones.ts';
import { fullName, onZone, orderOf, type Zone, zoneAt } from './state.ts';

const PAGE = 300;

/** Makes all changes of a batch, or none. */
export const changeResourceRecordSets = operation<
  route53.ChangeResourceRecordSetsRequest,
  route53.ChangeResourceRecordSetsResponse
>({
  authorize: onZone('HostedZoneId'),
  run({ HostedZoneId, ChangeBatch: { Changes: changes = [] } = { Changes: [] } }, call) {
    const zone = zoneAt(call, HostedZoneId);
    const records = new Map(zone.records);
    const mistakes = changes.flatMap((change) => {
      onlySupported(call, change.ResourceRecordSet ?? {}, SUPPORTED);
      return apply(zone, records, change) ?? [];
    });
    if (changes.length === 0) mistakes.push('A change batch needs at least one change');
    if (mistakes.length > 0) {
      throw new AwsError('InvalidChangeBatch', `[${mistakes.join(', ')}]`, 400, { messages: mistakes });
    }
    zone.records = records;
    return { ChangeInfo: changeInfo(call) };
  },
});

const SUPPORTED = ['Name', 'Type', 'TTL', 'ResourceRecords', 'AliasTarget', 'SetIdentifier', 'Weight'];

/** Answers what is wrong with the change, in Route 53's words. */
function apply(
  zone: Zone,
  records: Map<string, route53.ResourceRecordSet>,
  { Action, ResourceRecordSet: given }: route53.Change,
): string | undefined {
  if (!given?.Name || !given.Type) return 'A change needs a name and a type';
  const record: route53.ResourceRecordSet = { ...given, Name: fullName(given.Name) };
  const named = `[name='${record.Name}', type='${record.Type}']`;
  const isInZone = record.Name === zone.name || record.Name?.endsWith(`.${zone.name}`);
  if (!isInZone) return `RRSet with DNS name ${record.Name} is not permitted in zone ${zone.name}`;
  if (!record.AliasTarget && (record.TTL === undefined || !record.ResourceRecords?.length)) {
    return `Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found none in Change with ${named}`;
  }
  const key = orderOf(record);
  const known = records.get(key);
  if (Action === 'CREATE' && known)
    return `Tried to create resource record set ${named} but it already exists`;
  if (Action === 'DELETE') {
    if (!known) return `Tried to delete resource record set ${named} but it was not found`;
    if (contentOf(known) !== contentOf(record)) {
      return `Tried to delete resource record set ${named} but the values provided do not match the current values`;
    }
    records.delete(key);
    return undefined;
  }
  records.set(key, record);
  return undefined;
}

function contentOf({ TTL, ResourceRecords, AliasTarget: alias }: route53.ResourceRecordSet): string {
  const target = alias && [alias.HostedZoneId, fullName(alias.DNSName), alias.EvaluateTargetHealth];
  return JSON.stringify([TTL, ResourceRecords?.map(({ Value }) => Value), target]);
}

/** Lists record sets by name, 300 a page. */
export const listResourceRecordSets = operation<
  route53.ListResourceRecordSetsRequest,
  route53.ListResourceRecordSetsResponse
>({
  authorize: onZone('HostedZoneId'),
  run(input, call) {
    const { StartRecordName, StartRecordType, StartRecordIdentifier, MaxItems = PAGE } = input;
    const zone = zoneAt(call, input.HostedZoneId);
    if (StartRecordType && !StartRecordName) {
      throw new AwsError('InvalidInput', 'The input is not valid: a record type needs a record name.');
    }
    const from = StartRecordName
      ? orderOf({
          Name: StartRecordName,
          ...(StartRecordType && { Type: StartRecordType }),
          ...(StartRecordIdentifier !== undefined && { SetIdentifier: StartRecordIdentifier }),
        })
      : '';
    const rest = [...zone.records].sort(([a], [b]) => (a < b ? -1 : 1)).filter(([key]) => key >= from);
    const size = Math.min(Number(MaxItems), PAGE);
    const next = rest[size]?.[1];
    return {
      ResourceRecordSets: rest.slice(0, size).map(([, record]) => record),
      IsTruncated: next !== undefined,
      MaxItems: size,
      ...(next && { NextRecordName: next.Name, NextRecordType: next.Type }),
      ...(next?.SetIdentifier !== undefined && { NextRecordIdentifier: next.SetIdentifier }),
    };
  },
});
