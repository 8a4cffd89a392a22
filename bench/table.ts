/** A plain table: texts to the left in the first and the last column, figures to the right in between. */
export function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const hasNotes = head.at(-1) === '';
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => {
        const isText = column === 0 || (hasNotes && column === head.length - 1);
        return isText ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
      })
      .join('  ')
      .trimEnd();
  return [title, line(head), ...rows.map(line), ''].join('\n');
}

/** One measurement as multiples of another, in the columns of the table. */
export function ratios(name: string, one: Amounts, other: Amounts): readonly string[] {
  const times = (a: number, b: number) => `${(a / b).toFixed(2)}×`;
  return [
    name,
    '',
    times(one.calls, other.calls),
    times(one.seconds, other.seconds),
    times(one.cpu, other.cpu),
    times(one.mb, other.mb),
    '',
  ];
}

interface Amounts {
  readonly calls: number;
  readonly seconds: number;
  readonly cpu: number;
  readonly mb: number;
}
