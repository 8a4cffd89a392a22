import Table from 'cli-table3';
import type { Result } from '../../../shared/engine/outcome.ts';
import { plain } from '../../../shared/notify/escape.ts';
import { BORDERLESS, trimmed } from '../../render/borderless.ts';
import type { Terminal } from '../../terminal.ts';
import type { Told } from '../findings-queue.ts';

/** One line of the month's balance. */
interface Row {
  readonly what: string;
  readonly done: string;
  readonly why: string;
  /** US dollars a month. */
  readonly saving: number | 'unknown' | null;
}

/** Policies of which also what is in order says something: why a quiet machine or bucket stays. */
const TELLING = ['stop-idle-instances', 'delete-stale-buckets'];

/** Prints what was found, done, left alone and why, and the money: from Reeve's messages, and one more look. */
export function printBalance(
  told: readonly Told[],
  seen: ReadonlyMap<string, readonly Result[]>,
  terminal: Terminal,
): void {
  const { colors, out } = terminal;
  const all: Row[] = [];
  for (const [policy, results] of seen) {
    const own = told.filter((one) => one.policy === policy && one.outcome.outcome === 'done');
    const done = doneRows(own);
    const rows = [...done, ...leftRows(policy, results, own)];
    all.push(...done);
    out('');
    out(colors.bold(policy));
    out(tableOf(rows, terminal));
  }
  const known = all.flatMap(({ saving }) => (typeof saving === 'number' ? [saving] : []));
  const unknown = all.filter(({ saving }) => saving === 'unknown').length;
  const total = known.reduce((sum, each) => sum + each, 0).toFixed(2);
  out('');
  const rest = unknown > 0 ? `, and ${unknown} of unknown price` : '';
  out(`Saved every month: ${colors.bold(`US$ ${total}`)} of compute and storage${rest}.`);
}

/** One for each thing that was done to a resource; what comes back every day is counted. */
function doneRows(told: readonly Told[]): readonly Row[] {
  const groups = Map.groupBy(told, ({ resource, reasonCode }) => `${resource} ${reasonCode}`);
  return [...groups.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const times = same.length > 1 ? ` (${same.length} times)` : '';
    return [
      {
        what: first.resourceName ?? first.resource,
        done: `${readable(first.remedy?.summary ?? first.outcome.reason)}${times}`,
        why: inShort(first.reason),
        // A mark saves nothing yet.
        saving: first.remedy?.action === 'mark' ? null : first.monthlySaving,
      },
    ];
  });
}

/** A table wants the point; the messages have every detail. */
function inShort(reason: string): string {
  const point = readable(reason).split(/: |; /)[0] ?? '';
  return reason.length > 150 && point.length > 20 ? `${point}.` : readable(reason);
}

/** Names in place of ids, days in place of moments. */
function readable(text: string): string {
  return text
    .replace(/\b(?:i|sg)-[0-9a-f]{8,17} \(([^)]+)\)/g, '$1')
    .replace(/ \(sgr-[0-9a-f]+\)/g, '')
    .replace(/(\d{4}-\d\d-\d\d)T[\d:.]+Z/g, '$1');
}

function leftRows(policy: string, results: readonly Result[], done: readonly Told[]): readonly Row[] {
  const touched = new Set(done.map(({ resource }) => resource));
  return results
    .filter(({ resource, verdict, outcome }) => {
      if (outcome.code === 'self' || resource.id.startsWith('reeve-')) return false;
      if (verdict.verdict !== 'compliant') return true;
      return TELLING.includes(policy) && !touched.has(resource.id);
    })
    .map(({ resource, verdict }) => ({
      what: resource.name ?? resource.id,
      done: verdict.verdict === 'compliant' ? 'in order' : 'left alone',
      why: inShort(verdict.reason),
      saving: null,
    }));
}

function tableOf(rows: readonly Row[], { columns, colors }: Terminal): string {
  const rest = Math.min(columns, 120) - 14 - 9 - 3 * 2;
  const wide = Math.floor(rest * 0.42);
  const table = new Table({
    head: ['WHAT', 'DONE', 'WHY', 'US$/MONTH'].map((title) => colors.bold(title)),
    colWidths: [14, wide, rest - wide, 9],
    wordWrap: true,
    ...BORDERLESS,
  });
  for (const { what, done, why, saving } of rows) {
    const money = typeof saving === 'number' ? saving.toFixed(2) : (saving ?? '');
    table.push([plain(what), plain(done), plain(why), { content: money, hAlign: 'right' }]);
  }
  return trimmed(table);
}
