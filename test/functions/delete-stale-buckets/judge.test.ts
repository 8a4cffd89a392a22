import { describe, expect, it } from 'vitest';
import { markOf, withMark, withoutMark } from '../../../functions/delete-stale-buckets/mark.ts';
import { type Case, daysAgo, fate, marked, NOW, set, steady, verdictOn } from './builders.ts';

const own = {
  policy: {
    Policy: JSON.stringify({
      Statement: { Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: '*' },
    }),
  },
};

describe('B4.24 mark, wait, look again, delete', () => {
  it.each<{ when: string; given: Case; fate: string }>([
    { when: 'unmarked', given: {}, fate: 'mark' },
    { when: 'marked minutes ago', given: { bucket: { tag: marked(0.001) } }, fate: 'exempt: marked' },
    {
      when: 'marked minutes ago, nothing read',
      given: { bucket: { tag: marked(0.001) }, contents: 'x' },
      fate: 'exempt: marked',
    },
    { when: 'marked yesterday', given: { bucket: { tag: marked(1) } }, fate: 'exempt: marked' },
    { when: 'just before it is due', given: { bucket: { tag: marked(13.99) } }, fate: 'exempt: marked' },
    { when: 'due', given: { bucket: { tag: marked(14) } }, fate: 'empty-and-delete' },
    {
      when: 'due by the tag, earlier than the settings wait',
      given: { bucket: { tag: marked(5, {}, 1) } },
      fate: 'exempt: marked',
    },
    {
      when: 'put off by the owner',
      given: { bucket: { tag: { ...marked(20), 'reeve:delete-after': '2026-12-24' } } },
      fate: 'exempt: marked',
    },
    {
      when: 'put off until today',
      given: { bucket: { tag: { ...marked(20), 'reeve:delete-after': '2026-11-21' } } },
      fate: 'exempt: marked',
    },
    {
      when: 'put off until yesterday',
      given: { bucket: { tag: { ...marked(20), 'reeve:delete-after': '2026-11-20' } } },
      fate: 'empty-and-delete',
    },
    {
      when: 'written to meanwhile',
      given: { bucket: { tag: marked(5) }, contents: { newest: daysAgo(1) } },
      fate: 'unmark',
    },
    {
      when: 'written to just before',
      given: { bucket: { tag: marked(14) }, contents: { newest: daysAgo(0.01) } },
      fate: 'unmark',
    },
    { when: 'with a new policy', given: { bucket: { tag: marked(14) }, set: own }, fate: 'unmark' },
    {
      when: 'of a new age (its policy changed)',
      given: { bucket: { tag: marked(14), createdAt: daysAgo(3) } },
      fate: 'unmark',
    },
    {
      when: 'renamed to be protected',
      given: { bucket: { tag: marked(14) }, settings: { protectNames: ['forgotten'] } },
      fate: 'unmark',
    },
    {
      when: 'its date taken away',
      given: { bucket: { tag: { 'reeve:marked': marked(20)['reeve:marked'] ?? '' } } },
      fate: 'exempt: withdrawn',
    },
    {
      when: 'its date taken away a window ago',
      given: { bucket: { tag: { 'reeve:marked': marked(181)['reeve:marked'] ?? '' } } },
      fate: 'mark',
    },
    {
      when: 'a date that is not ours',
      given: { bucket: { tag: { 'reeve:delete-after': '2026-01-01' } } },
      fate: 'unknown: mark-unclear',
    },
    {
      when: 'a date that is none',
      given: { bucket: { tag: { ...marked(20), 'reeve:delete-after': 'never' } } },
      fate: 'unknown: mark-unclear',
    },
    {
      when: 'a mark without digest',
      given: { bucket: { tag: { ...marked(20), 'reeve:marked': '2026-01-01' } } },
      fate: 'unknown: mark-unclear',
    },
    {
      when: 'due, and its signs cannot be read',
      given: { bucket: { tag: marked(14) }, contents: 'denied' },
      fate: 'unknown: life-unknown',
    },
  ])('$when: $fate', ({ given, fate: expected }) => {
    expect(fate(given)).toBe(expected);
  });

  it('what emptying changes in the metrics is no sign of life, what changed before is', () => {
    const trend = steady(1000);
    if (trend.state !== 'read') throw new Error('steady is read');
    const lessSince = (ago: number) => ({
      ...trend,
      value: {
        ...trend.value,
        days: trend.value.days.map((one) => (one.at < daysAgo(ago) ? one : { ...one, objects: 5 })),
      },
    });
    expect(fate({ bucket: { tag: marked(20) }, trend: lessSince(5) })).toBe('empty-and-delete');
    expect(fate({ bucket: { tag: marked(20) }, trend: lessSince(8) })).toBe('unmark');
  });

  it('each action has a fingerprint of its own for each mark', () => {
    const print = (given: Case) => {
      const verdict = verdictOn(given);
      return verdict.verdict === 'violation' ? verdict.remedy?.fingerprint : undefined;
    };
    const prints = [
      print({}),
      print({ set: own }),
      print({ bucket: { createdAt: daysAgo(800) } }),
      print({ now: new Date(NOW.getTime() + 86_400_000) }),
      print({ bucket: { tag: marked(20) } }),
      print({ bucket: { tag: marked(21) } }),
      print({ bucket: { tag: marked(20) }, contents: { newest: NOW } }),
    ];
    expect(new Set(prints).size).toBe(prints.length);
    expect(print({})).toBe(print({ now: new Date(NOW.getTime() + 3_600_000) }));
  });
});

