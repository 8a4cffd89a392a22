import { expect, it } from 'vitest';
import type { Shown } from '../../../shared/engine/policy.ts';
import type { Signal } from '../../../shared/engine/signal.ts';
import type { WayBack } from '../../../shared/engine/way-back.ts';
import { away, House, home, named, sweep } from '../../support/lamps.ts';
import { relight, undoIn } from '../../support/relight.ts';

const lookBack: Signal = {
  ...named(),
  actor: undefined,
  cause: { kind: 'reconciliation', name: 'reconcile' },
};
const atTerminal: Signal = { ...sweep, cause: { kind: 'command-line', name: 'reeve sweep' } };

/** Longer than any lease. */
const later = (house: House) => {
  house.time += 16 * 60_000;
};

/** The run over `hall` dies right after it acted: no outcome is written, nobody is told. */
async function brokenOff(change: Parameters<House['add']>[1] = {}): Promise<House> {
  const house = new House();
  house.add('hall', change);
  house.journal.broken.add('finish');
  house.notify = () => {
    throw new Error('the process is gone');
  };
  await house.run(named('hall'));
  house.journal.broken.clear();
  house.notify = () => {};
  expect(house.journal.entries).toMatchObject([{ outcome: undefined }]);
  return house;
}

const run = (house: House, signal = lookBack) => house.run(signal, {}, signal === lookBack ? [] : [home]);
const told = (house: House) =>
  house.told.flatMap(({ results }) => results.map(({ outcome }) => outcome.code));

it('B5.17 what a dead run did is found in order, written down and told as done', async () => {
  const house = await brokenOff();
  later(house);
  const report = await run(house);

  expect(report).toMatchObject({ state: 'complete', places: [], counts: { done: 1 } });
  expect(report.results).toMatchObject([
    {
      resource: { id: 'hall' },
      verdict: { severity: 'medium', remedy: { undo: 'Switch hall on again.' } },
      outcome: { outcome: 'done', code: 'found-in-order', journalId: house.journal.entries[0]?.id },
      notes: [expect.stringMatching(/begun on 2026-11-20T12:00.*because of LightLamp by ana/)],
    },
  ]);
  expect(house.journal.entries).toMatchObject([{ outcome: { result: 'done', code: 'found-in-order' } }]);
  expect(told(house)).toEqual(['found-in-order']);

  later(house);
  expect(await run(house)).toMatchObject({ state: 'complete', results: [] });
  expect(house.told).toHaveLength(1);
});

it('B5.17 B6.19 what a dead run did and a person took back is told so, and left to the exemption', async () => {
  const house = await brokenOff();
  later(house);
  const [hall] = house.lamps;
  const same: WayBack<House> = {
    ...relight,
    undo: async () => {
      if (hall) hall.light = 'lit';
      return { result: 'done', after: null, requestId: undefined };
    },
  };
  await undoIn(house, house.journal.entries[0]?.id ?? '', { force: true }, same);
  const report = await run(house);

  expect(report.results).toMatchObject([
    { outcome: { outcome: 'failed', code: 'superseded', reason: expect.stringContaining('ana took back') } },
  ]);
  expect(house.postponed).toEqual([]);
  expect(house.litIds).toEqual(['hall']);
});

it('B5.17 what a dead run deleted is told as done too, also when that message is lost again', async () => {
  const house = await brokenOff();
  house.lamps.length = 0;
  later(house);
  house.notify = () => {
    throw new Error('the topic is gone');
  };
  expect(await run(house)).toMatchObject({ undelivered: true });
  house.notify = () => {};
  later(house);
  await run(house);
  expect(house.journal.entries).toMatchObject([{ outcome: { result: 'gone' } }]);
  expect(told(house)).toEqual(['gone']);
});

it('B5.17 B5.16 as long as the lease holds, the run may be alive', async () => {
  const house = await brokenOff();
  expect(await run(house)).toMatchObject({ results: [] });
  expect(house.journal.entries).toMatchObject([{ outcome: undefined }]);
});

