import { expect, it } from 'vitest';
import { shows, starting, stopping } from '../../../functions/stop-idle-instances/remedy.ts';
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

const [then, since] = [new Date('2026-11-01T08:00:00Z'), new Date('2026-11-20T08:00:00Z')];
const ran = stopping(instance({ launchTime: then }), true);
const stood = starting(instance({ state: 'stopped', stoppedAt: then }));

it.each([
  {
    change: ran,
    when: 'runs since the same launch',
    now: { state: 'running', launchTime: then },
    shown: 'not-done',
  },
  {
    change: ran,
    when: 'is stopped since that launch',
    now: { state: 'stopped', launchTime: then },
    shown: 'done',
  },
  { change: ran, when: 'was started since', now: { state: 'running', launchTime: since }, shown: 'neither' },
  {
    change: ran,
    when: 'tells no launch',
    now: { state: 'stopped', launchTime: undefined },
    shown: 'neither',
  },
  { change: stood, when: 'runs', now: { state: 'running', stoppedAt: then }, shown: 'done' },
  {
    change: stood,
    when: 'is stopped since then',
    now: { state: 'stopped', stoppedAt: then },
    shown: 'not-done',
  },
  { change: stood, when: 'was stopped since', now: { state: 'stopped', stoppedAt: since }, shown: 'neither' },
])('B5.17 of $change.action a machine that $when shows: $shown', ({ change, now, shown }) => {
  expect(shows(instance(now), change)).toBe(shown);
});
