import { existsSync, readFileSync } from 'node:fs';
import { type History, newestFirst } from '../shared/engine/history.ts';
import type { Intent, JournalEntry, JournalOutcome } from '../shared/engine/journal.ts';
import type { Mark } from '../shared/engine/mark.ts';
import type { LastScan, LastScans } from '../shared/engine/shrinkage.ts';
import { BadInput } from './exit.ts';
import { parseLine } from './journal-schema.ts';
import { note, type Taken } from './journal-window.ts';

/** A line of a journal on disk. */
export type Line =
  | { readonly intent: Intent }
  | { readonly id: string; readonly outcome: JournalOutcome }
  | { readonly seen: string; readonly at: Date }
  /** People know how these ended. */
  | { readonly told: readonly string[] }
  | { readonly taken: readonly string[]; readonly window: string }
  | { readonly mark: Mark }
  /** The mark of this id holds no longer. */
  | { readonly unmarked: string; readonly why: string; readonly at: Date }
  | { readonly scans: string; readonly places: readonly (readonly [string, LastScan])[] };

/** What the lines of a journal say. */
export interface Lines {
  readonly entries: Map<string, JournalEntry>;
  readonly seen: Map<string, Date>;
  /** Ids of the entries that nobody was told about. */
  readonly untold: Set<string>;
  readonly taken: Taken;
  /** The open ones, by id. */
  readonly marks: Map<string, Mark>;
  /** By policy. */
  readonly scans: Map<string, LastScans>;
  /** Up to the last whole line. */
  readonly wholeBytes: number;
  /** A crash cut the last line short. */
  readonly broken: boolean;
}

/** Reading back what a journal on disk holds. */
export function historyOf(held: () => readonly JournalEntry[]): History {
  const pick = async function* (wanted: (entry: JournalEntry) => boolean) {
    const entries = newestFirst(held().filter(wanted));
    if (entries.length > 0) yield entries;
  };
  return {
    between: (since, until) => pick(({ at }) => since <= at && at <= until),
    ofRun: (run) => pick((entry) => entry.run === run),
    ofResource: (arn, since) => pick(({ resource, at }) => resource.arn === arn && at >= since),
    entry: async (id) => held().find((entry) => entry.id === id),
    async undoneBy(entries) {
      const ids = new Set(entries.map(({ id }) => id));
      // Of several tries at one undo the last has the word.
      const undos = held().flatMap((entry) => {
        const { undoes } = entry;
        return undoes !== undefined && ids.has(undoes) ? [[undoes, entry] as const] : [];
      });
      return new Map(undos);
    },
  };
}

/** Reads the file, changing nothing. BadInput where it is no journal. */
export function readLines(path: string): Lines {
  const read: Read = {
    entries: new Map(),
    seen: new Map(),
    untold: new Set(),
    taken: new Map(),
    marks: new Map(),
    scans: new Map(),
    latest: new Map(),
  };
  if (!existsSync(path)) return { ...read, wholeBytes: 0, broken: false };
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const rest = text.slice(whole.length);
  const ours = STARTS.some((start) => rest.startsWith(start) || start.startsWith(rest));
  if (!ours) throw new BadInput(`${path}: this is not a Reeve journal; name another file`);
  for (const [index, written] of whole.split('\n').slice(0, -1).entries()) {
    const line = parseLine(written);
    if (line === undefined) {
      throw new BadInput(`${path}:${index + 1}: this is not a line of a Reeve journal; name another file`);
    }
    take(line, read);
  }
  return { ...read, wholeBytes: Buffer.byteLength(whole), broken: rest !== '' };
}

const STARTS: readonly string[] = [
  ...['intent', 'id', 'seen', 'told', 'taken', 'mark', 'unmarked', 'scans'].map((key) => `{"${key}":`),
];

interface Read extends Omit<Lines, 'wholeBytes' | 'broken'> {
  /** By change: the id of the newest try. */
  readonly latest: Map<string, string>;
}

function take(line: Line, { entries, seen, untold, taken, marks, scans, latest }: Read): void {
  if ('seen' in line) seen.set(line.seen, line.at);
  else if ('mark' in line) marks.set(line.mark.id, line.mark);
  else if ('unmarked' in line) marks.delete(line.unmarked);
  else if ('scans' in line)
    scans.set(line.scans, new Map([...(scans.get(line.scans) ?? []), ...line.places]));
  else if ('taken' in line) note(taken, line.window, line.taken);
  else if ('told' in line) for (const id of line.told) untold.delete(id);
  else if ('outcome' in line) {
    const intent = entries.get(line.id);
    if (intent !== undefined) entries.set(line.id, { ...intent, outcome: line.outcome });
    if (intent?.undoes !== undefined) untold.delete(line.id);
  } else {
    const { id, resource, fingerprint } = line.intent;
    const change = JSON.stringify([resource.arn, fingerprint]);
    untold.delete(latest.get(change) ?? '');
    latest.set(change, id);
    entries.set(id, { ...line.intent, outcome: undefined });
    untold.add(id);
  }
}
