import { stripVTControlCharacters } from 'node:util';
import { plain } from '../../shared/notify/escape.ts';
import type { Terminal } from '../terminal.ts';

/** A calm column of what happened: time, who, what; long texts wrap under themselves. */
export interface Timeline {
  /** A heading that says what the next lines are about. */
  scene(title: string): void;
  /** From now on each day on which something happens begins with its date. */
  showDays(): void;
  /** Somebody did something, or something happened; `at` some time ago rather than now. */
  line(who: Who, text: string, at?: Date): void;
  /** Text under the last line, without time and name. */
  under(text: string): void;
  /** A message as its reader sees it, framed. */
  message(subject: string, body: string): void;
}

export type Who = 'ana' | 'terraform' | 'ops' | 'reeve' | 'mail' | 'time';

const INDENT = 21;

export function createTimeline(terminal: Terminal, now: () => Date): Timeline {
  const { colors } = terminal;
  const width = Math.min(terminal.columns, 110);
  const paint: Readonly<Record<Who, (text: string) => string>> = {
    ana: colors.cyan,
    terraform: colors.cyan,
    ops: colors.cyan,
    reeve: colors.green,
    mail: colors.magenta,
    time: colors.dim,
  };
  let days = false;
  let shownDay = '';
  const showDay = (at: Date) => {
    const day = dayOf(at);
    if (!days || day === shownDay) return;
    shownDay = day;
    terminal.out('');
    terminal.out(colors.bold(day));
  };
  return {
    scene(title) {
      terminal.out('');
      for (const line of wrap(title, width)) terminal.out(colors.bold(line));
    },
    showDays() {
      days = true;
    },
    line(who, text, at = now()) {
      showDay(at);
      const [first = '', ...rest] = wrap(plain(text), width - INDENT);
      const time = at.toISOString().slice(11, 19);
      terminal.out(`${colors.dim(time)}  ${paint[who](who.padEnd(9))}  ${first}`);
      for (const line of rest) terminal.out(' '.repeat(INDENT) + line);
    },
    under(text) {
      for (const line of wrap(plain(text), width - INDENT))
        terminal.out(' '.repeat(INDENT) + colors.dim(line));
    },
    message(subject, body) {
      const edge = (text: string) => ' '.repeat(INDENT) + colors.dim(text);
      const [first = '', ...rest] = wrap(plain(subject), width - INDENT - 3);
      terminal.out(edge('┌─ ') + colors.bold(first));
      for (const line of rest) terminal.out(edge('│  ') + colors.bold(line));
      for (const paragraph of body.split('\n')) {
        const lines = paragraph === '' ? [''] : wrap(plainLine(paragraph), width - INDENT - 2);
        for (const line of lines) terminal.out(edge('│ ') + line);
      }
      terminal.out(edge('└─'));
    },
  };
}

/** `Monday 2 November` */
function dayOf(at: Date): string {
  return at.toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' });
}

/** Keeps the indentation that a digest uses. */
function plainLine(text: string): string {
  const indent = text.match(/^ */)?.[0] ?? '';
  return indent + plain(text);
}

function wrap(text: string, width: number): readonly string[] {
  const indent = text.match(/^[ -]*/)?.[0].length ?? 0;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=\S) /)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (stripVTControlCharacters(longer).length <= width || line.trim() === '') line = longer;
    else {
      lines.push(line);
      line = ' '.repeat(indent) + word;
    }
  }
  return [...lines, line];
}
