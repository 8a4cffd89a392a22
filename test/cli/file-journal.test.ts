import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FileJournal, fileJournal } from '../../cli/file-journal.ts';
import type { Intent, JournalOutcome } from '../../shared/engine/journal.ts';
import type { Mark } from '../../shared/engine/mark.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reeve-journal-'));
  path = join(folder, 'journal.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = new Date('2026-11-02T08:00:00Z');
const intent: Intent = {
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
  id: 'intent-1',
  run: 'run-1',
  policy: 'revoke-open-ssh',
  resource: { type: 'AWS::EC2::SecurityGroup', id: 'sg-1', arn: 'arn:sg-1', name: undefined },
  fingerprint: 'sgr-1',
  action: 'revoke-ingress',
  summary: 'Revoke',
  parameters: {},
  before: { at: 'not a date', leaseUntil: 'neither' },
  undo: 'Authorize',
  reasonCode: 'ssh-open-to-world',
  reason: 'Open',
  signalId: 'signal-1',
  cause: { kind: 'command-line', name: 'reeve sweep' },
  actor: undefined,
  at,
  leaseUntil: new Date(at.getTime() + 60_000),
};
const done: JournalOutcome = {
  result: 'done',
  code: 'done',
  reason: 'Done',
  after: null,
  requestId: undefined,
  at,
};

it('B6.16 the intent is on disk before anything follows, and all is read back', async () => {
  const journal = fileJournal(path);
  expect(await journal.begin(intent)).toBe('begun');
  expect(readFileSync(path, 'utf8')).toContain('"intent-1"');
  await journal.finish(intent, done);
  journal.close();

  const again = fileJournal(path);
  expect(await again.recent('arn:sg-1', new Date(0))).toEqual([{ ...intent, outcome: done }]);
  again.close();
});

it.each([
  { when: 'done before', outcome: done, id: 'intent-2', later: 0, answer: 'already-done' },
  {
    when: 'begun by somebody whose lease holds',
    outcome: undefined,
    id: 'intent-2',
    later: 59_000,
    answer: 'in-progress',
  },
  {
    when: 'begun by somebody whose lease is over',
    outcome: undefined,
    id: 'intent-2',
    later: 60_000,
    answer: 'begun',
  },
  {
    when: 'gone before',
    outcome: { ...done, result: 'gone' as const },
    id: 'intent-2',
    later: 0,
    answer: 'begun',
  },
  {
    when: 'failed before',
    outcome: { ...done, result: 'failed' as const },
    id: 'intent-2',
    later: 0,
    answer: 'begun',
  },
])('B5.16 the same change, $when: $answer', async ({ outcome, id, later, answer }) => {
  const journal = fileJournal(path);
  await journal.begin(intent);
  if (outcome) await journal.finish(intent, outcome);

  expect(await journal.begin({ ...intent, id, at: new Date(at.getTime() + later) })).toBe(answer);
  journal.close();
});

it('B6.19 an undo that broke off is left alone while it exempts, also by who opens the file next', async () => {
  const exemptUntil = new Date(at.getTime() + 3_600_000);
  const undo = { ...intent, id: 'intent-2', fingerprint: 'undo intent-1', undoes: 'intent-1', exemptUntil };
  const journal = fileJournal(path);
  await journal.begin(undo);
  await journal.begin({ ...undo, id: 'intent-3', fingerprint: 'undo intent-0', undoes: 'intent-0' });
  await journal.finish(
    { ...undo, id: 'intent-3', fingerprint: 'undo intent-0', undoes: 'intent-0' },
    done,
    'told',
  );
  journal.close();

  const next = fileJournal(path);
  expect(await next.open(intent.policy, new Date(exemptUntil.getTime() - 1), 10)).toEqual([]);
  expect(await next.open(intent.policy, exemptUntil, 10)).toMatchObject([{ id: 'intent-2' }]);
  next.close();
});

it('B6.17 a last line that a crash cut short is dropped, and the next one is whole', async () => {
  const first = fileJournal(path);
  await first.begin(intent);
  first.close();
  appendFileSync(path, '{"id":"intent-1","outc');

  const second = fileJournal(path);
  await second.finish(intent, done);
  second.close();
  const third = fileJournal(path);
  expect(await third.recent('arn:sg-1', new Date(0))).toEqual([{ ...intent, outcome: done }]);
  third.close();
});

it.each([
  { when: 'another file without a line break', content: 'my thesis' },
  { when: 'another file', content: 'my thesis\n' },
  { when: 'a journal with a strange line', content: '{"intent":5}\n{"a":1}\n' },
  { when: 'a time that is none', content: '{"seen":"arn:queue","at":"tomorrow"}\n' },
  {
    when: 'an end without a time',
    content: '{"id":"1","outcome":{"result":"done","code":"x","reason":"y"}}\n',
  },
  { when: 'a change of nothing', content: '{"intent":{"id":"1","resource":{"arn":"arn:x"}}}\n' },
])('$when is refused and left as it was', ({ content }) => {
  writeFileSync(path, content);

  expect(() => fileJournal(path)).toThrow(/not a (line of a )?Reeve journal/);
  expect(readFileSync(path, 'utf8')).toBe(content);
  expect(existsSync(`${path}.lock`)).toBe(false);
});

it('two sweeps cannot hold one journal', () => {
  const journal = fileJournal(path);

  expect(() => fileJournal(path)).toThrow(/another sweep holds this journal/);
  journal.close();
});

it('B2.12 what was seen first is known to the next sweep, and begins anew when told', async () => {
  const minute = (count: number) => new Date(at.getTime() + count * 60_000);
  const journal = fileJournal(path);
  expect(await journal.firstSeen('arn:queue', 'enforce-tags', at)).toEqual(at);
  journal.close();

  const again = fileJournal(path);
  expect(await again.firstSeen('arn:queue', 'enforce-tags', minute(60))).toEqual(at);
  await again.seenAnew('arn:queue', 'enforce-tags', minute(61));
  again.close();

  const third = fileJournal(path);
  expect(await third.firstSeen('arn:queue', 'enforce-tags', minute(90))).toEqual(minute(61));
  expect(await third.recent('arn:queue', new Date(0))).toEqual([]);
  third.close();
});

it('B2.13 B6.7 a grace is known to the next sweep, told or not, until it is closed', async () => {
  const mark: Mark = {
    ...{ partition: 'aws', account: '111122223333', region: 'eu-west-1' },
    ...{ id: 'mark-1', policy: 'stop-idle-instances', finding: 'f', reasonCode: 'idle', fingerprint: 'i-1' },
    resource: { type: 'AWS::EC2::Instance', id: 'i-1', arn: 'arn:i-1' },
    ...{ summary: 'Stop i-1', since: at, due: new Date(at.getTime() + 86_400_000), told: false },
  };
  const next = async (use: (journal: FileJournal) => Promise<unknown>) => {
    const journal = fileJournal(path);
    const found = await use(journal);
    journal.close();
    return found;
  };

  await next(({ marks }) => marks.put(mark, undefined));
  expect(await next(({ marks }) => marks.open('stop-idle-instances'))).toEqual([mark]);
  await next(({ marks }) => marks.told(mark));
  expect(await next(({ marks }) => marks.open('stop-idle-instances'))).toEqual([{ ...mark, told: true }]);
  await next(({ marks }) => marks.put({ ...mark, id: 'mark-2' }, mark));
  await next(({ marks }) => marks.close({ ...mark, id: 'mark-2' }, 'compliant', at));
  expect(await next(({ marks }) => marks.open('stop-idle-instances'))).toEqual([]);
});

it('B5.17 what a sweep that broke off left open is open until it was told, also for the next one', async () => {
  const first = fileJournal(path);
  await first.begin(intent);
  await first.begin({ ...intent, id: 'intent-2', fingerprint: 'sgr-2' });
  await first.finish({ ...intent, id: 'intent-2', fingerprint: 'sgr-2' }, done);
  first.close();

  const second = fileJournal(path);
  const open = await second.open('revoke-open-ssh', at, 10);
  expect(open.map(({ id, outcome }) => [id, outcome?.result])).toEqual([
    ['intent-1', undefined],
    ['intent-2', 'done'],
  ]);
  expect(await second.open('other', at, 10)).toEqual([]);
  await second.finish(intent, { ...done, result: 'failed' });
  await second.begin({ ...intent, id: 'intent-3' });
  await second.told([{ ...intent, id: 'intent-2' }]);
  second.close();

  const third = fileJournal(path);
  expect((await third.open('revoke-open-ssh', at, 10)).map(({ id }) => id)).toEqual(['intent-3']);
  third.close();
});

it('B6.6 B6.5 what sweeps read and changed lately is known to the next one', async () => {
  const taking = { policy: 'revoke-open-ssh', from: at, until: at, most: 2, changes: ['a', 'b'] };
  const doubt = { since: at, paged: at };
  const first = fileJournal(path);
  await first.noteScans('revoke-open-ssh', new Map([['111122223333, eu-west-1', { scanned: 10 }]]), at);
  await first.noteScans(
    'revoke-open-ssh',
    new Map([['111122223333, us-east-1', { scanned: 20, fewer: doubt, regime: 'report' }]]),
    at,
  );
  expect(await first.reserve(taking, true)).toEqual(new Set(['a', 'b']));
  first.close();

  const second = fileJournal(path);
  expect(await second.lastScans('revoke-open-ssh')).toEqual(
    new Map([
      ['111122223333, eu-west-1', { scanned: 10 }],
      ['111122223333, us-east-1', { scanned: 20, fewer: doubt, regime: 'report' }],
    ]),
  );
  expect(await second.lastScans('enforce-tags')).toEqual(new Map());
  expect(await second.reserve({ ...taking, changes: ['b', 'c'] }, false)).toEqual(new Set(['b']));
  expect(await second.begin(intent, { ...taking, changes: ['c'] })).toBe('over-cap');
  expect(await second.begin(intent, { ...taking, changes: ['a'] })).toBe('begun');
  second.close();
});
