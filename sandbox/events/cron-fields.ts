export const MONTHS = [
  'JAN',
  'FEB',
  'MAR',
  'APR',
  'MAY',
  'JUN',
  'JUL',
  'AUG',
  'SEP',
  'OCT',
  'NOV',
  'DEC',
] as const;
export const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] as const;

/** The numbers that a field names: `*`, numbers, names, ranges, steps (`0/5`, `1-10/3`) and lists of them. */
export function fieldValues(
  text: string,
  field: string,
  low: number,
  high: number,
  names: readonly string[] = [],
): ReadonlySet<number> {
  const number = (part: string): number => {
    const named = names.indexOf(part.toUpperCase());
    const value = named >= 0 ? named + 1 : /^\d+$/.test(part) ? Number(part) : Number.NaN;
    if (!(value >= low && value <= high))
      throw new Error(`"${part}" is not a value of ${field} (${low} to ${high})`);
    return value;
  };
  const values = new Set<number>();
  for (const item of text.split(',')) {
    const [range = '', step] = item.split('/');
    if (step !== undefined && !/^[1-9]\d*$/.test(step))
      throw new Error(`"${item}" in ${field} has no valid step`);
    const [first = '', second] = range.split('-');
    const from = range === '*' ? low : number(first);
    const to =
      range === '*' ? high : second !== undefined ? number(second) : step !== undefined ? high : from;
    if (to < from) throw new Error(`"${item}" in ${field} ends before it begins`);
    for (let value = from; value <= to; value += Number(step ?? 1)) values.add(value);
  }
  return values;
}
