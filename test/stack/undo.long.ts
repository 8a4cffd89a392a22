import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Company, PACKAGING_MS } from './company.ts';

const SSH = 'tcp 22 0.0.0.0/0';

let company: Company;
let group: string;
let entry: string;
let run: string;
beforeAll(async () => {
  company = await Company.open();
  group = await company.group([SSH]);
  await company.settle();
  const [written] = await company.journal();
  entry = String(written?.intent.id);
  run = String(written?.intent.run);
}, PACKAGING_MS);
afterAll(() => company.close());

/** Invokes the undo function as somebody who may. */
async function undo(input: unknown) {
  const client = new LambdaClient({ ...company.sandbox.clientConfig({ user: 'ana' }), maxAttempts: 1 });
  const Payload = Buffer.from(JSON.stringify(input));
  const told = await client.send(new InvokeCommand({ FunctionName: 'reeve-main-undo', Payload }));
  return { answer: JSON.parse(Buffer.from(told.Payload ?? []).toString()), error: told.FunctionError };
}

it.each([
  { when: 'nothing', input: {}, line: /undo: expected the id of an entry or a run, got nothing/ },
  { when: 'no name', input: { undo: 'x' }, line: /by: expected who asks/ },
  {
    when: 'a key that is not known',
    input: { undo: 'x', by: 'a', forse: true },
    line: /expected an object with/,
  },
  {
    when: 'text for a flag',
    input: { undo: 'x', by: 'a', dryRun: 'no' },
    line: /dryRun: expected true or false/,
  },
  {
    when: 'force without a reason',
    input: { undo: 'x', by: 'a', force: true },
    line: /reason: expected a reason/,
  },
  { when: 'no id', input: { undo: '../x', by: 'a' }, line: /undo: expected the id/ },
  { when: 'an unknown id', input: { undo: 'nowhere', by: 'a' }, line: /no entry and no run "nowhere"/ },
])('B5.14 refuses $when in one line, and does nothing', async ({ input, line }) => {
  const { answer, error } = await undo(input);

  expect(error).toBe('Unhandled');
  expect(answer.errorMessage).toMatch(line);
  expect(await company.journal()).toHaveLength(1);
});

it('shows in a dry run what it would do, and needs force for a door', async () => {
  const shown = await undo({ undo: run, by: 'ana', reason: 'INC-7', force: true, dryRun: true });
  expect(shown.answer).toMatchObject({ dryRun: true, counts: { undone: 1 }, results: [{ code: 'would' }] });

  const refused = await undo({ undo: run, by: 'ana' });
  expect(refused.answer).toMatchObject({ counts: { refused: 1 }, results: [{ code: 'needs-force' }] });
  expect(await company.standing(group)).toEqual([]);
});

it('B6.18 B6.19 opens the door again, tells people, and Reeve leaves it until the exemption is over', async () => {
  const mails = company.mails().length;
  const { answer, error } = await undo({ undo: entry, by: 'ana', reason: 'INC-7', force: true });
  expect(error).toBeUndefined();
  expect(answer).toMatchObject({ state: 'complete', counts: { undone: 1 }, results: [{ code: 'undone' }] });
  await company.settle();
  expect(await company.standing(group)).toEqual([SSH]);

  const [told] = company.mails().slice(mails);
  expect(told?.subject).toBe(`Reeve: 1 of 1 taken back - ${group}`);
  expect(told?.message).toMatch(/ana asked to take .* back: INC-7/);
  // The event of the undo has come by now: the finding is told, and left alone.
  expect(company.mails().at(-1)?.message).toMatch(/Left alone: Exempt until 2026-11-21T/);

  const again = await undo({ undo: entry, by: 'bea', reason: 'INC-7', force: true });
  expect(again.answer).toMatchObject({ counts: { refused: 1 }, results: [{ code: 'already-undone' }] });

  await company.advance(26 * 60);
  expect(await company.standing(group)).toEqual([]);
});

it('B6.11 was refused nothing by its role', () => {
  const role = company.ref('UndoRole');
  const own = company.world.calls.filter(({ principal }) => principal.includes(`assumed-role/${role}/`));
  const denied = own.filter(({ error = '' }) => /AccessDenied|Unauthorized/.test(error));

  expect(own.length).toBeGreaterThan(5);
  expect(denied).toEqual([]);
});
