import type { Contents } from './facts.ts';

/**
 * Of when these prices are: US dollars for a GB and month, first tier, as https://aws.amazon.com/s3/pricing/ gave them for
 * us-east-1, compared with the table in https://www.usage.ai/blogs/aws/storage-cost/glacier-deep-archive-pricing/ (June
 * 2026). What AWS adds to small objects (128 KB at least, or 40 KB more) is not in them: a cost is at least this.
 */
export const PRICES_OF = '2026-06';

const COMMON: Readonly<Record<string, number>> = {
  STANDARD: 0.023,
  STANDARD_IA: 0.0125,
  ONEZONE_IA: 0.01,
  GLACIER_IR: 0.004,
  GLACIER: 0.0036,
  DEEP_ARCHIVE: 0.00099,
};

/** Those that cost what us-east-1 does (only that one was compared); every other region is unknown, never guessed. */
const REGIONS: ReadonlySet<string> = new Set(['us-east-1', 'us-east-2', 'us-west-2', 'eu-west-1']);

/**
 * Days that are charged at least, by class; deleting earlier costs the rest (B4.40).
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html
 */
const MINIMUM_DAYS: ReadonlyMap<string, number> = new Map([
  ['STANDARD_IA', 30],
  ['ONEZONE_IA', 30],
  ['GLACIER_IR', 90],
  ['GLACIER', 90],
  ['DEEP_ARCHIVE', 180],
]);

const GB = 1024 ** 3;
const MONTH_DAYS = 30;

/** Days of storage that are still charged for an object of this class and age, at most. */
export function chargedDays(storageClass: string, ageDays: number): number {
  return Math.max(0, (MINIMUM_DAYS.get(storageClass) ?? 0) - ageDays);
}

/** Dollars a month for what was counted; `unknown` for a region, class or amount that is not known whole. */
export function monthlyCost(contents: Contents, region: string): number | 'unknown' {
  return contents.complete ? priced(contents.classes, region, 1) : 'unknown';
}

/**
 * What is saved each month: the whole cost, or, with an archive, what is left of it when the bytes (of older versions
 * too, which makes this the least) are kept in the archive's class.
 */
export function monthlySaving(
  contents: Contents,
  region: string,
  archiveClass: string | undefined,
): number | 'unknown' {
  const cost = monthlyCost(contents, region);
  if (cost === 'unknown' || archiveClass === undefined) return cost;
  const kept = priced(new Map([[archiveClass, contents.bytes]]), region, 1);
  return kept === 'unknown' ? 'unknown' : Math.max(0, Math.round((cost - kept) * 100) / 100);
}

/**
 * Dollars that deleting today costs, at most. An object's age says nothing about the day on which a lifecycle rule
 * moved it, so where there is one this is `unknown`.
 */
export function earlyDeletion(contents: Contents, region: string, moves: boolean): number | 'unknown' {
  if (!contents.complete || (moves && [...contents.classes.keys()].some((name) => MINIMUM_DAYS.has(name)))) {
    return 'unknown';
  }
  return priced(contents.earlyByteDays, region, 1 / MONTH_DAYS);
}

function priced(bytes: ReadonlyMap<string, number>, region: string, share: number): number | 'unknown' {
  const amounts = [...bytes].filter(([, amount]) => amount > 0);
  const known = REGIONS.has(region) && amounts.every(([name]) => name in COMMON);
  if (amounts.length > 0 && !known) return 'unknown';
  const dollars = amounts.reduce(
    (sum, [name, amount]) => sum + (amount / GB) * (COMMON[name] ?? 0) * share,
    0,
  );
  return Math.round(dollars * 100) / 100;
}
