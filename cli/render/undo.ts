import type { UndoReport, UndoResult } from '../../shared/engine/undo-outcome.ts';
import { plain, safe } from '../../shared/notify/escape.ts';
import type { Terminal } from '../terminal.ts';
import { grid, NARROW } from './grid.ts';
import { wrapped } from './wrap.ts';

/** What became of each entry, and what to know and do next. */
export function printUndo(report: UndoReport, terminal: Terminal): void {
  const { results, counts, request } = report;
  terminal.out(terminal.columns < NARROW ? paragraphs(results, terminal) : table(results, terminal));
  const undone = request.dryRun ? 'would be taken back' : 'taken back';
  const parts = [
    `${counts.undone} ${undone}`,
    `${counts.refused} refused`,
    `${counts.failed} failed`,
    ...(counts.left > 0 ? [`${counts.left} left`] : []),
  ];
  terminal.err(`${parts.join(', ')}.`);
  if (counts.undone > 0 && request.dryRun) terminal.err('Nothing was changed. With --yes it is done.');
  if (counts.undone > 0 && !request.dryRun) {
    terminal.err(
      `The policies leave it as it is until ${report.exemptUntil.toISOString()}, and act again then.`,
    );
  }
  if (counts.left > 0) terminal.err('Run the same command again: it carries on with what is left.');
}

function table(results: readonly UndoResult[], { columns, colors }: Terminal): string {
  const rest = columns - 14 - 3 * 2;
  const shape = [
    { title: 'UNDO', width: 14 },
    { title: 'RESOURCE', width: Math.floor(rest * 0.25) },
    { title: 'WHAT WAS DONE', width: Math.floor(rest * 0.3) },
    { title: 'OUTCOME', width: Math.floor(rest * 0.45) },
  ];
  const rows = results.flatMap((result) => {
    const { entry, notes, outcome } = result;
    const told = [outcome.reason, ...notes].map((text) => safe(text, 600));
    return [
      [label(result, colors), nameOf(entry), safe(entry.summary, 300), told.join('\n')],
      [colors.dim(`  entry ${plain(entry.id, 64)}`)],
    ];
  });
  return grid(shape, rows, colors);
}

function paragraphs(results: readonly UndoResult[], { columns, colors }: Terminal): string {
  return results
    .map((result) =>
      [
        wrapped(`${label(result, colors)}  ${nameOf(result.entry).replace('\n', '  ')}`, columns),
        wrapped(safe(result.entry.summary, 300), columns, '  '),
        ...[result.outcome.reason, ...result.notes].map((text) => wrapped(safe(text, 600), columns, '  ')),
        colors.dim(`  entry ${plain(result.entry.id, 64)}`),
      ].join('\n'),
    )
    .join('\n\n');
}

function nameOf({ resource, account, region }: UndoResult['entry']): string {
  const name =
    resource.name === undefined || resource.name === resource.id ? '' : ` (${safe(resource.name, 60)})`;
  return `${plain(resource.id, 200)}${name}\n${plain(account, 20)} ${plain(region, 30)}`;
}

function label({ outcome }: UndoResult, colors: Terminal['colors']): string {
  if (outcome.code === 'would') return colors.cyan('would undo');
  if (outcome.code === 'already-undone') return colors.green('undone before');
  const paint = { undone: colors.green, refused: colors.yellow, failed: colors.red, left: colors.yellow };
  return paint[outcome.outcome](outcome.outcome);
}
