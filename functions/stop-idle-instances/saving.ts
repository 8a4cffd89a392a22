import type { Facts } from './facts.ts';
import { closedShare, type Hours } from './hours.ts';
import type { Instance } from './instance.ts';
import { hourlyPrice } from './prices.ts';

const HOURS_A_MONTH = 730;

/**
 * US dollars a month that a stop saves on compute alone, or the office hours while they are closed; disks and addresses
 * stay billed (B1.56). Where a commitment may pay anyway it is unknown, or nothing (B1.38): whether Reserved Instances cover
 * this machine or another one like it changes by the hour.
 */
export function savingOf(
  instance: Instance,
  { reserved }: Pick<Facts, 'reserved'>,
  hours: Hours | undefined,
): number | 'unknown' {
  const { capacityReservation, lifecycle, tenancy, platform, instanceType, region } = instance;
  if (capacityReservation !== undefined) return 0;
  if (reserved === 'not-asked' || 'unknown' in reserved || reserved.value) return 'unknown';
  const listed = lifecycle === undefined && (tenancy ?? 'default') === 'default' && platform === 'Linux/UNIX';
  const price = listed ? hourlyPrice(instanceType, region) : undefined;
  if (price === undefined) return 'unknown';
  const share = hours === undefined ? 1 : closedShare(hours);
  return Math.round(price * HOURS_A_MONTH * share * 100) / 100;
}