it('B5.17 what is still out of policy goes the normal way, and is done once', async () => {
  const house = await brokenOff({ refuses: { code: 'Timeout', throws: true } });
  delete house.lamps[0]?.refuses;
  later(house);
  const report = await run(house);
  expect(house.switchedOff).toEqual([]);
  expect(report.results).toMatchObject([{ outcome: { outcome: 'queued' } }]);
  expect(house.journal.entries).toMatchObject([{ outcome: { result: 'failed', code: 'broken-off' } }]);

  const [next] = house.postponed;
  expect(next).toMatchObject({ delaySeconds: 0, signal: { scope: { resources: [{ id: 'hall' }] } } });
  await house.run(next?.signal);
  expect(house.switchedOff).toEqual(['hall']);
  expect(house.journal.entries).toMatchObject([{ outcome: { result: 'done', code: 'remedied' } }]);
});

it('B5.17 what was put back in another way meanwhile is said, and judged on its own', async () => {
  const house = await brokenOff();
  const [hall] = house.lamps;
  if (hall) house.light(hall);
  later(house);
  const report = await run(house);
  expect(report.results).toMatchObject([{ outcome: { outcome: 'failed', code: 'superseded' } }]);
  expect(house.switchedOff).toEqual(['hall']);
  expect(house.postponed).toMatchObject([{ signal: { scope: { resources: [{ id: 'hall' }] } } }]);
});

it.each<{ shows: Shown | Error; what: string; reason: RegExp }>([
  {
    shows: 'not-done',
    what: 'shows that it was not done',
    reason: /before it was done; by now it is in order/,
  },
  { shows: 'neither', what: 'is in order in another way', reason: /in another way, so it cannot be told/ },
  { shows: new Error('an old entry'), what: 'cannot be compared', reason: /in another way/ },
])('B5.17 what $what is not taken for done', async ({ shows, reason }) => {
  const house = await brokenOff();
  house.shows = () => {
    if (shows instanceof Error) throw shows;
    return shows;
  };
  later(house);
  const { results } = await run(house);
  expect(results).toMatchObject([{ outcome: { code: 'superseded', reason: expect.stringMatching(reason) } }]);
  expect(house.journal.entries).toMatchObject([{ outcome: { result: 'failed', code: 'superseded' } }]);
  expect(house.postponed).toEqual([]);
  later(house);
  expect(await run(house)).toMatchObject({ results: [] });
});

it('B5.16 B5.17 what a later run did under a fingerprint of its own is not done twice', async () => {
  const house = await brokenOff({ refuses: { code: 'Timeout', throws: true } });
  const [hall] = house.lamps;
  if (hall) Object.assign(hall, { refuses: undefined, lighting: 2 });
  later(house);
  await house.run(named('hall'));
  expect(house.switchedOff).toEqual(['hall']);
  const report = await run(house);

  expect(report.results).toMatchObject([{ outcome: { outcome: 'failed', code: 'superseded' } }]);
  expect(house.journal.entries.map(({ outcome }) => outcome?.result)).toEqual(['failed', 'done']);
});

it('B5.16 B5.17 of two runs that broke off over the same, only the later one is taken for done', async () => {
  const house = await brokenOff({ refuses: { code: 'Timeout', throws: true } });
  const [hall] = house.lamps;
  if (hall) Object.assign(hall, { refuses: undefined, lighting: 2 });
  later(house);
  house.journal.broken.add('finish');
  await house.run(named('hall'));
  house.journal.broken.clear();
  expect(house.journal.entries).toMatchObject([{ outcome: undefined }, { outcome: undefined }]);
  later(house);
  await run(house);

  expect(house.journal.entries).toMatchObject([
    { outcome: { code: 'superseded', reason: expect.stringContaining('a later run began it anew') } },
    { outcome: { code: 'found-in-order' } },
  ]);
});

it.each<{ shown: Shown; code: string }>([
  { shown: 'not-done', code: 'broken-off' },
  { shown: 'neither', code: 'superseded' },
])(
  'B5.17 B5.22 the same change under a fingerprint of its own ends as $code where it shows $shown',
  async ({ shown, code }) => {
    const house = await brokenOff({ refuses: { code: 'Timeout', throws: true }, repeatKey: 'hall' });
    const [hall] = house.lamps;
    if (hall) Object.assign(hall, { refuses: undefined, lighting: 2 });
    house.shows = () => shown;
    later(house);
    await run(house);
    expect(house.journal.entries).toMatchObject([{ outcome: { result: 'failed', code } }]);
    expect(house.postponed).toMatchObject([{ signal: { scope: { resources: [{ id: 'hall' }] } } }]);
  },
);

