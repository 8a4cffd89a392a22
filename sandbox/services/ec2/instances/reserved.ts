import type {
  DescribeReservedInstancesRequest,
  DescribeReservedInstancesResult,
  ReservedInstances,
} from '@aws-sdk/client-ec2';
import { drawer } from '../../../core/drawer.ts';
import type { Call } from '../../../core/service.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { filterBy } from '../listing.ts';
import type { Place } from '../state.ts';

const YEAR_SECONDS = 31_536_000;

interface Reserved {
  readonly id: string;
  readonly instanceType: string;
  readonly count: number;
  /** Absent: the reservation is the region's, and flexible in size. */
  readonly zone: string | undefined;
  readonly platform: 'Linux/UNIX' | 'Windows';
  readonly start: Date;
}

const reserved = drawer<Reserved[]>(() => []);

/** Instances that somebody paid for a year ahead; they retire by themselves. */
export function seedReservedInstances(
  place: Place,
  wish: Pick<Reserved, 'instanceType'> & Partial<Omit<Reserved, 'id'>>,
): string {
  const all = reserved.of(place);
  const id = `b847fa93-e282-4f55-b59a-${String(all.length + 1).padStart(12, '0')}`;
  const start = new Date(place.world.clock.now());
  all.push({ id, count: 1, zone: undefined, platform: 'Linux/UNIX', start, ...wish });
  return id;
}

/** Lists what was reserved, retired reservations included; EC2 knows no pages here. */
export const DescribeReservedInstances = ec2Operation<
  DescribeReservedInstancesRequest,
  DescribeReservedInstancesResult
>(['ReservedInstancesIds', 'Filters'], {
  run(input, call) {
    const keep = filterBy<Reserved>(input.Filters, {
      'availability-zone': ({ zone }) => [zone],
      'instance-type': ({ instanceType }) => [instanceType],
      'product-description': ({ platform }) => [platform],
      'reserved-instances-id': ({ id }) => [id],
      scope: (one) => [scopeOf(one)],
      state: (one) => [stateOf(one, call)],
    });
    const ids = input.ReservedInstancesIds ?? [];
    const found = reserved.of(call).filter((one) => (ids.length === 0 || ids.includes(one.id)) && keep(one));
    return { ReservedInstances: found.map((one) => show(one, call)) };
  },
});

function show(one: Reserved, call: Call): ReservedInstances {
  return {
    ReservedInstancesId: one.id,
    // The SDK's union of names is that of its own day.
    InstanceType: one.instanceType as NonNullable<ReservedInstances['InstanceType']>,
    InstanceCount: one.count,
    Scope: scopeOf(one),
    ...(one.zone === undefined ? {} : { AvailabilityZone: one.zone }),
    ProductDescription: one.platform,
    State: stateOf(one, call),
    Start: one.start,
    End: endOf(one),
    Duration: YEAR_SECONDS,
    InstanceTenancy: 'default',
    OfferingClass: 'standard',
    OfferingType: 'No Upfront',
    CurrencyCode: 'USD',
  };
}

function scopeOf({ zone }: Reserved): 'Region' | 'Availability Zone' {
  return zone === undefined ? 'Region' : 'Availability Zone';
}

function stateOf(one: Reserved, { now }: Call): 'active' | 'retired' {
  return now < endOf(one) ? 'active' : 'retired';
}

function endOf({ start }: Reserved): Date {
  return new Date(start.getTime() + YEAR_SECONDS * 1000);
}
