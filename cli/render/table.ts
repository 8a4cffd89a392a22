import { dueOf, type Result } from '../../shared/engine/outcome.ts';
import { plain, safe } from '../../shared/notify/escape.ts';
import type { Terminal } from '../terminal.ts';
import { grid, NARROW } from './grid.ts';
import { wrapped } from './wrap.ts';

type Colors = Terminal['colors'];

/** Findings as a table that fits the terminal; every text in it is escaped. */
export function resultsTable(results: readonly Result[], terminal: Terminal): string {
  if (results.length === 0) return '';
  return terminal.columns < NARROW ? paragraphs(results, terminal) : table(results, terminal);
}

function table(results: readonly Result[], { columns, colors }: Terminal): string {
  const fixed = [9, 24, 14];
  const rest = Math.max(30, columns - fixed.reduce((sum, width) => sum + width + 2, 0));
  const widths = [...fixed, Math.ceil(rest * 0.55), Math.floor(rest * 0.45) - 2];
  const titles = ['VERDICT', 'RESOURCE', 'REGION', 'WHY', 'OUTCOME'];
  const rows = results.flatMap((result) => {
    const back = undoText(result);
    const row = [
      label(result, colors),
      resourceName(result),
      `${safe(result.region)}\n${colors.dim(safe(result.account))}`,
      safe(result.verdict.reason),
      [outcomeText(result), ...result.notes.map((note) => safe(note))].join('\n'),
    ];
    // In a line of its own, to be copied.
    return back === undefined ? [row] : [row, [colors.dim(`  ${back}`)]];
  });
  return grid(
    widths.map((width, index) => ({ title: titles[index] ?? '', width })),
    rows,
    colors,
  );
}

function paragraphs(results: readonly Result[], { columns, colors }: Terminal): string {
  return results
    .map((result) => {
      const name = resourceName(result).replace('\n', '  ');
      const back = undoText(result);
      return [
        wrapped(`${label(result, colors)}  ${name}  ${safe(result.region)}`, columns),
        ...[safe(result.verdict.reason), outcomeText(result), ...result.notes.map((note) => safe(note))].map(
          (line) => wrapped(line, columns, '  '),
        ),
        ...(back === undefined ? [] : [colors.dim(`  ${back}`)]),
      ].join('\n');
    })
    .join('\n\n');
}

function resourceName({ resource }: Result): string {
  const id = plain(resource.id);
  return resource.name === undefined || resource.name === resource.id ? id : `${id}\n${safe(resource.name)}`;
}

function outcomeText({ outcome, verdict }: Result): string {
  const proposed = verdict.verdict === 'violation' && verdict.remedy ? verdict.remedy.summary : undefined;
  if (outcome.outcome === 'skipped' && outcome.code === 'report-mode' && proposed !== undefined) {
    return `would: ${safe(proposed)}`;
  }
  if (outcome.reason === verdict.reason) return 'left alone';
  if (outcome.code === 'alert-only') return `alert only: ${safe(outcome.reason)}`;
  return `${endText(outcome)}: ${safe(outcome.reason)}`;
}

/** The command that takes it back, where something was done. */
function undoText({ outcome }: Result): string | undefined {
  return outcome.outcome === 'done' ? `reeve undo ${plain(outcome.journalId, 64)}` : undefined;
}

/** There is no queue behind the command line. */
function endText(outcome: Result['outcome']): string {
  if (outcome.outcome !== 'queued') return outcome.outcome;
  return dueOf(outcome) === undefined ? 'left' : 'waits';
}

/** The severity of a violation, otherwise the verdict, in a colour that says how urgent it is. */
function label({ verdict }: Result, colors: Colors): string {
  if (verdict.verdict !== 'violation') {
    return verdict.verdict === 'unknown' ? colors.yellow('unknown') : colors.green(verdict.verdict);
  }
  const paint = { critical: colors.bgRed, high: colors.red, medium: colors.yellow, low: colors.cyan };
  return paint[verdict.severity](verdict.severity);
}
