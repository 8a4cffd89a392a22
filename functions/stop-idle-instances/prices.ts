/**
 * Linux On-Demand prices, US dollars an hour, of the size `large`; other sizes of a family are its multiples. AWS's list
 * prices (https://aws.amazon.com/ec2/pricing/on-demand/) as several public copies agreed on them on this date, not read
 * from AWS's price API: good for an estimate, not for an invoice. What is not here has no known price.
 */
export const PRICES_AS_OF = '2026-11-21';

const US: Readonly<Record<string, number>> = {
  t3: 0.0832,
  t3a: 0.0752,
  t4g: 0.0672,
  m5: 0.096,
  m5a: 0.086,
  m6a: 0.0864,
  m6g: 0.077,
  m6i: 0.096,
  m7g: 0.0816,
  m7i: 0.1008,
  c5: 0.085,
  c6g: 0.068,
  c6i: 0.085,
  r5: 0.126,
  r6g: 0.1008,
  r6i: 0.126,
};

const LARGE: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'us-east-1': US,
  'us-west-2': US,
  'eu-west-1': { t3: 0.0912, m5: 0.107, m5a: 0.096, m6g: 0.086, m6i: 0.107, c5: 0.096, r5: 0.141 },
  'eu-central-1': { t3: 0.096, m5: 0.115, m6i: 0.115, c5: 0.097, c6i: 0.097, r5: 0.152, r6i: 0.152 },
};

const SIZES: ReadonlyMap<string, number> = new Map([
  ['nano', 1 / 16],
  ['micro', 1 / 8],
  ['small', 1 / 4],
  ['medium', 1 / 2],
  ['large', 1],
  ['xlarge', 2],
]);

/** US dollars an hour; undefined where no price is known. */
export function hourlyPrice(instanceType: string, region: string): number | undefined {
  const [family = '', size = ''] = instanceType.split('.');
  const prices = Object.hasOwn(LARGE, region) ? LARGE[region] : undefined;
  const large = prices !== undefined && Object.hasOwn(prices, family) ? prices[family] : undefined;
  const times = /^(\d+)xlarge$/.exec(size);
  const multiple = SIZES.get(size) ?? (times ? 2 * Number(times[1]) : undefined);
  return large === undefined || multiple === undefined ? undefined : large * multiple;
}
