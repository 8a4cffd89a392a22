import { safe } from '../escape.ts';

/** Markup of our own making; everything that a stranger may have written was escaped on its way in. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Filling = Html | readonly Html[] | string | number;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * A piece of a page: whatever is filled in is text, fit for an element or a quoted attribute, unless it is `Html`
 * itself. Secrets are hidden and invisible characters left out as in every other message (B6.22, B6.23, B6.34).
 */
export function html(pieces: TemplateStringsArray, ...fillings: readonly Filling[]): Html {
  return new Html(pieces.reduce((text, piece, index) => text + markup(fillings[index - 1] ?? '') + piece));
}

function markup(filling: Filling): string {
  if (filling instanceof Html) return filling.text;
  if (typeof filling === 'number') return String(filling);
  if (typeof filling === 'string') return safe(filling).replace(/[&<>"']/g, (one) => ENTITIES[one] ?? '');
  return filling.map(({ text }) => text).join('');
}
