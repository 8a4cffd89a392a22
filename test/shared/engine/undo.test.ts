import { expect, it } from 'vitest';
import type { WayBack } from '../../../shared/engine/way-back.ts';
import { House, named, sweep } from '../../support/lamps.ts';
import { relight, undoIn } from '../../support/relight.ts';

const HOUR = 3_600_000;

/** A house whose lamps Reeve has switched off in one run. */
async function darkened(...ids: readonly string[]): Promise<{ house: House; run: string }> {
  const house = new House();
  for (const id of ids) house.add(id);
  const { run } = await house.run(sweep);
  house.calls.length = 0;
  return { house, run };
}

const entryOf = (house: House, id = 'hall') =>
  house.journal.entries.find(({ resource, action }) => resource.id === id && action !== 'undo');
const codes = (report: Awaited<ReturnType<typeof undoIn>>) =>
  report?.results.map(({ entry, outcome }) => [entry.resource.id, outcome.code]);

it('B6.18 an entry is taken back, seen by looking again, and journaled itself', async () => {
  const { house } = await darkened('hall');
  const entry = entryOf(house);
  const report = await undoIn(house, entry?.id ?? '');

  expect(report).toMatchObject({ counts: { undone: 1, refused: 0, failed: 0 } });
  expect(house.litIds).toEqual(['hall']);
  expect(house.journal.entries.at(-1)).toMatchObject({
    action: 'undo',
    undoes: entry?.id,
    actor: { name: 'ana' },
    reason: 'the night shift needs it',
    before: { light: 'off' },
    outcome: { result: 'done' },
  });
});

it('B6.16 B6.19 the intent and its exemption are written before anything is changed', async () => {
  const { house } = await darkened('hall');
  let held: unknown;
  house.onAct = () => {
    held = house.journal.entries.at(-1);
  };
  await undoIn(house, entryOf(house)?.id ?? '');

  expect(held).toMatchObject({
    action: 'undo',
    outcome: undefined,
    exemptUntil: new Date(house.time + 24 * HOUR),
  });
  expect(house.calls.indexOf('journal.begin')).toBeLessThan(house.calls.indexOf('undo hall'));
});

it('B6.16 without a journal nothing is taken back', async () => {
  const { house } = await darkened('hall');
  house.journal.broken.add('begin');
  const report = await undoIn(house, entryOf(house)?.id ?? '');

  expect(codes(report)).toEqual([['hall', 'journal-unavailable']]);
  expect(house.litIds).toEqual([]);
});

it('B6.19 the event of the undo finds an exemption, says who and until when, and after its end the policy acts again', async () => {
  const { house } = await darkened('hall');
  await undoIn(house, entryOf(house)?.id ?? '');
  const calls = house.calls.length;
  const during = await house.run(named('hall'));

  expect(during.results[0]?.outcome).toMatchObject({ outcome: 'skipped', code: 'exempt' });
  expect(during.results[0]?.outcome.reason).toMatch(
    /Exempt until 2026-11-21T12:00:00\.000Z: ana took entry .* back \(the night shift needs it\)/,
  );
  expect(house.litIds).toEqual(['hall']);
  // It is found by the one query that acting makes anyway.
  expect(house.calls.slice(calls).filter((call) => call.startsWith('journal'))).toEqual(['journal.recent']);
  expect(during.results[0]?.verdict.verdict).toBe('violation');
  expect(house.told.at(-1)?.results[0]?.outcome.code).toBe('exempt');

  house.time += 24 * HOUR;
  const after = await house.run(named('hall'));
  expect(after.results[0]?.outcome.code).toBe('remedied');
  expect(house.litIds).toEqual([]);
});

it('B6.19 an undo frees its change: where the very same state is back, the policy acts again once the exemption is over', async () => {
  const { house } = await darkened('hall');
  const [hall] = house.lamps;
  const same: WayBack<House> = {
    ...relight,
    undo: async () => {
      if (hall) hall.light = 'lit';
      return { result: 'done', after: null, requestId: undefined };
    },
  };
  for (const times of [1, 2]) {
    const entry = house.journal.entries.at(-1);
    expect(codes(await undoIn(house, entry?.id ?? '', {}, same))).toEqual([['hall', 'undone']]);
    // Longer than any exemption may be, so that it is not found by looking for those.
    house.time += 100 * 24 * HOUR;
    const report = await house.run(sweep);
    expect(report.results[0]?.outcome.code).toBe('remedied');
    expect(report.pages).toEqual([]);
    expect(house.litIds).toEqual([]);
    expect(house.journal.entries).toHaveLength(1 + 2 * times);
  }
  // Nobody took the last one back.
  if (hall) hall.light = 'lit';
  expect((await house.run(sweep)).results[0]?.outcome.code).toBe('already-done');
});