it('B5.17 what has no remedy any more is not taken for done', async () => {
  const house = await brokenOff({ refuses: { code: 'Timeout', throws: true } });
  const [hall] = house.lamps;
  if (hall) hall.switch = false;
  later(house);
  const report = await run(house);
  expect(report.results).toMatchObject([{ outcome: { outcome: 'failed', code: 'unverified' } }]);
  expect(house.journal.entries).toMatchObject([{ outcome: { result: 'failed' } }]);
});

it('B5.17 a sweep at a terminal looks back first, and then deals with what it finds', async () => {
  const house = await brokenOff({ refuses: { code: 'Timeout', throws: true } });
  delete house.lamps[0]?.refuses;
  later(house);
  const report = await run(house, atTerminal);
  expect(report.results).toMatchObject([{ outcome: { outcome: 'done', code: 'remedied' } }]);
  expect(house.postponed).toEqual([]);
  expect(house.journal.entries).toMatchObject([{ outcome: { result: 'done' } }]);
});

it.each<{ why: string; change: (house: House) => void }>([
  {
    why: 'reading fails',
    change: (house) => {
      house.onFind = () => {
        throw new Error('AccessDenied');
      };
    },
  },
  {
    why: 'nobody may enter',
    change: (house) => {
      house.enter = () => {
        throw new Error('AccessDenied');
      };
    },
  },
  {
    why: 'it cannot be judged',
    change: (house) => Object.assign(house.lamps[0] ?? {}, { light: 'flicker' }),
  },
])('B5.17 when $why it is told once a day, and tried again until a person has to', async ({ change }) => {
  const house = await brokenOff();
  change(house);
  for (let hour = 0; hour < 23; hour++) {
    house.time += 3_600_000;
    expect((await run(house)).results).toMatchObject([
      { outcome: { outcome: 'failed', code: 'unreadable' } },
    ]);
  }
  expect(house.journal.entries).toMatchObject([{ outcome: undefined }]);
  expect(told(house)).toEqual(['unreadable']);

  house.time += 7 * 24 * 3_600_000;
  await run(house);
  expect(told(house)).toEqual(['unreadable', 'unverified']);
  later(house);
  expect(await run(house)).toMatchObject({ results: [] });
});

it('B5.17 B6.15 an account that is no longer allowed is not entered', async () => {
  const house = await brokenOff();
  later(house);
  const entered: unknown[] = [];
  house.enter = (place) => entered.push(place);
  const report = await house.run(lookBack, { accounts: ['999900001111'] }, []);
  expect(entered).toEqual([]);
  expect(report.results).toMatchObject([{ outcome: { code: 'unreadable' } }]);
});

it('B5.37 B5.17 a message that was lost is told by a later run, until it has arrived', async () => {
  const house = new House();
  house.add('hall', { severity: 'critical' });
  house.notify = () => {
    throw new Error('KMS access denied');
  };
  await house.run(named('hall'));
  later(house);
  await run(house);
  later(house);
  house.notify = () => {};
  await run(house);
  await run(house);
  expect(house.told).toHaveLength(1);
  expect(house.told[0]?.results).toMatchObject([
    { verdict: { severity: 'critical' }, outcome: { outcome: 'done', code: 'remedied' } },
  ]);
});

it('B5.37 a failure that may have changed something is told too, a mere refusal by the next look', async () => {
  const house = new House();
  house.add('hall', { refuses: { code: 'Timeout', uncertain: true, takesEffect: true }, stale: 9 });
  house.add('cellar', { dims: 1 });
  house.notify = () => {
    throw new Error('KMS access denied');
  };
  await house.run(named('hall', 'cellar'));
  house.notify = () => {};
  later(house);
  await run(house);
  expect(house.told.flatMap(({ results }) => results.map(({ resource }) => resource.id))).toEqual(['hall']);
  expect(house.journal.untold).toEqual(new Set());
});

