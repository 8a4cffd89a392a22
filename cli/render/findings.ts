import type { Result } from '../../shared/engine/outcome.ts';
import { csvCell, jsonText, plain } from '../../shared/notify/escape.ts';
import { type FindingJson, findingJson } from '../../shared/notify/finding-json.ts';
import type { Terminal } from '../terminal.ts';
import { resultsTable } from './table.ts';

export const FORMATS = ['table', 'json', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

/** What one policy found. */
interface Found {
  readonly policy: string;
  readonly results: readonly Result[];
}

/** Findings on standard output: a table of what is not compliant, or all of them as JSON or CSV. */
export function printFindings(found: readonly Found[], format: Format, terminal: Terminal): void {
  if (format === 'table') {
    const all = found.flatMap(({ results }) => results);
    const told = all.filter(({ verdict }) => verdict.verdict !== 'compliant');
    if (told.length > 0) terminal.out(resultsTable(told, terminal));
    return;
  }
  const findings = found.flatMap(({ policy, results }) =>
    results.map((result) => findingJson(policy, result)),
  );
  if (format === 'json') terminal.out(jsonText(findings, 2));
  else for (const line of csvLines(findings)) terminal.out(line);
}

const COLUMNS = [
  'policy',
  'account',
  'region',
  'resourceType',
  'resource',
  'resourceName',
  'verdict',
  'severity',
  'reasonCode',
  'reason',
] as const satisfies readonly (keyof FindingJson)[];

function csvLines(findings: readonly FindingJson[]): readonly string[] {
  const rows = findings.map((finding) => {
    const remedy = summaryOf(finding.remedy);
    return [...COLUMNS.map((column) => String(finding[column] ?? '')), remedy].map(cell).join(',');
  });
  return [[...COLUMNS, 'remedy'].map(csvCell).join(','), ...rows];
}

/** On a terminal a spreadsheet's text is text like any other (B6.22, B6.24). */
function cell(text: string): string {
  return csvCell(plain(text, 10_000));
}

function summaryOf(remedy: FindingJson['remedy']): string {
  if (typeof remedy !== 'object' || remedy === null || !('summary' in remedy)) return '';
  return String(remedy.summary);
}
