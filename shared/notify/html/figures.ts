import type { Result, RunReport } from '../../engine/outcome.ts';
import { dollars } from './amounts.ts';
import { type Bar, barChart, type Kind } from './chart.ts';
import { type Html, html } from './html.ts';

/** What became of a finding, for pictures. */
export type Fate = 'done' | 'would' | 'open' | 'left' | 'exempt' | 'unknown';

const FATES: readonly (Kind & { readonly kind: Fate })[] = [
  { kind: 'done', name: 'remedied' },
  { kind: 'would', name: 'would be remedied' },
  { kind: 'open', name: 'failed or still to come' },
  { kind: 'left', name: 'left alone' },
  { kind: 'exempt', name: 'exempt' },
  { kind: 'unknown', name: 'cannot be told' },
];

const SEVERITIES: readonly Kind[] = ['critical', 'high', 'medium', 'low'].map((kind) => ({
  kind,
  name: kind,
}));

const MOST_OWNERS = 10;

export function fateOf({ verdict, outcome }: Result): Fate {
  if (verdict.verdict === 'exempt' || verdict.verdict === 'unknown') return verdict.verdict;
  if (outcome.outcome === 'done') return 'done';
  if (outcome.outcome === 'failed' || outcome.outcome === 'queued') return 'open';
  return outcome.code === 'report-mode' ? 'would' : 'left';
}

/** The pictures of some runs: what was found and what became of it, how severe, whose, and what it saves. */
export function figures(reports: readonly RunReport[], ownerTag: string): Html {
  const found = reports.filter(({ results }) => results.length > 0);
  if (found.length === 0) return html``;
  const violations = found.flatMap(({ results }) => results.filter(isViolation));
  const charts = [
    barChart(
      'Found, and what became of it',
      found.map((report) => barOf(report.policy, report.results, fateOf)),
      FATES,
    ),
    ...(violations.length === 0
      ? []
      : [
          barChart(
            'How severe',
            found.map((report) => barOf(report.policy, report.results.filter(isViolation), severityOf)),
            SEVERITIES,
          ),
          barChart(`Whose, by the tag ${ownerTag}`, byOwner(violations, ownerTag), FATES),
        ]),
    ...savings(found),
  ];
  return html`<div class="charts">${charts}</div>`;
}

function savings(reports: readonly RunReport[]): readonly Html[] {
  const bars = reports
    .map(({ policy, results }) => ({ label: policy, parts: results.flatMap(savingOf) }))
    .map(({ label, parts }) => ({ label, parts: sums(parts) }))
    .filter(({ parts }) => parts.length > 0);
  if (bars.length === 0) return [];
  return [barChart('Saving, US dollars a month', bars, FATES, dollars)];
}

function savingOf(result: Result): readonly { kind: Fate; amount: number }[] {
  const { verdict } = result;
  const saving = verdict.verdict === 'violation' ? verdict.monthlySaving : undefined;
  return typeof saving === 'number' ? [{ kind: fateOf(result), amount: saving }] : [];
}

function byOwner(violations: readonly Result[], ownerTag: string): readonly Bar[] {
  const owners = Map.groupBy(
    violations,
    ({ resource }) => resource.tags.get(ownerTag)?.trim() || 'nobody known',
  );
  const sorted = [...owners].toSorted(([, one], [, other]) => other.length - one.length);
  const rest = sorted.slice(MOST_OWNERS).flatMap(([, results]) => results);
  const bars = sorted.slice(0, MOST_OWNERS).map(([owner, results]) => barOf(owner, results, fateOf));
  return rest.length === 0 ? bars : [...bars, barOf('all others', rest, fateOf)];
}

function barOf(label: string, results: readonly Result[], kindOf: (result: Result) => string): Bar {
  return { label, parts: sums(results.map((result) => ({ kind: kindOf(result), amount: 1 }))) };
}

function sums(parts: readonly { kind: string; amount: number }[]): Bar['parts'] {
  const order = [...FATES, ...SEVERITIES].map(({ kind }) => kind);
  const kinds = Map.groupBy(parts, ({ kind }) => kind);
  return order.flatMap((kind) => {
    const same = kinds.get(kind);
    return same === undefined ? [] : [{ kind, amount: same.reduce((sum, { amount }) => sum + amount, 0) }];
  });
}

function isViolation({ verdict }: Result): boolean {
  return verdict.verdict === 'violation';
}

function severityOf({ verdict }: Result): string {
  return verdict.verdict === 'violation' ? verdict.severity : verdict.verdict;
}
