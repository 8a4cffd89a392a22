import { InvalidArgumentError } from 'commander';

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `90m`, `1h`, `2d`; for an option of the command line. */
export function duration(text: string): number {
  const [, amount, unit = ''] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? [];
  const ms = UNITS[unit];
  if (amount === undefined || ms === undefined) {
    throw new InvalidArgumentError('expected a time such as 90m, 1h or 2d');
  }
  return Number(amount) * ms;
}
