import type {
  AvailabilityZone,
  DescribeAvailabilityZonesRequest,
  DescribeAvailabilityZonesResult,
  DescribeRegionsRequest,
  DescribeRegionsResult,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { filterBy } from '../listing.ts';
import { type Zone, zonesOf } from '../zones.ts';

interface Region {
  readonly name: string;
  readonly endpoint: string;
  readonly status: string;
}

/** The account's regions with their opt-in state; those not opted in only when asked for. */
export const DescribeRegions = ec2Operation<DescribeRegionsRequest, DescribeRegionsResult>(
  ['RegionNames', 'AllRegions', 'Filters'],
  {
    run(input, call) {
      const suffix = call.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
      const known = [...(call.world.accounts.get(call.account)?.regions ?? [])].map(
        ([name, status]): Region => ({ name, endpoint: `ec2.${name}.${suffix}`, status }),
      );
      for (const name of input.RegionNames ?? []) {
        if (!known.some((region) => region.name === name)) {
          throw new AwsError('InvalidParameterValue', `Invalid region name: '${name}'`);
        }
      }
      const keep = filterBy<Region>(input.Filters, {
        endpoint: (region) => [region.endpoint],
        'opt-in-status': (region) => [region.status],
        'region-name': (region) => [region.name],
      });
      const wanted = known.filter((region) =>
        input.RegionNames?.length
          ? input.RegionNames.includes(region.name)
          : input.AllRegions || region.status !== 'not-opted-in',
      );
      return {
        Regions: wanted.filter(keep).map(({ name, endpoint, status }) => ({
          RegionName: name,
          Endpoint: endpoint,
          OptInStatus: status,
        })),
      };
    },
  },
);

/** The region's zones: names that are this account's own, ids that mean the same place for everyone. */
export const DescribeAvailabilityZones = ec2Operation<
  DescribeAvailabilityZonesRequest,
  DescribeAvailabilityZonesResult
>(['ZoneNames', 'ZoneIds', 'AllAvailabilityZones', 'Filters'], {
  run(input, call) {
    const zones = zonesOf(call);
    for (const name of input.ZoneNames ?? []) {
      if (!zones.some((zone) => zone.name === name)) {
        throw new AwsError('InvalidParameterValue', `Invalid availability zone: [${name}]`);
      }
    }
    const keep = filterBy<Zone>(input.Filters, {
      'opt-in-status': () => ['opt-in-not-required'],
      'region-name': () => [call.region],
      state: () => ['available'],
      'zone-id': (zone) => [zone.id],
      'zone-name': (zone) => [zone.name],
      'zone-type': () => ['availability-zone'],
    });
    const named = zones.filter(
      (zone) => (input.ZoneNames?.includes(zone.name) ?? true) && (input.ZoneIds?.includes(zone.id) ?? true),
    );
    return { AvailabilityZones: named.filter(keep).map((zone) => showZone(zone, call.region)) };
  },
});

function showZone(zone: Zone, region: string): AvailabilityZone {
  return {
    State: 'available',
    OptInStatus: 'opt-in-not-required',
    Messages: [],
    RegionName: region,
    ZoneName: zone.name,
    ZoneId: zone.id,
    GroupName: `${region}-zg-1`,
    NetworkBorderGroup: region,
    ZoneType: 'availability-zone',
  };
}
