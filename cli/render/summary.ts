import type { PlaceReport, Result, RunReport } from '../../shared/engine/outcome.ts';
import { plain } from '../../shared/notify/escape.ts';
import { cutOff } from '../no-queue.ts';
import type { Terminal } from '../terminal.ts';

/** The closing lines of a sweep, on standard error: what was read where, how it ended, what needs a person. */
export function printSummary(
  report: RunReport,
  terminal: Terminal,
  journal: string | undefined = undefined,
): void {
  printReading(report, terminal);
  // A journal of one's own has to be named, the deployed one is found.
  const where = journal === undefined ? '' : ` --journal ${plain(journal)}`;
  if (report.counts.done > 0) terminal.err(`To take it back: reeve undo ${plain(report.run, 64)}${where}`);
  const would = report.results.filter(({ outcome }) => outcome.code === 'report-mode').length;
  if (would > 0) terminal.err(`Nothing was changed. With --enforce ${would} would be remedied.`);
}

/** The same without what comes next. */
export function printReading(report: RunReport, { err, colors }: Terminal): void {
  const { counts, places, missing, pages, warnings, omitted } = report;
  for (const place of places) err(placeLine(place));
  for (const { ref, reason } of missing) err(plain(`${ref.id}: ${reason}`));
  if (omitted > 0) err(`${omitted} more findings are not shown`);
  for (const warning of warnings) err(colors.yellow(plain(warning)));
  for (const page of pages) err(colors.red(plain(`Needs a person: ${page}`)));
  const parts = [
    `${counts.scanned} read`,
    `${counts.violations} out of policy`,
    ...(counts.done > 0 ? [`${counts.done} remedied`] : []),
    ...(counts.failed > 0 ? [`${counts.failed} failed`] : []),
    ...(counts.exempt > 0 ? [`${counts.exempt} exempt`] : []),
    ...(counts.unknown > 0 ? [`${counts.unknown} unknown`] : []),
  ];
  err(`${parts.join(', ')}.${report.state === 'complete' ? '' : ` This run is ${report.state}.`}`);
}

/** After Ctrl-C: what is not finished, and that nothing is lost by it. */
export function printStopped(results: readonly Result[], { err, colors }: Terminal): void {
  for (const result of results)
    if (cutOff(result) === 'begun') err(plain(`${result.resource.id}: ${result.outcome.reason}`));
  const left = results.filter((result) => cutOff(result) === 'not begun').length;
  if (left > 0) err(`${left} not begun.`);
  err(colors.yellow('Stopped before the end. Run the same command again: it goes on from what is there.'));
}

/** A region without anything in it is named too: an empty list may be the wrong region. */
function placeLine({ account, region, state, scanned, reason }: PlaceReport): string {
  const how = state === 'scanned' ? `${scanned} read` : `${state}: ${reason ?? 'no reason given'}`;
  return plain(`${region}  ${account}  ${how}`);
}