it('B6.19 an undo that was broken off exempts too, one that failed does not', async () => {
  const { house } = await darkened('hall', 'cellar');
  house.onAct = ({ id }) => {
    if (id === 'cellar') throw new Error('the fuse blew');
  };
  const entry = entryOf(house, 'cellar');
  expect(codes(await undoIn(house, entry?.id ?? ''))).toEqual([['cellar', 'undo-threw']]);
  house.onAct = () => {};
  for (const lamp of house.lamps) house.light(lamp);
  expect((await house.run(named('cellar'))).results[0]?.outcome.code).toBe('remedied');
});

it('undone a second time changes nothing and says who did it', async () => {
  const { house } = await darkened('hall');
  const id = entryOf(house)?.id ?? '';
  await undoIn(house, id);
  const [before, time] = [house.calls.length, house.journal.entries.length];
  const again = await undoIn(house, id);

  expect(codes(again)).toEqual([['hall', 'already-undone']]);
  expect(again?.results[0]?.outcome.reason).toMatch(/taken back by ana, undone 2026-11-20 12:00/);
  expect(house.calls.slice(before)).toEqual([]);
  expect(house.journal.entries).toHaveLength(time);
});

it('a run is taken back newest first, and one that fails never stops the others', async () => {
  const { house, run } = await darkened('a', 'b', 'c');
  house.onAct = ({ id }) => {
    if (id === 'b') throw new Error('the fuse blew');
  };
  const report = await undoIn(house, run);

  expect(codes(report)?.toSorted()).toEqual([
    ['a', 'undone'],
    ['b', 'undo-threw'],
    ['c', 'undone'],
  ]);
  expect(report?.counts).toEqual({ undone: 2, refused: 0, failed: 1, left: 0 });
  house.onAct = () => {};
  expect(codes(await undoIn(house, run))?.toSorted()).toEqual([
    ['a', 'already-undone'],
    ['b', 'undone'],
    ['c', 'already-undone'],
  ]);
});

it('of one resource the newest change is taken back first', async () => {
  const { house } = await darkened('hall');
  const first = entryOf(house);
  if (first === undefined) throw new Error('nothing was journaled');
  house.journal.entries.unshift({ ...first, id: 'older', at: new Date(first.at.getTime() - HOUR) });
  const order: string[] = [];
  const noting: WayBack<House> = {
    ...relight,
    undo: (entry, around) => {
      order.push(entry.id);
      return relight.undo(entry, around);
    },
  };
  await undoIn(house, first.run, {}, noting);
  expect(order).toEqual([first.id]);
});

it('B6.18 what somebody has changed since is refused, with what differs', async () => {
  const { house } = await darkened('flickering', 'gone', 'lit');
  for (const lamp of house.lamps) if (lamp.id === 'flickering') lamp.light = 'flicker';
  for (const lamp of house.lamps) if (lamp.id === 'lit') house.light(lamp);
  house.lamps.splice(1, 1);
  const report = await undoIn(house, entryOf(house, 'lit')?.run ?? '');

  expect(codes(report)?.toSorted()).toEqual([
    ['flickering', 'changed'],
    ['gone', 'gone'],
    ['lit', 'as-before'],
  ]);
  expect(JSON.stringify(report)).toContain('It is not as Reeve left it: it flickers.');
  expect(house.calls.filter((call) => call.startsWith('undo'))).toEqual([]);
});

it('B6.18 what a security policy closed needs force and a reason', async () => {
  const { house } = await darkened('hall');
  const id = entryOf(house)?.id ?? '';
  const security = { ...relight, kind: 'security' } as const;
  for (const request of [{ force: false }, { force: true, reason: undefined }]) {
    const report = await undoIn(house, id, request, security);
    expect(codes(report)).toEqual([['hall', 'needs-force']]);
    expect(report?.results[0]?.outcome.reason).toMatch(/^Light hall\. .*--force with --reason/);
  }
  expect(house.litIds).toEqual([]);
  expect(codes(await undoIn(house, id, { force: true }, security))).toEqual([['hall', 'undone']]);
});