it('B5.16 of several that look back at once one tells', async () => {
  const house = await brokenOff();
  house.add('cellar');
  house.notify = () => {
    throw new Error('the topic is gone');
  };
  await house.run(named('cellar'));
  house.notify = () => {};
  later(house);
  await Promise.all([run(house), run(house), run(house, atTerminal)]);
  expect(told(house).sort()).toEqual(['found-in-order', 'remedied']);
});

it('B5.16 what another run has taken over meanwhile is left to it', async () => {
  const house = await brokenOff();
  later(house);
  house.onFind = () => {
    const [held] = house.journal.entries;
    if (held) house.journal.entries[0] = { ...held, id: 'of another run' };
  };
  expect(await run(house)).toMatchObject({ state: 'complete', results: [] });
  expect(house.told).toEqual([]);
});

it.each(['claim', 'recent', 'finish'] as const)(
  'B5.17 B5.26 an open entry about which the journal fails (%s) stays open, and a person is told',
  async (call) => {
    const house = await brokenOff();
    later(house);
    house.journal.broken.add(call);
    const report = await run(house);

    const reason = 'What an earlier run left open could not be dealt with: the table cannot be reached.';
    expect(report).toMatchObject({ state: 'failed', results: [], places: [{ state: 'failed', reason }] });
    expect(house.told).toHaveLength(1);
    house.journal.broken.clear();
    later(house);
    await run(house);
    expect(house.journal.entries).toMatchObject([{ outcome: { code: 'found-in-order' } }]);
  },
);

it('B5.26 one about which the journal fails stops no other', async () => {
  const house = new House();
  for (const id of ['a', 'b']) house.add(id);
  house.journal.broken.add('finish');
  house.notify = () => {
    throw new Error('the process is gone');
  };
  await house.run(sweep, {}, [home]);
  house.journal.broken.clear();
  house.notify = () => {};
  later(house);
  const { claim } = house.journal;
  house.journal.claim = async (entry, until) => {
    if (entry.resource.id === 'a') throw new Error('the table cannot be reached');
    return claim.call(house.journal, entry, until);
  };
  const report = await run(house);
  expect(report.results.map(({ resource, outcome }) => [resource.id, outcome.code])).toEqual([
    ['b', 'found-in-order'],
  ]);
  expect(report.places).toMatchObject([{ state: 'failed' }]);
});

it('B5.26 looks into each place once, and one that cannot be read stops no other', async () => {
  const house = new House();
  for (const id of ['a', 'b']) house.add(id);
  for (const id of ['c', 'd']) house.add(id, { place: away });
  house.journal.broken.add('finish');
  house.notify = () => {
    throw new Error('the process is gone');
  };
  await house.run(sweep, {}, [home, away]);
  house.journal.broken.clear();
  house.notify = () => {};
  later(house);
  house.onFind = (signal) => {
    if (signal.region === away.region) throw new Error('AccessDenied');
  };
  const before = house.calls.filter((call) => call === 'find').length;
  const report = await run(house);
  expect(house.calls.filter((call) => call === 'find')).toHaveLength(before + 2);
  expect(report.results.map(({ resource, outcome }) => [resource.id, outcome.code])).toEqual([
    ['a', 'found-in-order'],
    ['b', 'found-in-order'],
    ['c', 'unreadable'],
    ['d', 'unreadable'],
  ]);
});

it('B5.26 without a journal a run that only looks back has failed, another goes on', async () => {
  const house = new House();
  house.add('hall');
  house.journal.broken.add('open');
  expect(await run(house)).toMatchObject({
    state: 'failed',
    places: [{ state: 'failed', reason: expect.stringContaining('the table cannot be reached') }],
  });
  expect(await run(house, atTerminal)).toMatchObject({ counts: { done: 1 }, warnings: [expect.any(String)] });
});

it('that people were told is noted even where the note is lost: then they are told twice', async () => {
  const house = new House();
  house.add('hall');
  house.journal.broken.add('told');
  await house.run(named('hall'));
  house.journal.broken.clear();
  later(house);
  await run(house);
  expect(told(house)).toEqual(['remedied', 'remedied']);
});
