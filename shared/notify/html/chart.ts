import { cap } from '../escape.ts';
import { count } from './amounts.ts';
import { type Html, html } from './html.ts';

/** One bar: its parts in order, each in the colour of its kind. */
export interface Bar {
  readonly label: string;
  readonly parts: readonly { readonly kind: string; readonly amount: number }[];
}

export interface Kind {
  /** Class of the style sheet, `k-` in front. */
  readonly kind: string;
  readonly name: string;
}

const LABEL = 180;
const WIDTH = 560;
const ROW = 34;
const VALUE = 84;

/** Bars beside their labels, with a legend of the kinds that occur; `amount` writes a bar's total. */
export function barChart(
  title: string,
  bars: readonly Bar[],
  kinds: readonly Kind[],
  amount: (total: number) => string = count,
): Html {
  const most = Math.max(1e-9, ...bars.map(totalOf));
  const height = bars.length * ROW + 4;
  const occurring = kinds.filter(({ kind }) =>
    bars.some(({ parts }) => parts.some((part) => part.kind === kind && part.amount > 0)),
  );
  return html`<figure>
<figcaption>${title}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}">
${bars.map((bar, index) => row(bar, index * ROW, most, amount))}</svg>
<ul class="legend">${occurring.map(({ kind, name }) => html`<li><i class="k-${kind}"></i>${name}</li>`)}</ul>
</figure>
`;
}

function row(bar: Bar, top: number, most: number, amount: (total: number) => string): Html {
  const scale = (WIDTH - LABEL - VALUE) / most;
  const shown = bar.parts.filter((part) => part.amount > 0);
  const starts = shown.map((_, index) => shown.slice(0, index).reduce((sum, part) => sum + part.amount, 0));
  const end = LABEL + totalOf(bar) * scale;
  return html`<text class="label" x="${LABEL - 12}" y="${top + 21}">${short(bar.label)}</text>
<rect class="track" x="${LABEL}" y="${top + 6}" width="${WIDTH - LABEL - VALUE}" height="22" rx="4"/>
${shown.map(
  (
    part,
    index,
  ) => html`<rect class="k-${part.kind}" x="${round(LABEL + (starts[index] ?? 0) * scale)}" y="${top + 6}" width="${round(Math.max(2, part.amount * scale - 1))}" height="22" rx="2"><title>${part.kind}: ${amount(part.amount)}</title></rect>
`,
)}<text class="value" x="${round(end + 8)}" y="${top + 21}">${amount(totalOf(bar))}</text>
`;
}

function totalOf({ parts }: Bar): number {
  return parts.reduce((sum, part) => sum + part.amount, 0);
}

function short(label: string): string {
  return cap(label, 20);
}

function round(length: number): number {
  return Math.round(length * 10) / 10;
}