it('a dry run says what would be done, and writes nothing', async () => {
  const { house } = await darkened('hall');
  const report = await undoIn(house, entryOf(house)?.id ?? '', { dryRun: true });

  expect(report?.results[0]?.outcome).toEqual({ outcome: 'undone', code: 'would', reason: 'Light hall.' });
  expect(house.journal.entries).toHaveLength(1);
  expect(house.litIds).toEqual([]);
});

it('B6.2 works while the kill switch is on: it is a person’s act, not Reeve’s own', async () => {
  const { house } = await darkened('hall');
  house.killSwitch = () => 'on';
  expect(codes(await undoIn(house, entryOf(house)?.id ?? ''))).toEqual([['hall', 'undone']]);
});

it('B5.17 what a crash left without an end is looked at, and taken back only by force', async () => {
  const house = new House();
  house.add('hall', { refuses: { code: 'Timeout', throws: true, takesEffect: true } });
  house.journal.broken.add('finish');
  await house.run(named('hall'));
  house.journal.broken.clear();
  const id = entryOf(house)?.id ?? '';

  expect(codes(await undoIn(house, id))).toEqual([['hall', 'under-way']]);
  house.time += HOUR;
  const report = await undoIn(house, id);
  expect(codes(report)).toEqual([['hall', 'needs-force']]);
  expect(report?.results[0]?.outcome.reason).toMatch(/its end is not known\. What is there now looks as if/);
  expect(codes(await undoIn(house, id, { force: true }))).toEqual([['hall', 'undone']]);
});

it('B5.17 an undo that died after its last step gets its end by the next one, and nothing is done twice', async () => {
  const { house } = await darkened('hall');
  const id = entryOf(house)?.id ?? '';
  house.journal.broken.add('finish');
  const first = await undoIn(house, id);
  expect(first?.results[0]?.notes[0]).toContain('The end could not be written');
  house.journal.broken.clear();

  expect(codes(await undoIn(house, id))).toEqual([['hall', 'under-way']]);
  house.time += 121_000;
  expect(codes(await undoIn(house, id))).toEqual([['hall', 'undone']]);
  expect(house.calls.filter((call) => call === 'undo hall')).toHaveLength(1);
  expect(codes(await undoIn(house, id))).toEqual([['hall', 'already-undone']]);
});

it('B5.19 without time nothing more is begun, and the rest is named', async () => {
  const { house, run } = await darkened('a', 'b');
  house.remaining = () => (house.litIds.length === 0 ? 60_000 : 59_999);
  const report = await undoIn(house, run);

  expect(report?.counts.undone).toBeGreaterThan(0);
  expect((report?.counts.undone ?? 0) + (report?.counts.left ?? 0)).toBe(2);
});

it('an undo, a change that found nothing, and a policy that is no more are not taken back', async () => {
  const { house } = await darkened('hall');
  const entry = entryOf(house);
  if (entry?.outcome === undefined) throw new Error('nothing was journaled');
  house.journal.entries.push(
    { ...entry, id: 'idle', fingerprint: 'x', outcome: { ...entry.outcome, result: 'gone', after: null } },
    { ...entry, id: 'old', fingerprint: 'y', policy: 'no-candles' },
  );
  await undoIn(house, entry.id);
  const undone = house.journal.entries.find(({ action }) => action === 'undo');

  expect(codes(await undoIn(house, undone?.id ?? ''))).toEqual([['hall', 'an-undo']]);
  expect(codes(await undoIn(house, 'idle'))).toEqual([['hall', 'nothing-changed']]);
  expect(codes(await undoIn(house, 'old'))).toEqual([['hall', 'no-way-back']]);
  expect(await undoIn(house, 'nowhere')).toBeUndefined();
});

it('a place that may not be entered fails alone', async () => {
  const { house } = await darkened('hall');
  house.enter = () => {
    throw new Error('AccessDenied');
  };
  expect(codes(await undoIn(house, entryOf(house)?.id ?? ''))).toEqual([['hall', 'unreadable']]);
});

it('B5.17 what was found in order after a crash is taken back only by force: nobody saw who had done it', async () => {
  const { house } = await darkened('hall');
  const entry = entryOf(house);
  if (entry?.outcome === undefined) throw new Error('nothing was journaled');
  const found = { ...entry.outcome, code: 'found-in-order', after: null };
  house.journal.entries.splice(0, 1, { ...entry, outcome: found });

  expect(codes(await undoIn(house, entry.id))).toEqual([['hall', 'needs-force']]);
  expect(codes(await undoIn(house, entry.id, { force: true }))).toEqual([['hall', 'undone']]);
});
