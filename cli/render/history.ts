import type { JournalEntry } from '../../shared/engine/journal.ts';
import { undoability } from '../../shared/engine/undoability.ts';
import { jsonText, plain, safe } from '../../shared/notify/escape.ts';
import type { Terminal } from '../terminal.ts';
import { grid, NARROW } from './grid.ts';
import { wrapped } from './wrap.ts';

/** An entry of the journal, and its undo where there is one. */
export interface Remembered {
  readonly entry: JournalEntry;
  readonly undo: JournalEntry | undefined;
}

/** One page of entries as a table that fits the terminal; every text in it is escaped. */
export function historyPage(
  page: readonly Remembered[],
  isFirst: boolean,
  now: Date,
  { columns, colors }: Terminal,
): string {
  if (columns < NARROW) return page.map((one) => paragraph(one, now, columns)).join('\n\n');
  const rest = columns - 16 - 3 * 2;
  const shape = [
    { title: 'WHEN', width: 16 },
    { title: 'WHAT', width: Math.floor(rest * 0.46) },
    { title: 'HOW IT ENDED', width: Math.floor(rest * 0.3) },
    { title: 'CAUSED BY', width: Math.floor(rest * 0.24) },
  ];
  const rows = page.flatMap((one) => [cellsOf(one, now), [colors.dim(idsOf(one.entry))]]);
  return grid(shape, rows, colors, isFirst);
}

function cellsOf({ entry, undo }: Remembered, now: Date): string[] {
  const { policy, resource, account, region, summary } = entry;
  return [
    timeText(entry.at),
    `${summary.includes(resource.id) ? '' : `${nameOf(resource)}: `}${safe(summary, 300)}\n${plain(policy, 60)}, ${plain(account, 20)} ${plain(region, 30)}`,
    `${entry.outcome?.result ?? 'open'}; undo: ${undoability(entry, undo, now).sentence}`,
    causeOf(entry),
  ];
}

function paragraph(one: Remembered, now: Date, columns: number): string {
  const [when = '', what = '', ended, who = ''] = cellsOf(one, now);
  const [summary, ...where] = what.split('\n');
  return [
    wrapped(`${when}  ${summary}`, columns),
    ...[...where, `${ended}; by ${who.replaceAll('\n', ', ')}`].map((line) => wrapped(line, columns, '  ')),
    idsOf(one.entry).replaceAll('  run', '\n  run'),
  ].join('\n');
}

function idsOf({ id, run }: JournalEntry): string {
  return `  entry ${plain(id, 64)}  run ${plain(run, 64)}`;
}

function nameOf({ id, name }: JournalEntry['resource']): string {
  return name === undefined || name === id ? plain(id, 200) : `${plain(id, 200)} (${safe(name, 60)})`;
}

function causeOf({ actor, cause }: JournalEntry): string {
  return actor === undefined ? safe(cause.name, 60) : `${safe(actor.name, 60)}\n${safe(cause.name, 60)}`;
}

/** `2026-11-21 09:41`, UTC. */
function timeText(at: Date): string {
  return at.toISOString().slice(0, 16).replace('T', ' ');
}

/** One entry whole: what, where, why, who, before and after, and how it is taken back. */
export function wholeEntry({ entry, undo }: Remembered, now: Date, { colors }: Terminal): string {
  const { outcome, actor, resource } = entry;
  const who = actor === undefined ? '' : `${actor.name}${actor.arn === undefined ? '' : ` (${actor.arn})`}, `;
  const told: readonly (readonly [string, string])[] = [
    ['Entry', entry.id],
    ['Run', entry.run],
    ['When', entry.at.toISOString()],
    ['Policy', `${entry.policy}, ${entry.action}`],
    [
      'Resource',
      `${resource.type} ${resource.id}${resource.name === undefined ? '' : ` (${resource.name})`}`,
    ],
    ['ARN', resource.arn],
    ['Where', `${entry.account}, ${entry.region}`],
    ['What', entry.summary],
    ['Why', `${entry.reason} (${entry.reasonCode})`],
    ['Caused by', `${who}${entry.cause.kind} ${entry.cause.name}, ${entry.signalId}`],
    [
      'Outcome',
      outcome === undefined
        ? 'not known: no end was written'
        : `${outcome.result} (${outcome.code}), ${outcome.at.toISOString()}: ${outcome.reason}`,
    ],
    ...(outcome?.requestId === undefined ? [] : [['Request', outcome.requestId] as const]),
    ['By hand', entry.undo],
    ['Undo', undoability(entry, undo, now).sentence],
    ...(undo === undefined ? [] : [['Undone by', `entry ${undo.id}, ${undo.reason}`] as const]),
    ...(undoability(entry, undo, now).can === 'no' ? [] : [['Command', `reeve undo ${entry.id}`] as const]),
  ];
  const documents = [
    ['Evidence', entry.evidence ?? []],
    ['Parameters', entry.parameters],
    ['Before', entry.before],
    ['After', outcome?.after ?? null],
  ] as const;
  return [
    ...told.map(([title, text]) => `${colors.bold(title.padEnd(10))}  ${safe(text, 2000)}`),
    ...documents.map(([title, value]) => `${colors.bold(title)}\n${jsonText(value, 2)}`),
  ].join('\n');
}
