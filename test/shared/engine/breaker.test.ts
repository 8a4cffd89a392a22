import { expect, it } from 'vitest';
import { repetitions } from '../../../shared/engine/breaker.ts';
import type { JournalEntry, JournalOutcome } from '../../../shared/engine/journal.ts';
import { House, named, noon } from '../../support/lamps.ts';

const hour = 3_600_000;

async function oneEntry(): Promise<JournalEntry> {
  const house = new House();
  house.add('hall');
  await house.run(named('hall'));
  const [entry] = house.journal.entries;
  if (!entry) throw new Error('nothing was journaled');
  return { ...entry, repeatKey: 'tcp 22 0.0.0.0/0', fingerprint: 'sgr-1' };
}

const ended = (result: JournalOutcome['result'], code: string): Partial<JournalEntry> => ({
  outcome: { result, code, reason: '', after: null, requestId: undefined, at: noon },
});

it.each<{ what: string; change: Partial<JournalEntry>; day: number; hour: number }>([
  { what: 'the same rule under another id', change: {}, day: 1, hour: 1 },
  { what: 'one an hour ago', change: { at: new Date(noon.getTime() - hour) }, day: 1, hour: 1 },
  { what: 'one over an hour ago', change: { at: new Date(noon.getTime() - hour - 1) }, day: 1, hour: 0 },
  { what: 'one a day ago', change: { at: new Date(noon.getTime() - 24 * hour) }, day: 1, hour: 0 },
  { what: 'one over a day ago', change: { at: new Date(noon.getTime() - 24 * hour - 1) }, day: 0, hour: 0 },
  { what: 'another rule', change: { repeatKey: 'tcp 22 ::/0' }, day: 0, hour: 0 },
  { what: 'another action', change: { action: 'narrow' }, day: 0, hour: 0 },
  { what: 'another reason', change: { reasonCode: 'other' }, day: 0, hour: 0 },
  { what: 'an attempt at the very same rule', change: { fingerprint: 'sgr-2' }, day: 0, hour: 0 },
  { what: 'an intent without outcome', change: { outcome: undefined }, day: 1, hour: 1 },
  { what: 'a denied attempt', change: ended('failed', 'UnauthorizedOperation'), day: 0, hour: 0 },
  {
    what: 'one put back before it was verified',
    change: ended('failed', 'still-violating'),
    day: 1,
    hour: 1,
  },
  { what: 'one that could not be verified', change: ended('failed', 'unverified'), day: 1, hour: 1 },
])('B3.41 B5.22 $what counts $day times a day, $hour times an hour', async ({ change, day, hour }) => {
  const entry = await oneEntry();
  const next = { ...entry, fingerprint: 'sgr-2' };
  expect(repetitions([{ ...entry, ...change }], next, noon)).toEqual({ day, hour });
});
