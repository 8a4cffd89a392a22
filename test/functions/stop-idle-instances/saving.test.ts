import { describe, expect, it } from 'vitest';
import { hourlyPrice, PRICES_AS_OF } from '../../../functions/stop-idle-instances/prices.ts';
import { isReserved } from '../../../functions/stop-idle-instances/reserved.ts';
import { savingOf } from '../../../functions/stop-idle-instances/saving.ts';
import { facts, instance, verdictOn } from './builders.ts';

it.each([
  ['m5.large', 'us-east-1', 0.096],
  ['t3.nano', 'us-east-1', 0.0052],
  ['t3.medium', 'us-west-2', 0.0416],
  ['m5.24xlarge', 'us-east-1', 4.608],
  ['c5.xlarge', 'eu-central-1', 0.194],
  ['r5.2xlarge', 'eu-west-1', 0.564],
])('%s in %s costs US$ %d an hour', (type, region, price) => {
  expect(hourlyPrice(type, region)).toBeCloseTo(price, 10);
});

it.each([
  ['x2idn.large', 'us-east-1'],
  ['m5.metal', 'us-east-1'],
  ['m5.large', 'ap-south-1'],
  ['toString.large', 'us-east-1'],
  ['m5.large', 'constructor'],
  ['m5', 'us-east-1'],
])('the price of %s in %s is not known', (type, region) => {
  expect(hourlyPrice(type, region)).toBeUndefined();
});

it('prices carry their date', () => {
  expect(PRICES_AS_OF).toMatch(/^\d{4}-\d{2}-\d{2}$/);
});

it.each([
  ['B1.56 compute alone', {}, 78.11],
  ['B1.38 under a capacity reservation nothing', { capacityReservation: 'cr-1' }, 0],
  ['Windows is not known', { platform: 'Windows' }, 'unknown'],
  ['no platform is not known', { platform: undefined }, 'unknown'],
  ['Spot is not known', { lifecycle: 'spot' }, 'unknown'],
  ['B1.37 a dedicated instance is not known', { tenancy: 'dedicated' }, 'unknown'],
  ['an unknown type is not known, never 0', { instanceType: 'z9.large' }, 'unknown'],
])('%s', (_when, extra, saving) => {
  expect(savingOf(instance(extra), facts(), undefined)).toBe(saving);
});

describe('B1.38 what is paid for ahead', () => {
  const linux = 'Linux/UNIX' as const;
  const region = { InstanceType: 'm5.large', Scope: 'Region', ProductDescription: linux } as const;
  const zone = { ...region, Scope: 'Availability Zone', AvailabilityZone: 'eu-west-1a' } as const;

  it.each([
    { when: 'the same type in the region', reserved: [region], covered: true },
    {
      when: 'another size of the family',
      reserved: [{ ...region, InstanceType: 'm5.24xlarge' } as const],
      covered: true,
    },
    {
      when: 'the name for VPCs',
      reserved: [{ ...region, ProductDescription: 'Linux/UNIX (Amazon VPC)' } as const],
      covered: true,
    },
    { when: 'another family', reserved: [{ ...region, InstanceType: 'm5d.large' } as const], covered: false },
    {
      when: 'another system',
      reserved: [{ ...region, ProductDescription: 'Windows' } as const],
      covered: false,
    },
    { when: 'the same type in its zone', reserved: [zone], covered: true },
    {
      when: 'the same type in another zone',
      reserved: [{ ...zone, AvailabilityZone: 'eu-west-1b' }],
      covered: false,
    },
    {
      when: 'another size in its zone',
      reserved: [{ ...zone, InstanceType: 'm5.xlarge' } as const],
      covered: false,
    },
    {
      when: 'no scope counts as the region',
      reserved: [{ InstanceType: 'm5.large', ProductDescription: linux } as const],
      covered: true,
    },
    { when: 'nothing', reserved: [], covered: false },
  ])('$when: $covered', ({ reserved, covered }) => {
    expect(isReserved(instance(), reserved)).toBe(covered);
  });

  it.each([
    { when: 'covers it', reserved: { value: true }, says: /Reserved Instances pay for machines like it/ },
    { when: 'cannot be read', reserved: { unknown: 'denied' }, says: /could not be read \(denied\)/ },
    { when: 'was not looked up', reserved: 'not-asked' as const, says: /disks stay/ },
  ])('that $when makes the saving unknown, and is said', ({ reserved, says }) => {
    const verdict = verdictOn({ facts: { reserved } });
    expect(verdict).toMatchObject({ verdict: 'violation', monthlySaving: 'unknown' });
    expect('advice' in verdict ? verdict.advice.join(' ') : '').toMatch(says);
  });

  it('and is not known of Savings Plans, so that is said beside every amount', () => {
    const verdict = verdictOn();
    expect(verdict).toMatchObject({ monthlySaving: 78.11 });
    expect('advice' in verdict ? verdict.advice.join(' ') : '').toContain('by the list price');
  });

  it('is said of no other amount', () => {
    const verdict = verdictOn({ instance: { instanceType: 'z9.large' } });
    expect('advice' in verdict ? verdict.advice.join(' ') : '').not.toContain('list price');
  });
});
