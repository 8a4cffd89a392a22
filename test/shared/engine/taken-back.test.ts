import { expect, it } from 'vitest';
import { exemptedBy } from '../../../shared/engine/taken-back.ts';
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
  expect(exemptedBy([held], next, AT) !== undefined).toBe(exempt);
});
