import type { History } from '../shared/engine/history.ts';
import type { JournalEntry } from '../shared/engine/journal.ts';
import { undoability } from '../shared/engine/undoability.ts';
import { jsonText, plain } from '../shared/notify/escape.ts';
import { KEEP_DAYS } from './account/brakes.ts';
import { openMemory, type Which } from './account/memory.ts';
import { BadInput, EXIT, type ExitCode } from './exit.ts';
import { momentOf } from './moment.ts';
import { knownPolicy } from './policies.ts';
import { historyPage, type Remembered, wholeEntry } from './render/history.ts';
import type { Terminal } from './terminal.ts';

export interface HistoryOptions extends Which {
  /** A span before now, or a time. */
  readonly since: string | undefined;
  readonly until: string | undefined;
  /** AWS id or ARN. */
  readonly resource: string | undefined;
  readonly policy: string | undefined;
  readonly run: string | undefined;
  readonly limit: string;
  readonly json: boolean;
  /** Only the ids of the entries, for scripts. */
  readonly ids: boolean;
}

const DAY_MS = 86_400_000;

/**
 * `reeve history`: what the journal says was changed, newest first; with the id of an entry that one whole, with the id
 * of a run all of it. Reads page by page, and never more than is shown.
 */
export async function history(
  id: string | undefined,
  options: HistoryOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  // Mistakes in the options first, whatever the account's time is.
  askedOf(options, new Date());
  if (id !== undefined) checkId(id);
  const memory = await openMemory(options);
  const now = memory.now();
  const asked = askedOf(options, now);
  const one = id === undefined ? undefined : await memory.history.entry(id);
  if (one !== undefined) {
    const [remembered] = await withUndo(memory.history, [one]);
    if (remembered === undefined) return EXIT.ok;
    terminal.out(options.json ? jsonText(jsonOf(remembered, now), 2) : wholeEntry(remembered, now, terminal));
    return EXIT.ok;
  }
  const pages = shownPages(memory.history, { ...asked, ...(id !== undefined && ofWholeRun(id, now)) });
  const { shown, more } = await print(pages, asked.limit, options, now, terminal);
  if (id !== undefined && shown === 0) {
    throw new BadInput(
      `no entry and no run ${JSON.stringify(id)} in the journal ${memory.name}; reeve history lists them`,
    );
  }
  const rest = more ? ' There are more: give --limit, or --until the time of the last.' : '';
  const nothing = `Nothing that fits was changed since ${asked.since.toISOString()}`;
  terminal.err(`${shown === 0 ? nothing : `${shown} shown`}, by the journal ${memory.name}.${rest}`);
  return EXIT.ok;
}

/** Ids of entries and runs, as Reeve and Lambda make them. */
export function checkId(id: string): void {
  if (/^[\w-]{1,64}$/.test(id)) return;
  throw new BadInput(
    `expected the id of an entry or a run (letters, digits and dashes), got ${JSON.stringify(id.slice(0, 80))}`,
  );
}

interface Asked {
  readonly since: Date;
  readonly until: Date;
  readonly resource: string | undefined;
  readonly policy: string | undefined;
  readonly run: string | undefined;
  readonly limit: number;
}

function askedOf(options: HistoryOptions, now: Date): Asked {
  // What is older than the journal keeps is nowhere.
  const oldest = oldestOf(now);
  const usual = options.run === undefined ? momentOf('--since', '7d', now) : oldest;
  const since = options.since === undefined ? usual : momentOf('--since', options.since, now);
  const until = options.until === undefined ? now : momentOf('--until', options.until, now);
  if (since > until)
    throw new BadInput(`--since ${since.toISOString()} is after --until ${until.toISOString()}`);
  if (!/^[1-9]\d{0,5}$/.test(options.limit)) {
    throw new BadInput(`--limit: expected a number from 1 to 999999, got ${JSON.stringify(options.limit)}`);
  }
  if (options.run !== undefined) checkId(options.run);
  return {
    since: since < oldest ? oldest : since,
    until: until > now ? now : until,
    resource: options.resource,
    policy: options.policy === undefined ? undefined : knownPolicy(options.policy),
    run: options.run,
    limit: Number(options.limit),
  };
}

function oldestOf(now: Date): Date {
  return new Date(now.getTime() - KEEP_DAYS * DAY_MS);
}

/** A run is shown whole, however old it is. */
function ofWholeRun(run: string, now: Date): Pick<Asked, 'run' | 'since'> {
  return { run, since: oldestOf(now) };
}

/** The entries asked for, by the narrowest way in that there is, each with its undo. */
async function* shownPages(journal: History, asked: Asked): AsyncGenerator<readonly Remembered[]> {
  const { since, until, resource, policy, run } = asked;
  const found =
    run !== undefined
      ? journal.ofRun(run)
      : resource?.startsWith('arn:')
        ? journal.ofResource(resource, since)
        : journal.between(since, until);
  for await (const page of found) {
    const wanted = page.filter(
      (entry) =>
        (resource === undefined || resource === entry.resource.id || resource === entry.resource.arn) &&
        (policy === undefined || policy === entry.policy) &&
        entry.at >= since &&
        entry.at <= until,
    );
    if (wanted.length > 0) yield await withUndo(journal, wanted);
  }
}

async function withUndo(journal: History, entries: readonly JournalEntry[]): Promise<readonly Remembered[]> {
  const undos = await journal.undoneBy(entries);
  return entries.map((entry) => ({ entry, undo: undos.get(entry.id) }));
}

/** Writes each page as it comes; none is kept. */
async function print(
  pages: AsyncIterable<readonly Remembered[]>,
  limit: number,
  { json, ids }: Pick<HistoryOptions, 'json' | 'ids'>,
  now: Date,
  terminal: Terminal,
): Promise<{ readonly shown: number; readonly more: boolean }> {
  let shown = 0;
  let more = false;
  for await (const page of pages) {
    const part = page.slice(0, limit - shown);
    more = part.length < page.length;
    if (part.length === 0) break;
    terminal.out(
      json
        ? arrayPart(part, shown === 0, now)
        : ids
          ? idLines(part)
          : historyPage(part, shown === 0, now, terminal),
    );
    shown += part.length;
    if (more) break;
  }
  if (json) terminal.out(shown === 0 ? '[]' : ']');
  return { shown, more };
}

function idLines(part: readonly Remembered[]): string {
  return part.map(({ entry }) => plain(entry.id, 64)).join('\n');
}

/** One page of the array that all pages together are. */
function arrayPart(part: readonly Remembered[], isFirst: boolean, now: Date): string {
  const lines = part.map((one) => jsonText(jsonOf(one, now)));
  return `${isFirst ? '[' : ','}${lines.join('\n,')}`;
}

/** The entry as the journal holds it, and what became of it. */
function jsonOf({ entry, undo }: Remembered, now: Date): object {
  const { can, code, sentence } = undoability(entry, undo, now);
  return { ...entry, undoable: { can, code, reason: sentence, undo: undo?.id ?? null } };
}