describe('B4.46 the name of a bucket', () => {
  it.each<{ when: string; given: Case; fate: string }>([
    {
      when: 'that a record mentions',
      given: { references: { mentions: ['the record x'] } },
      fate: 'empty-and-keep-name',
    },
    { when: 'that roles of the account are let in to', given: { set: own }, fate: 'empty-and-keep-name' },
    {
      when: 'that a tag says code refers to',
      given: { bucket: { tag: { 'reeve:referenced-by': 'repo' } } },
      fate: 'empty-and-keep-name',
    },
    { when: 'that nothing mentions', given: {}, fate: 'empty-and-delete' },
    { when: 'kept always', given: { settings: { tombstone: 'always' } }, fate: 'empty-and-keep-name' },
    {
      when: 'never kept',
      given: { settings: { tombstone: 'never' }, references: { mentions: ['x'] } },
      fate: 'empty-and-delete',
    },
    {
      when: 'that nobody else can take',
      given: { bucket: { id: 'old-111122223333-eu-west-1-an' }, references: { mentions: ['x'] } },
      fate: 'empty-and-delete',
    },
  ])('$when: $fate', ({ given, fate: expected }) => {
    const tag = { ...marked(14, given), ...given.bucket?.tag };
    expect(fate({ ...given, bucket: { ...given.bucket, tag } })).toBe(expected);
  });
});

describe('B4.39 a giant', () => {
  const set: Case['set'] = { versioning: { Status: 'Enabled' } };
  const settings = { giantObjects: 5_000_000 };
  const giant: Case = { contents: { complete: false }, trend: steady(5_000_001), set, settings };
  it('is emptied by a rule first, and deleted when little is left', () => {
    const since = { 'reeve:emptying': daysAgo(2).toISOString() };
    expect(fate({ ...giant, bucket: { tag: marked(14, { set }) } })).toBe('empty-by-rule');
    expect(fate({ ...giant, trend: steady(5_000_000), bucket: { tag: marked(14, { set }) } })).toBe(
      'empty-and-delete',
    );
    expect(fate({ ...giant, bucket: { tag: { ...marked(16, { set }), ...since } } })).toBe(
      'exempt: emptying',
    );
    const left: Case = {
      set,
      settings,
      contents: { newestMarker: daysAgo(1) },
      bucket: { tag: { ...marked(16, { set }), ...since } },
    };
    expect(fate(left)).toBe('empty-and-delete');
    expect(fate({ ...left, contents: { newest: daysAgo(1) } })).toBe('unmark');
    expect(verdictOn({ ...left, contents: { newest: daysAgo(1) } })).toMatchObject({ severity: 'high' });
  });

  it('B4.15 B4.13 is never emptied by a rule where its policy denies deleting or MFA Delete is on', () => {
    const Statement = [{ Effect: 'Deny', Principal: '*', Action: 's3:DeleteObject' }];
    const denied: Case = { set: { policy: { Policy: JSON.stringify({ Statement }) } } };
    const mfa: Case = { set: { versioning: { MFADelete: 'Enabled' } } };
    for (const set of [denied, mfa]) {
      expect(fate({ ...giant, ...set, bucket: { tag: marked(14, set) } })).toBe('unmark');
    }
  });
});

describe('B4.49 what is deleted cannot be brought back', () => {
  it('says so in the plan, and keeps the configuration for the journal', () => {
    const verdict = verdictOn({
      bucket: { tag: { ...marked(14, { set: { encryption: { a: 1 } } }), __proto: 'x' } },
      set: { encryption: { a: 1 } },
      unreadable: ['cors'],
    });
    if (verdict.verdict !== 'violation') throw new Error(verdict.reason);
    expect(verdict.advice).toContain('Deleted objects cannot be brought back.');
    expect(verdict.remedy).toMatchObject({
      undo: expect.stringMatching(/^Deleted objects cannot be brought back/),
      before: {
        configuration: { encryption: { a: 1 }, policy: null, cors: { unreadable: 'AccessDenied: no' } },
        holds: { objects: 700, markers: 50 },
        tags: expect.arrayContaining([{ Key: '__proto', Value: 'x' }]),
      },
    });
  });
});

describe('the mark', () => {
  it('is written as it is read, and leaves other tags alone', () => {
    const tags = withMark(
      new Map([
        ['team', 'a'],
        ['reeve:emptying', 'x'],
      ]),
      NOW,
      14,
      '0123456789abcdef',
    );
    expect(markOf(tags, 14)).toEqual({
      state: 'marked',
      at: NOW,
      due: new Date('2026-12-05T12:00:00Z'),
      digest: '0123456789abcdef',
      emptyingSince: undefined,
    });
    expect(withoutMark(tags)).toEqual(new Map([['team', 'a']]));
  });

  it.each(['2026-02-31T00:00:00Z', '2026-13-01', 'tomorrow', ''])('a date %j is none', (text) => {
    expect(markOf(new Map(Object.entries({ ...marked(1), 'reeve:delete-after': text })), 14).state).toBe(
      'unclear',
    );
  });
});

it('settings have defaults and refuse what is unknown', () => {
  expect(set()).toMatchObject({
    windowDays: 180,
    unknownAccessDays: 365,
    waitDays: 14,
    emptyDays: 30,
  });
  expect(set()).not.toHaveProperty('giantObjects');
  expect(() => set({ windowDays: 3 })).toThrow();
  expect(() => set({ window: 180 })).toThrow();
  expect(() => set({ protectNames: ['*'] })).toThrow();
});
