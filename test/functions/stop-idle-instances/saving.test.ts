import { expect, it } from 'vitest';
import { hourlyPrice, PRICES_AS_OF } from '../../../functions/stop-idle-instances/prices.ts';
import { savingOf } from '../../../functions/stop-idle-instances/saving.ts';
import { instance } from './builders.ts';

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
  expect(savingOf(instance(extra), undefined)).toBe(saving);
});
