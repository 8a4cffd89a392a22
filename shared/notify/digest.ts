import type { PlaceReport, Result, RunReport } from '../engine/outcome.ts';
import type { Missing } from '../engine/policy.ts';
import { bySeverity } from '../engine/severity.ts';
import { entry } from './entry.ts';
import { jsonText, plain, safe } from './escape.ts';
import { type FindingJson, findingJson } from './finding-json.ts';
import { listing } from './listing.ts';
import { subjectOf } from './subject.ts';

/** SNS: 262,144 bytes for body and attributes together (B5.35); the rest of it is for attribute names and the subject. */
const room = { text: 120_000, json: 130_000 } as const;

/** One message about one run, in plain text for people and as an array of findings for machines. */
export interface Digest {
  readonly subject: string;
  readonly text: string;
  readonly json: string;
}

/** What is still to come and found no room in the text: nobody can be said to know of it. */
export interface RunDigest extends Digest {
  readonly untold: readonly Result[];
}

/** Put a run into words: what, where, who, why, what was done, how to take it back, what was left alone and why. */
export function digest(report: RunReport): RunDigest {
  return { subject: subjectOf(report), ...textOf(report), json: jsonOf(report) };
}

function textOf(report: RunReport): Pick<RunDigest, 'text' | 'untold'> {
  const { signal, results } = report;
  const news = results.filter(({ repeated }) => !repeated);
  const sorted = news.toSorted((a, b) => bySeverity(a.verdict, b.verdict));
  const done = sorted.filter(({ outcome }) => outcome.outcome === 'done');
  const open = sorted.filter(({ outcome }) => outcome.outcome === 'failed' || outcome.outcome === 'queued');
  const left = sorted.filter(({ outcome }) => outcome.outcome === 'skipped');
  const unread = report.missing.filter(({ why }) => why !== 'gone');
  const stillOpen = { title: 'Failed or still to come', lines: open.map((result) => entry(result, signal)) };
  const { text, kept } = listing(room.text, [
    { title: `${safe(report.title, 200)} (${safe(report.policy, 100)})`, lines: opening(report) },
    { title: 'ACTION NEEDED', lines: report.pages.map((page) => `- ${safe(page)}`) },
    stillOpen,
    { title: 'Done', lines: done.map((result) => entry(result, signal)) },
    { title: 'Left alone', lines: left.map((result) => entry(result, signal)), omitted: report.omitted },
    { title: 'Could not be read', lines: unread.map(unreadLine) },
    { title: 'Where Reeve looked', lines: report.places.map(placeLine) },
    { title: 'Warnings', lines: report.warnings.map((warning) => `- ${safe(warning)}`) },
    { title: 'About this run', lines: closing(report, results.length - news.length) },
  ]);
  return { text, untold: open.slice(kept.get(stillOpen) ?? 0) };
}

function opening(report: RunReport): string[] {
  const { counts } = report;
  const left = counts.violations - counts.done - counts.failed - counts.queued;
  const lines = [
    `${counts.scanned} looked at: ${counts.compliant} in order, ${counts.violations} out of policy, ` +
      `${counts.exempt} exempt, ${counts.unknown} unknown.`,
    `${counts.done} remedied, ${counts.failed} failed, ${counts.queued} queued, ${Math.max(0, left)} left alone.`,
  ];
  if (report.mode === 'report') lines.push('Mode: report. Nothing was changed.');
  const saving = savingOf(report.results);
  if (saving !== undefined) lines.push(saving);
  return lines;
}

function closing({ signal, run, state }: RunReport, repeated: number): string[] {
  const late = signal.delivery === 'live' ? '' : ` (${signal.delivery} event)`;
  const before = `${repeated} more of the last day were told before and are not listed again.`;
  return [
    `Set off by ${safe(signal.cause.name, 200)}, ${signal.time.toISOString()}${late}.`,
    `Run ${plain(run, 100)}, ${state}.`,
    ...(repeated > 0 ? [before] : []),
  ];
}

/** Money is said where a policy saves any; what has no known price is said to be unknown, never 0. */
function savingOf(results: readonly Result[]): string | undefined {
  const savings = results.flatMap(({ verdict }) =>
    verdict.verdict === 'violation' && verdict.monthlySaving !== undefined ? [verdict.monthlySaving] : [],
  );
  if (savings.length === 0) return undefined;
  const known = savings.filter((saving) => saving !== 'unknown');
  const unknown = savings.length - known.length;
  const total = known.reduce((sum, saving) => sum + saving, 0);
  const rest = unknown > 0 ? `${unknown} of unknown price` : '';
  const sure = known.length > 0 ? `US$ ${total.toFixed(2)} a month` : '';
  return `Saving when all is remedied: ${[sure, rest].filter(Boolean).join(', and ')}.`;
}

function unreadLine({ ref, why, reason }: Missing): string {
  return `- ${safe(ref.id, 200)} (${why}): ${safe(reason)}`;
}

function placeLine({ account, region, state, reason, scanned, compliant }: PlaceReport): string {
  const read = `${scanned} looked at, ${compliant} in order`;
  const note = state === 'scanned' && reason === undefined ? '' : `; ${state}: ${safe(reason ?? '')}`;
  return `- ${plain(account, 20)}, ${plain(region, 40)}: ${read}${note}`;
}

/** Whole findings only, most severe first, as many as there is room for; the text says how many there are. */
function jsonOf(report: RunReport): string {
  const encoder = new TextEncoder();
  const kept: string[] = [];
  let size = 2;
  for (const result of report.results.toSorted((a, b) => bySeverity(a.verdict, b.verdict))) {
    const finding = jsonText(shortened(findingJson(report.policy, result)));
    size += encoder.encode(finding).length + 1;
    if (size > room.json) break;
    kept.push(finding);
  }
  return `[${kept.join(',')}]`;
}

/** One finding with very much evidence must not push all others out. */
function shortened(finding: FindingJson): FindingJson & { readonly evidenceOmitted?: number } {
  const most = 10;
  if (jsonText(finding).length <= 16_384) return finding;
  const evidence = finding.evidence.slice(0, most);
  const omitted = finding.evidence.length - evidence.length;
  const short = { ...finding, evidence, evidenceOmitted: omitted };
  if (jsonText(short).length <= 16_384) return short;
  return { ...short, evidence: [], evidenceOmitted: finding.evidence.length, remedy: null };
}
