import { closeSync, fsyncSync, openSync, rmSync, truncateSync, writeSync } from 'node:fs';
import type { History } from '../shared/engine/history.ts';
import type { Journal } from '../shared/engine/journal.ts';
import type { Mark, Marks } from '../shared/engine/mark.ts';
import { isLeftAlone } from '../shared/engine/taken-back.ts';
import { BadInput } from './exit.ts';
import { refuseLink } from './files.ts';
import { historyOf, type Line, type Lines, readLines } from './journal-lines.ts';
import { note, roomFor, windowOf } from './journal-window.ts';

/** A journal on disk that is held by this process until `close`. */
export interface FileJournal extends Journal {
  readonly history: History;
  close(): void;
}

/**
 * The journal of one person's sweeps, for accounts where Reeve is not deployed: JSON lines, each on disk before the next
 * step. A last line that a crash cut short was followed by no action and is dropped (B6.17).
 *
 * Throws BadInput when the file is held by another sweep or holds something else.
 */
export function fileJournal(path: string): FileJournal {
  refuseLink(path);
  const lock = `${path}.lock`;
  const held = openLock(lock, path);
  const unlock = () => rmSync(lock, { force: true });
  // Whoever breaks off leaves what is begun to the next sweep, and not the lock to a person.
  process.once('exit', unlock);
  const release = () => {
    process.off('exit', unlock);
    closeSync(held);
    unlock();
  };
  const { entries, seen, untold, taken, marks, scans, file } = opened(path, release);

  function append(line: Line): void {
    writeSync(file, `${JSON.stringify(line)}\n`);
    fsyncSync(file);
  }

  return {
    history: historyOf(() => [...entries.values()]),
    async recent(arn, since) {
      return [...entries.values()]
        .filter(({ resource, at }) => resource.arn === arn && at >= since)
        .sort((one, other) => other.at.getTime() - one.at.getTime());
    },
    async lastScans(policy) {
      return scans.get(policy) ?? new Map();
    },
    async noteScans(policy, noted) {
      append({ scans: policy, places: [...noted] });
      scans.set(policy, new Map([...(scans.get(policy) ?? []), ...noted]));
    },
    async reserve(taking, whole) {
      const { granted, fresh } = roomFor(taking, taken, whole);
      if (fresh.length > 0) append({ taken: fresh, window: windowOf(taking) });
      note(taken, windowOf(taking), fresh);
      return granted;
    },
    async begin(intent, taking) {
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
      if (taking !== undefined && roomFor(taking, taken, true).granted.size === 0) return 'over-cap';
      append({ intent });
      // Counted next: a crash between the two is followed by no change.
      if (taking !== undefined) await this.reserve(taking, true);
      entries.set(intent.id, { ...intent, outcome: undefined });
      // What this takes over is told with it.
      for (const { id } of same) untold.delete(id);
      untold.add(intent.id);
      return 'begun';
    },
    async finish(intent, outcome) {
      append({ id: intent.id, outcome });
      entries.set(intent.id, { ...intent, outcome });
      // Who asked for an undo heard its end.
      if (intent.undoes !== undefined) untold.delete(intent.id);
    },
    // The file is ours alone: whoever began these is gone, and nobody else takes them in hand.
    async open(policy, by, most) {
      return [...entries.values()]
        .filter((entry) => entry.policy === policy && untold.has(entry.id) && isLeftAlone(entry, by))
        .slice(0, most);
    },
    async claim({ id }) {
      return untold.has(id);
    },
    async told(intents) {
      const told = intents.map(({ id }) => id).filter((id) => untold.has(id));
      if (told.length > 0) append({ told });
      for (const id of told) untold.delete(id);
    },
    marks: fileMarks(marks, append),
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

/** The file is ours alone: nobody is faster. */
function fileMarks(open: Map<string, Mark>, append: (line: Line) => void): Marks {
  const close = (id: string, why: string, at: Date) => {
    append({ unmarked: id, why, at });
    open.delete(id);
  };
  const write = (mark: Mark) => {
    append({ mark });
    open.set(mark.id, mark);
  };
  return {
    open: async (policy) => [...open.values()].filter((mark) => mark.policy === policy),
    async put(mark, instead) {
      if (instead !== undefined) close(instead.id, 'replaced', mark.since);
      write(mark);
      return true;
    },
    told: async (mark) => write({ ...mark, told: true }),
    close: async ({ id }, why, at) => close(id, why, at),
  };
}

function opened(path: string, release: () => void): Lines & { readonly file: number } {
  try {
    const lines = readLines(path);
    if (lines.broken) truncateSync(path, lines.wholeBytes);
    return { ...lines, file: openSync(path, 'a') };
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
