import { stripVTControlCharacters } from 'node:util';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** East Asian wide characters and pictures take two cells. */
const WIDE =
  /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;

/** Most of what is shown, and a hundred times faster to measure. */
const PLAIN = /^[ -~]*$/;

/** Cells of a terminal that a text takes; colours take none. */
export function cellsIn(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let cells = 0;
  for (const { segment } of graphemes.segment(stripVTControlCharacters(text)))
    cells += WIDE.test(segment) ? 2 : 1;
  return cells;
}

/** Text in lines of so many cells, each behind the indentation; a word that is longer goes on in the next line. */
export function wrapped(text: string, columns: number, indent = ''): string {
  const width = Math.max(8, columns - indent.length);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((each) => pieces(each, width))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && cellsIn(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].map((each) => `${indent}${each}`).join('\n');
}

/** A coloured word is ours, and short. */
function pieces(word: string, width: number): readonly string[] {
  if (cellsIn(word) <= width) return [word];
  const parts: string[] = [''];
  for (const { segment } of graphemes.segment(word)) {
    const part = parts.at(-1) ?? '';
    if (cellsIn(part + segment) > width) parts.push(segment);
    else parts[parts.length - 1] = part + segment;
  }
  return parts;
}
