import { expect, it } from 'vitest';
import { starting, stopping } from '../../../functions/stop-idle-instances/remedy.ts';
import { exemptedBy } from '../../../shared/engine/taken-back.ts';
import { AT, intentFor, undoOf } from '../../shared/aws/journal-fixture.ts';
import { instance } from './builders.ts';

const start = starting(instance());
const stop = stopping(instance(), true);
const intentOf = ({ action, repeatKey = '' }: typeof start) => intentFor('one', { action, repeatKey });

it.each([
  { undone: start, next: start, exempt: true },
  { undone: start, next: stop, exempt: false },
  { undone: stop, next: stop, exempt: true },
  { undone: stop, next: start, exempt: false },
])('B6.19 who takes $undone.action back exempts from $next.action: $exempt', ({ undone, next, exempt }) => {
  const done = { ...intentOf(undone), outcome: undefined };
  const undo = { ...undoOf(intentOf(undone)), outcome: undefined };
  expect(exemptedBy([done, undo], intentOf(next), AT, 90) !== undefined).toBe(exempt);
});
