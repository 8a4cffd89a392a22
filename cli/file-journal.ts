import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import type { Intent, Journal, JournalEntry, JournalOutcome } from '../shared/engine/journal.ts';
import { BadInput } from './exit.ts';

/** A journal on disk that is held by this process until `close`. */
export interface FileJournal extends Journal {
  close(): void;
}

type Line =
  | { readonly intent: Intent }
  | { readonly id: string; readonly outcome: JournalOutcome }
  | { readonly seen: string; readonly at: Date };

/** What the lines of a journal say. */
interface Read {
  readonly entries: Map<string, JournalEntry>;
  readonly seen: Map<string, Date>;
}

/**
 * The journal of one person's sweeps, for accounts where Reeve is not deployed: JSON lines, each on disk before the next
 * step. A last line that a crash cut short was followed by no action and is dropped (B6.17).
 *
 * Throws BadInput when the file is held by another sweep or holds something else.
 */
export function fileJournal(path: string): FileJournal {
  const lock = `${path}.lock`;
  const held = openLock(lock, path);
  const release = () => {
    closeSync(held);
    rmSync(lock, { force: true });
  };
  const { entries, seen, file } = opened(path, release);

  function append(line: Line): void {
    writeSync(file, `${JSON.stringify(line)}\n`);
    fsyncSync(file);
  }

  return {
    async recent(arn, since) {
      return [...entries.values()]
        .filter(({ resource, at }) => resource.arn === arn && at >= since)
        .sort((one, other) => other.at.getTime() - one.at.getTime());
    },
    async begin(intent) {
      const same = [...entries.values()].filter(
        ({ resource, fingerprint }) =>
          resource.arn === intent.resource.arn && fingerprint === intent.fingerprint,
      );
      if (same.some(({ outcome }) => outcome?.result === 'done')) {
        return 'already-done';
      }
      if (same.some(({ outcome, leaseUntil }) => outcome === undefined && leaseUntil > intent.at)) {
        return 'in-progress';
      }
      append({ intent });
      entries.set(intent.id, { ...intent, outcome: undefined });
      return 'begun';
    },
    async finish(intent, outcome) {
      append({ id: intent.id, outcome });
      entries.set(intent.id, { ...intent, outcome });
    },
    async firstSeen(arn, policy, at) {
      const first = seen.get(`${policy} ${arn}`);
      if (first === undefined) await this.seenAnew(arn, policy, at);
      return first ?? at;
    },
    async seenAnew(arn, policy, at) {
      append({ seen: `${policy} ${arn}`, at });
      seen.set(`${policy} ${arn}`, at);
    },
    close() {
      closeSync(file);
      release();
    },
  };
}

function opened(path: string, release: () => void): Read & { readonly file: number } {
  try {
    return { ...readLines(path), file: openSync(path, 'a') };
  } catch (error) {
    release();
    throw error;
  }
}

function openLock(lock: string, path: string): number {
  try {
    return openSync(lock, 'wx');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw new BadInput(`${path}: another sweep holds this journal; if none is running, remove ${lock}`);
    }
    throw new BadInput(
      `${path}: the journal cannot be opened for writing; give a path in a folder that is yours`,
    );
  }
}

function readLines(path: string): Read {
  const entries = new Map<string, JournalEntry>();
  const seen = new Map<string, Date>();
  if (!existsSync(path)) return { entries, seen };
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const rest = text.slice(whole.length);
  const ours = ['{"intent":', '{"id":', '{"seen":'].some(
    (start) => rest.startsWith(start) || start.startsWith(rest),
  );
  if (!ours) throw new BadInput(`${path}: this is not a Reeve journal; name another file`);
  for (const [index, written] of whole.split('\n').slice(0, -1).entries()) {
    const line = parseLine(written);
    if (line === undefined) {
      throw new BadInput(`${path}:${index + 1}: this is not a line of a Reeve journal; name another file`);
    }
    if ('intent' in line) entries.set(line.intent.id, { ...line.intent, outcome: undefined });
    else if ('seen' in line) seen.set(line.seen, line.at);
    else {
      const intent = entries.get(line.id);
      if (intent !== undefined) entries.set(line.id, { ...intent, outcome: line.outcome });
    }
  }
  if (rest !== '') truncateSync(path, Buffer.byteLength(whole));
  return { entries, seen };
}

function parseLine(text: string): Line | undefined {
  try {
    // Only this file writes such lines; what a person edits in it is his own.
    const line = JSON.parse(text) as Line;
    if ('intent' in line) return { intent: { ...line.intent, ...dates(line.intent) } };
    if ('seen' in line) return { seen: line.seen, at: new Date(line.at) };
    return { id: line.id, outcome: { ...line.outcome, at: new Date(line.outcome.at) } };
  } catch {
    return undefined;
  }
}

/** JSON turned the dates into text. */
function dates({ at, leaseUntil }: Intent): { at: Date; leaseUntil: Date } {
  return { at: new Date(at), leaseUntil: new Date(leaseUntil) };
}
