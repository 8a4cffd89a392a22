import type { Terminal } from '../terminal.ts';
import { cellsIn, wrapped } from './wrap.ts';

/** Narrower than this, a table is unreadable, and each of its rows becomes a short paragraph. */
export const NARROW = 90;

/** A column of a table: its title, and how many cells of the terminal it takes. */
export interface Column {
  readonly title: string;
  readonly width: number;
}

const BETWEEN = '  ';

/**
 * Rows as a table by space alone. A text goes on in the next line, at a word where it can, and nothing of it is cut off;
 * a row of one text is a line over all columns, e.g. a command to be copied. Without `titled` it goes on with a table.
 */
export function grid(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { bold }: Pick<Terminal['colors'], 'bold'>,
  titled = true,
): string {
  const titles = titled ? [columns.map(({ title }) => bold(title))] : [];
  return [...titles, ...rows].flatMap((row) => (row.length === 1 ? row : linesOf(row, columns))).join('\n');
}

/** Without blanks at their ends, which narrow terminals would wrap. */
function linesOf(row: readonly string[], columns: readonly Column[]): readonly string[] {
  const broken = columns.map(({ width }, index) => brokenAt(width, row[index] ?? ''));
  const height = Math.max(...broken.map((lines) => lines.length));
  return Array.from({ length: height }, (_, at) =>
    columns
      .map(({ width }, index) => padded(broken[index]?.[at] ?? '', width))
      .join(BETWEEN)
      .trimEnd(),
  );
}

function brokenAt(width: number, text: string): readonly string[] {
  return text.split('\n').flatMap((line) => wrapped(line, width).split('\n'));
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - cellsIn(text)));
}
