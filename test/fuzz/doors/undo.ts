import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import pc from 'picocolors';
import { BadInput } from '../../../cli/exit.ts';
import { readLines } from '../../../cli/journal-lines.ts';
import { historyPage, wholeEntry } from '../../../cli/render/history.ts';
import type { Terminal } from '../../../cli/terminal.ts';
import { MalformedEvent } from '../../../shared/events/malformed.ts';
import { readUndoInput } from '../../../shared/events/undo-input.ts';
import { intentFor } from '../../shared/aws/journal-fixture.ts';
import { type Door, door, type Knock } from '../door.ts';
import { mutated, mutations } from '../mutation.ts';
import { jsonOf } from './plans.ts';

const quiet: Pick<Knock, 'acted' | 'work' | 'mostWork'> = { acted: [], work: 0, mostWork: 0 };

const REQUESTS = [
  { undo: 'entry-1', by: 'ana', reason: 'OPS-7', dryRun: true, force: true },
  {
    Records: [{ eventSource: 'aws:sqs', body: '{"undo":"entry-1","by":"ana","dryRun":false,"force":false}' }],
  },
];

/** The undo function's input: whoever may invoke it writes what he likes. */
export function undoInput(): Door {
  const inputs = fc.record({ request: fc.constantFrom(...REQUESTS), mutations });
  return door('undo by invoke', inputs, ({ request, mutations: changes }) => {
    try {
      const { target, by, reason, force } = readUndoInput(mutated(request, changes));
      const fit = /^[\w-]{1,64}$/.test(target) && by.length <= 200 && (!force || Boolean(reason?.trim()));
      if (!fit) throw new Error('let through');
      return { ...quiet, lines: [] };
    } catch (error) {
      if (!(error instanceof MalformedEvent)) throw error;
      return { ...quiet, lines: [error.message] };
    }
  });
}

const now = new Date('2026-11-21T09:00:00Z');
const outcome = { result: 'done', code: 'remedied', reason: 'Seen.', after: {}, at: now };
const LINES = [
  { intent: intentFor('one') },
  { id: 'one', outcome },
  { seen: 'arn:queue', at: now },
  { told: ['one'] },
  { scans: 'enforce-tags', places: [['here', { scanned: 12, fewer: { since: now, paged: now } }]] },
];
const terminal: Terminal = {
  columns: 100,
  colors: pc.createColors(false),
  out: () => {},
  err: () => {},
  progress: () => {},
};

/** `reeve history` on a journal that somebody edited: one clear line, or entries that can be shown. */
export function journalFile(): Door {
  const folder = mkdtempSync(join(tmpdir(), 'reeve-fuzz-'));
  const file = join(folder, 'journal.jsonl');
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const inputs = fc.record({ index: fc.nat({ max: LINES.length - 1 }), mutations, torn: fc.nat({ max: 9 }) });
  return door('journal files', inputs, ({ index, mutations: changes, torn }) => {
    const lines = LINES.map((line, at) => jsonOf(at === index ? mutated(line, changes) : line));
    const text = `${lines.join('\n')}\n`;
    writeFileSync(file, torn === 0 ? text.slice(0, -7) : text);
    try {
      for (const entry of readLines(file).entries.values()) {
        const one = { entry, undo: undefined };
        historyPage([one], true, now, terminal);
        wholeEntry(one, now, terminal);
      }
      return { ...quiet, lines: [] };
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      return { ...quiet, lines: error.lines.map((line) => line.replace(folder, '')) };
    }
  });
}
