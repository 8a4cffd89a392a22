import { expect, it } from 'vitest';
import type { UndoReport, UndoResult } from '../../../shared/engine/undo-outcome.ts';
import { undoDigest } from '../../../shared/notify/undo-digest.ts';
import { AT, intentFor, minutesAfter } from '../aws/journal-fixture.ts';

const undone: UndoResult = {
  entry: intentFor('one'),
  outcome: { outcome: 'undone', code: 'undone', reason: 'tcp 22: open, as it was before.', journalId: 'u-1' },
  notes: [],
};

function reportOf(results: readonly UndoResult[], by = 'ana', reason = 'INC-7'): UndoReport {
  const actor = { type: 'Unknown', arn: undefined, name: by, sourceIp: undefined, invokedBy: undefined };
  const count = (wanted: string) => results.filter(({ outcome }) => outcome.outcome === wanted).length;
  return {
    run: 'undo-run',
    request: {
      target: 'run-1',
      actor,
      cause: { kind: 'command-line', name: 'undo function' },
      signalId: 's-1',
      reason,
      force: true,
      dryRun: false,
      exemptMs: 1,
    },
    startedAt: AT,
    finishedAt: AT,
    exemptUntil: minutesAfter(1440),
    results,
    counts: {
      undone: count('undone'),
      refused: count('refused'),
      failed: count('failed'),
      left: count('left'),
    },
  };
}

it('says who took what back and why, and until when the policies leave it', () => {
  const { subject, text, json } = undoDigest(reportOf([undone]));

  expect(subject).toBe('Reeve: 1 of 1 taken back - sg-one');
  expect(text).toContain('ana asked to take run-1 back: INC-7');
  expect(text).toContain('leave what was taken back as it is until 2026-11-21T12:00:00.000Z');
  expect(text).toMatch(/- sg-one, 111122223333, eu-west-1 \(revoke-open-ssh\)\n {2}Was: Revoke tcp 22/);
  expect(JSON.parse(json)).toMatchObject([{ entry: 'one', outcome: 'undone', journalId: 'u-1' }]);
});

it('B6.22 B6.26 escapes what strangers wrote, in subject, text and JSON', () => {
  const evil = 'x\r\nTo: all\u202e\u2028';
  const entry = { ...undone.entry, summary: evil, resource: { ...undone.entry.resource, id: evil } };
  const { subject, text, json } = undoDigest(reportOf([{ ...undone, entry }], evil, evil));

  expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
  expect(text).not.toMatch(/^To: all|\r|\u202e|\u2028/m);
  expect(json).not.toMatch(/\u202e|\u2028/);
});

it('B5.35 stays within what SNS takes, however long the run was', () => {
  const many = Array.from({ length: 5000 }, (_, n) => ({ ...undone, entry: intentFor(`n${n}`) }));
  const { text, json } = undoDigest(reportOf(many));

  expect(Buffer.byteLength(text) + Buffer.byteLength(json)).toBeLessThan(255_000);
  expect(text).toMatch(/and \d+ more/);
});
