import { count } from '../../shared/engine/words.ts';
import { plain, safe } from '../../shared/notify/escape.ts';
import type { Handled } from '../redrive/queue.ts';
import type { Terminal } from '../terminal.ts';
import { grid, NARROW } from './grid.ts';
import { wrapped } from './wrap.ts';

/** Dead letters as a table that fits the terminal; every text in it is escaped. */
export function lettersTable(handled: readonly Handled[], { columns, colors }: Terminal): string {
  if (columns < NARROW)
    return handled
      .map((each) => {
        const [policy, since, about, ...told] = textsOf(each, colors);
        const lines = [about, ...told].map((line) => wrapped(line ?? '', columns, '  '));
        return [wrapped(`${since}  ${policy}`, columns), ...lines].join('\n');
      })
      .join('\n\n');
  const rest = columns - 22 - 16 - 3 * 2;
  const shape = [
    { title: 'POLICY', width: 22 },
    { title: 'SINCE', width: 16 },
    { title: 'WHAT', width: Math.floor(rest * 0.4) },
    { title: 'WHY AND WHAT NOW', width: Math.ceil(rest * 0.6) },
  ];
  const rows = handled.map((each) => {
    const [policy = '', since = '', about = '', ...told] = textsOf(each, colors);
    return [policy, since, about, told.join('\n')];
  });
  return grid(shape, rows, colors);
}

/** Whose letter, since when, what it is about, and what there is to say of it. */
function textsOf({ policy, letter, reason }: Handled, colors: Terminal['colors']): readonly string[] {
  const before = `Died again: given back ${count(letter.times, 'time')} before.`;
  return [
    plain(policy),
    letter.sentAt.toISOString().slice(0, 16).replace('T', ' '),
    safe(letter.about, 200),
    safe(letter.why, 400),
    ...(letter.times > 0 ? [colors.yellow(before)] : []),
    safe(reason, 300),
  ];
}
