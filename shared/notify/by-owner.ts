import { isNews as isTold, type Result, type RunReport } from '../engine/outcome.ts';
import { called } from '../engine/words.ts';

/** A part of a run for one reader: an owner, or (undefined) everybody whose resources have no known owner. */
export interface OwnersPart {
  readonly owner: string | undefined;
  readonly report: RunReport;
}

/** SNS charges and people read by the message: beyond so many owners the rest is told together. */
const MOST_OWNERS = 20;

/**
 * One message per owner, by the value of a tag, and one for all the rest; every finding is in exactly one of them, but for
 * the end of an exemption, which whoever answers for it is told too.
 * Without a tag to go by, or with a single reader, the run stays whole.
 */
export function byOwner(report: RunReport, ownerTag: string | undefined): readonly OwnersPart[] {
  if (ownerTag === undefined) return [{ owner: undefined, report }];
  const told = report.results.filter(({ repeated }) => !repeated);
  const owners = new Map<string, readonly Result[]>();
  for (const result of told)
    for (const owner of ownersOf(result, ownerTag)) owners.set(owner, [...(owners.get(owner) ?? []), result]);
  const named = [...owners].filter(([, results]) => results.some(isTold)).slice(0, MOST_OWNERS);
  const apart = new Set(named.flatMap(([, results]) => results));
  const parts = named.map(([owner, results]) => ({ owner, report: partOf(report, results) }));
  const rest = report.results.filter((result) => !apart.has(result));
  return isNews(report, rest, apart)
    ? [...parts, { owner: undefined, report: restOf(report, rest, apart) }]
    : parts;
}

/** The resource's owner; of an exemption that ends or ended, whoever answers for it too. */
function ownersOf({ resource, exemption, ending, outcome }: Result, ownerTag: string): ReadonlySet<string> {
  const isOver = ending === true || outcome.code === 'exemption-ended';
  const answers = isOver && exemption && 'owner' in exemption ? exemption.owner : undefined;
  return new Set([resource.tags.get(ownerTag)?.trim(), answers].flatMap((owner) => (owner ? [owner] : [])));
}

/** What concerns the run as a whole (places, warnings, pages about nobody's resource) stays with the rest. */
function restOf(report: RunReport, rest: readonly Result[], apart: ReadonlySet<Result>): RunReport {
  const pages = report.pages.filter((page) => ![...apart].some((result) => isAbout(page, result)));
  return { ...report, results: rest, pages, counts: countsOf(report, rest) };
}

function partOf(report: RunReport, results: readonly Result[]): RunReport {
  const pages = report.pages.filter((page) => results.some((result) => isAbout(page, result)));
  return {
    ...report,
    results,
    pages,
    missing: [],
    omitted: 0,
    warnings: [],
    counts: countsOf(report, results),
  };
}

function isNews(report: RunReport, rest: readonly Result[], apart: ReadonlySet<Result>): boolean {
  const { pages } = restOf(report, rest, apart);
  const told = rest.some(isTold);
  return apart.size === 0 || told || pages.length > 0 || report.missing.length > 0 || report.omitted > 0;
}

/** The engine begins a page about a resource with its name. */
function isAbout(page: string, { resource }: Result): boolean {
  return page.startsWith(`${called(resource)}:`);
}

function countsOf({ counts }: RunReport, results: readonly Result[]): RunReport['counts'] {
  const verdicts = (wanted: string) => results.filter(({ verdict }) => verdict.verdict === wanted).length;
  const outcomes = (wanted: string) => results.filter(({ outcome }) => outcome.outcome === wanted).length;
  return {
    scanned: counts.scanned,
    compliant: counts.compliant,
    violations: verdicts('violation'),
    exempt: verdicts('exempt'),
    unknown: verdicts('unknown'),
    done: outcomes('done'),
    skipped: outcomes('skipped'),
    failed: outcomes('failed'),
    queued: outcomes('queued'),
  };
}
