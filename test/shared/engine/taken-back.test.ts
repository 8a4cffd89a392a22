import { expect, it } from 'vitest';
import { exemptedBy, exemptionSentence } from '../../../shared/engine/taken-back.ts';
import { AT, intentFor, undoOf } from '../aws/journal-fixture.ts';

const DONE = {
  result: 'done',
  code: 'undone',
  reason: '',
  after: null,
  requestId: undefined,
  at: AT,
} as const;
const closed = intentFor('one', { repeatKey: 'tcp 22-22 0.0.0.0/0; tcp 22-22 ::/0' });
/** What was taken back. */
const made = { ...closed, outcome: { ...DONE, code: 'remedied' } };
const undo = { ...undoOf(closed, { parameters: { action: 'revoke-ingress' } }), outcome: DONE };
const { repeatKey: _same, ...keyless } = undo;

it.each([
  { when: 'the same change', held: undo, next: closed, exempt: true },
  { when: 'part of it', held: undo, next: { ...closed, repeatKey: 'tcp 22-22 ::/0' }, exempt: true },
  {
    when: 'part of it in another way',
    held: undo,
    next: { ...closed, action: 'narrow-ingress', repeatKey: 'tcp 22-22 ::/0' },
    exempt: true,
  },
  {
    when: 'one more open port',
    held: undo,
    next: { ...closed, repeatKey: `${closed.repeatKey}; tcp 3389-3389 0.0.0.0/0` },
    exempt: false,
  },
  { when: 'another policy', held: undo, next: { ...closed, policy: 'enforce-tags' }, exempt: false },
  { when: 'an undo under way', held: { ...undo, outcome: undefined }, next: closed, exempt: true },
  {
    when: 'an undo that failed',
    held: { ...undo, outcome: { ...DONE, result: 'failed' as const } },
    next: closed,
    exempt: false,
  },
  {
    when: 'its last millisecond',
    held: { ...undo, exemptUntil: new Date(AT.getTime() + 1) },
    next: closed,
    exempt: true,
  },
  { when: 'its end', held: { ...undo, exemptUntil: AT }, next: closed, exempt: false },
  { when: 'an ordinary entry', held: { ...closed, outcome: DONE }, next: closed, exempt: false },
  {
    when: 'the same action without a key',
    held: keyless,
    next: intentFor('one'),
    exempt: true,
  },
  {
    when: 'another action without a key',
    held: keyless,
    next: intentFor('one', { action: 'delete' }),
    exempt: false,
  },
])('B6.19 $when: exempt $exempt', ({ held, next, exempt }) => {
  expect(exemptedBy([held, made], next, AT, 90) !== undefined).toBe(exempt);
});

const DAY_MS = 86_400_000;
const daysAgo = (days: number) => new Date(AT.getTime() - days * DAY_MS);

it.each([
  { when: 'within the days that the policy allows', at: daysAgo(6.9), exempt: true },
  { when: 'beyond them', at: daysAgo(7), exempt: false },
  { when: 'begun by a clock that is a little ahead', at: daysAgo(-1 / 24), exempt: true },
  { when: 'begun in the future', at: daysAgo(-2 / 24), exempt: false },
])('B6.19 B6.7 an undo of 90 days where the policy allows 7, $when: exempt $exempt', ({ at, exempt }) => {
  const held = { ...undo, at, exemptUntil: new Date(at.getTime() + 90 * DAY_MS) };
  const found = exemptedBy([held, made], closed, AT, 7);
  expect(found !== undefined).toBe(exempt);
  if (found) expect(exemptionSentence(found)).toContain(new Date(at.getTime() + 7 * DAY_MS).toISOString());
});

it.each([
  { when: 'a change that the journal does not hold', undoes: 'nothing', policy: 'revoke-open-ssh' },
  { when: 'a change of another policy', undoes: 'one', policy: 'enforce-tags' },
  { when: 'itself', undoes: 'undo-of-one', policy: 'revoke-open-ssh' },
])('B6.8 B6.19 an entry that claims to take back $when exempts nothing', ({ undoes, policy }) => {
  const forged = { ...undo, undoes, policy };
  expect(exemptedBy([forged, made], { ...closed, policy }, AT, 90)).toBeUndefined();
});
