import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fileJournal } from '../../cli/file-journal.ts';
import { journalTable } from '../../shared/aws/journal-table.ts';
import type { Intent } from '../../shared/engine/journal.ts';
import { wrapped } from '../shared/aws/fixture.ts';
import { createJournal, intentFor, undoOf } from '../shared/aws/journal-fixture.ts';
import { pointedAtSandbox, reeve } from './run.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reeve-history-'));
  file = join(folder, 'journal.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000);
const actor = {
  type: 'IAMUser',
  arn: 'arn:aws:iam::1:user/ana',
  name: 'ana',
  sourceIp: undefined,
  invokedBy: undefined,
};

async function write(...intents: readonly Intent[]): Promise<void> {
  const journal = fileJournal(file);
  for (const intent of intents) {
    await journal.begin(intent);
    const reason = 'Seen by reading again.';
    await journal.finish(intent, {
      result: 'done',
      code: 'remedied',
      reason,
      after: {},
      requestId: 'r-1',
      at: intent.at,
    });
  }
  journal.close();
}

const ask = (...words: readonly string[]) => reeve(['history', ...words, '--journal', file]);

it('lists newest first what was changed, by whom, and whether it can be taken back', async () => {
  const old = intentFor('old', { at: ago(30), actor });
  const undo = undoOf(old, { at: ago(2) });
  await write(
    old,
    intentFor('new', { at: ago(1), policy: 'stop-idle-instances', action: 'stop-instances' }),
    undo,
  );
  const { code, out, err } = await ask();

  expect(code).toBe(0);
  const at = ['entry new', 'entry undo-of-old', 'entry old'].map((id) => out.indexOf(id));
  expect(at).toEqual(at.toSorted((a, b) => a - b));
  expect(at).not.toContain(-1);
  expect(out).toMatch(/revoke-open-ssh.*eu-west-1/);
  expect(out).toMatch(/sg-old.*undone 20.*ana/);
  expect(out).toMatch(/sg-new.*if nobody/);
  expect(err).toMatch(/3 shown, by the journal .*journal\.jsonl\./);
  expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
});

it.each([
  { words: ['--since', '20h'], ids: ['b', 'c'] },
  { words: ['--since', '14d'], ids: ['z', 'a', 'b', 'c'] },
  { words: ['--until', '20h'], ids: ['a'] },
  { words: ['--resource', 'sg-b'], ids: ['b'] },
  { words: ['--resource', intentFor('a').resource.arn], ids: ['a'] },
  { words: ['--policy', 'enforce-tags'], ids: ['c'] },
  { words: ['--run', 'run-2'], ids: ['b'] },
  { words: ['run-2'], ids: ['b'] },
  { words: ['--limit', '1'], ids: ['c'] },
])('$words narrows it down', async ({ words, ids }) => {
  await write(
    intentFor('z', { at: ago(24 * 10) }),
    intentFor('a', { at: ago(30) }),
    intentFor('b', { at: ago(10), run: 'run-2' }),
    intentFor('c', { at: ago(5), policy: 'enforce-tags' }),
  );
  const { code, out } = await ask(...words, '--json');
  const found = JSON.parse(out) as { id: string }[];

  expect(code).toBe(0);
  expect(found.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
});

it('with an entry’s id shows it whole, and how to take it back', async () => {
  await write(
    intentFor('one', {
      at: ago(1),
      before: { groupId: 'sg-one', port: 22 },
      evidence: [{ ruleId: 'sgr-1' }],
    }),
  );
  const { code, out } = await ask('one');

  expect(code).toBe(0);
  expect(out).toMatch(/Before\n\{\n {2}"groupId": "sg-one",\n {2}"port": 22/);
  expect(out).toContain('"ruleId": "sgr-1"');
  expect(out).toMatch(/Command +reeve undo one/);
});

it('says that the end of what a crash broke off is not known', async () => {
  const journal = fileJournal(file);
  await journal.begin(intentFor('open', { at: ago(1) }));
  journal.close();

  expect((await ask('--json')).out).toContain('"code":"unknown-end"');
  expect((await ask('open')).out).toContain('not known: no end was written');
});

const FORGED = new RegExp(`[${String.fromCharCode(27)}\r\u202e]|^entry forged`, 'm');

it('gives only the ids of entries to scripts', async () => {
  await write(intentFor('one', { at: ago(2) }), intentFor('two', { at: ago(1) }));

  expect((await ask('--ids')).out).toBe('two\none');
  expect((await ask('--ids', '--limit', '1')).out).toBe('two');
});

it('B6.22 what strangers wrote can neither move the cursor nor forge a line', async () => {
  const evil = 'bastion\u001b[2J\r\nentry forged \u202e';
  const resource = { ...intentFor('x').resource, name: evil };
  await write(intentFor('x', { at: ago(1), resource, reason: evil, actor: { ...actor, name: evil } }));

  for (const columns of [80, 120]) {
    const { out } = await reeve(['history', '--journal', file], columns);
    expect(out).not.toMatch(FORGED);
  }
  expect((await ask('x')).out).not.toMatch(FORGED);
  expect((await ask('--json')).out).not.toMatch(FORGED);
});

it('reads a journal that a sweep holds, and leaves a broken last line to it', async () => {
  await write(intentFor('one', { at: ago(1) }));
  writeFileSync(`${file}.lock`, '');
  appendFileSync(file, '{"intent":{"id":"half');
  const before = readFileSync(file, 'utf8');

  expect((await ask()).out).toContain('entry one');
  expect(readFileSync(file, 'utf8')).toBe(before);
});

it.each([
  {
    when: 'an unknown span',
    words: ['--since', 'yesterday'],
    line: /--since: expected a span \(90m, 12h, 7d\) or a time/,
  },
  { when: 'a month that there is not', words: ['--until', '2026-13-01'], line: /--until: expected/ },
  { when: 'a day that there is not', words: ['--since', '2026-02-31'], line: /--since: expected/ },
  {
    when: 'a time turned round',
    words: ['--since', '1d', '--until', '2d'],
    line: /--since .* is after --until/,
  },
  { when: 'a misspelt policy', words: ['--policy', 'enforce-tag'], line: /did you mean enforce-tags\?/ },
  { when: 'a limit of nothing', words: ['--limit', '0'], line: /--limit: expected a number from 1/ },
  { when: 'no id at all', words: ['../etc'], line: /expected the id of an entry or a run/ },
  { when: 'an id that is nowhere', words: ['nowhere'], line: /no entry and no run "nowhere" in the journal/ },
])('$when: one clear line and exit code 2', async ({ words, line }) => {
  await write(intentFor('one', { at: ago(1) }));
  const { code, err } = await ask(...words);

  expect(code).toBe(2);
  expect(err.split('\n')).toHaveLength(1);
  expect(err).toMatch(line);
});

it('of an account reads the journal of the deployed stack, by the time of that account', async () => {
  const now = new Date('2031-05-01T08:00:00Z');
  const { sandbox, restore } = await pointedAtSandbox({ now });
  const anHourAgo = new Date(now.getTime() - 3_600_000);
  try {
    const aws = wrapped(sandbox);
    expect((await reeve(['history'])).err).toContain('Reeve is not deployed in 111122223333, eu-west-1');
    await createJournal(aws);
    const table = journalTable(
      aws,
      { name: 'journal', keepDays: 400 },
      { sleep: async () => {}, random: () => 1 },
    );
    await table.begin(intentFor('one', { at: anHourAgo }));
    const put = { Name: '/reeve/journal-table', Type: 'String', Value: 'journal' } as const;
    await aws.send(SSMClient, new PutParameterCommand(put));

    expect((await reeve(['history'])).out).toContain('entry one');
    expect((await reeve(['history', 'one'])).out).toContain('reeve undo one');
  } finally {
    await restore();
  }
});
