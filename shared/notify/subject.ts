import { isNews, type Result, type RunReport } from '../engine/outcome.ts';
import { redactAround } from './escape.ts';

const longest = 99;

/** The most important thing first, in printable ASCII, at most 99 characters, never empty (B5.36). */
export function subjectOf(report: RunReport): string {
  const prefix = report.pages.length > 0 ? 'ACTION NEEDED: Reeve' : 'Reeve';
  const place = ` (${placesOf(report)})`;
  const redact = redactAround(report.results.length === 1 ? [report.results[0]?.resource.id ?? ''] : []);
  const text = ascii(`${prefix}: ${headline(report)}`, redact);
  const end = ascii(place, redact);
  return text.length + end.length <= longest
    ? text + end
    : `${text.slice(0, longest - end.length - 3)}...${end}`;
}

function headline(report: RunReport): string {
  const { counts, results } = report;
  const told = results.filter(isNews);
  const [only] = told;
  if (only && told.length === 1 && report.omitted === 0) return single(only);
  const parts = [
    [counts.failed, 'failed'],
    [counts.done, 'remedied'],
    [counts.queued, 'queued'],
    [
      told.filter(({ outcome, ending }) => outcome.outcome === 'skipped' && !ending).length + report.omitted,
      'left alone',
    ],
    [told.filter(({ ending }) => ending).length, 'about to lose their exemption'],
    [report.missing.filter(({ why }) => why !== 'gone').length, 'not read'],
  ] as const;
  const said = parts.filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}`);
  if (said.length > 0) return `${said.join(', ')} - ${report.policy}`;
  return report.state === 'failed'
    ? `could not read anything - ${report.policy}`
    : `${report.policy} ${report.state}`;
}

function single({ resource, verdict, outcome, ending }: Result): string {
  if (ending) return `exemption of ${resource.id} ends soon`;
  const past = verdict.verdict === 'violation' ? verdict.remedy?.past : undefined;
  if (outcome.outcome === 'done') return `${past ?? `remedied ${verdict.reasonCode}`} on ${resource.id}`;
  const what = `${verdict.reasonCode.replaceAll('-', ' ')} on ${resource.id}`;
  if (outcome.code === 'alert-only') return `${what}, a person has to decide`;
  if (outcome.outcome === 'skipped') return `${what}, left alone: ${outcome.code}`;
  return `${what} ${outcome.outcome}: ${outcome.code}`;
}

function placesOf({ results, places, signal }: RunReport): string {
  const concerned = results.length > 0 ? results : places.length > 0 ? places : [signal];
  const accounts = new Set(concerned.map(({ account }) => account));
  const regions = new Set(concerned.map(({ region }) => region));
  return `${named(accounts, 'accounts')}, ${named(regions, 'regions')}`;
}

function named(names: ReadonlySet<string>, many: string): string {
  const [only] = names;
  return names.size === 1 && only !== undefined ? only.slice(0, 30) : `${names.size} ${many}`;
}

/** Accents are taken off, everything else that is not printable ASCII becomes `?`; line breaks become spaces. */
function ascii(text: string, redact: (text: string) => string): string {
  return redact(
    text
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .replace(/\s+/g, ' ')
      .replace(/\p{Cc}/gu, ''),
  ).replace(/[^\x20-\x7E]/gu, '?');
}
