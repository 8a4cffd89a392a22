/** The lines of a table without the blanks at their ends, which narrow terminals would wrap. */
export function trimmed(table: object): string {
  return String(table).replace(/ +$/gm, '');
}

/** A table by space alone, for cli-table3. */
export const BORDERLESS = {
  chars: {
    top: '',
    'top-mid': '',
    'top-left': '',
    'top-right': '',
    bottom: '',
    'bottom-mid': '',
    'bottom-left': '',
    'bottom-right': '',
    left: '',
    'left-mid': '',
    mid: '',
    'mid-mid': '',
    right: '',
    'right-mid': '',
    middle: '  ',
  },
  style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
} satisfies { chars: object; style: object };
