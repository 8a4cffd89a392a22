import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  closedShare,
  endOfDay,
  isOpen,
  isZone,
  parseHours,
} from '../../../functions/stop-idle-instances/hours.ts';
import { type Case, fate, hoursAgo, instance, tags, verdictOn } from './builders.ts';

const hours = (text: string) => {
  const parsed = parseHours(text, 'UTC');
  if (parsed === undefined) throw new Error(text);
  return parsed;
};

describe('reading', () => {
  it.each([
    ['mon-fri 08:00-19:00 Europe/Berlin', [1, 2, 3, 4, 5], 480, 1140, 'Europe/Berlin'],
    ['  Sat 00:00-24:00  ', [6], 0, 1440, 'UTC'],
    ['fri-mon 22:00-06:00', [5, 6, 0, 1], 1320, 360, 'UTC'],
    ['mon+wed-fri 09:30-10:15', [1, 3, 4, 5], 570, 615, 'UTC'],
    ['daily 06:00-07:00', [0, 1, 2, 3, 4, 5, 6], 360, 420, 'UTC'],
  ])('%j', (text, days, from, to, zone) => {
    const read = parseHours(text, 'UTC');
    expect(read).toMatchObject({ from, to, zone });
    expect([...(read?.days ?? [])].sort()).toEqual(days.toSorted());
  });

  it.each([
    '',
    'always',
    'mon-fri',
    'mon-fri 8-19',
    'mon-fri 08:00-08:00',
    'mon-fri 08:00-24:30',
    'mon-fri 24:00-25:00',
    'mon-fri 24:00-06:00',
    'mon-fri 08:00-24:01',
    'mon-fri 08:60-19:00',
    'mo-fr 08:00-19:00',
    'mon-wed-fri 08:00-19:00',
    'mon-fri 08:00-19:00 Berlin',
    'mon-fri 08:00-19:00 Europe/Nowhere',
    'mon-fri 08:00-19:00 +01:00',
    'mon-fri 08:00-19:00 Europe/Berlin please',
  ])('refuses %j', (text) => {
    expect(parseHours(text, 'UTC')).toBeUndefined();
  });

  it('B1.57 knows zones by name, never as fixed offsets', () => {
    expect(['Europe/Berlin', 'UTC', 'America/Argentina/Buenos_Aires'].every(isZone)).toBe(true);
    expect(['+01:00', 'GMT+1', 'Europe/', 'CET-1', ''].some(isZone)).toBe(false);
  });

  it('answers long texts as fast as short ones', () => {
    expect(parseHours(`mon-fri ${' '.repeat(50_000)}08:00-19:00`, 'UTC')).toBeUndefined();
  });
});

describe('the clock on the wall decides', () => {
  it.each([
    ['B1.57 the first minute', 'mon-fri 08:00-19:00 Europe/Berlin', '2026-11-20T07:00:00Z', true],
    ['B1.57 the minute before', 'mon-fri 08:00-19:00 Europe/Berlin', '2026-11-20T06:59:59Z', false],
    ['B1.57 the last minute', 'mon-fri 08:00-19:00 Europe/Berlin', '2026-11-20T17:59:59Z', true],
    ['B1.57 the end', 'mon-fri 08:00-19:00 Europe/Berlin', '2026-11-20T18:00:00Z', false],
    [
      'B1.57 in summer an hour earlier by UTC',
      'mon-fri 08:00-19:00 Europe/Berlin',
      '2026-07-17T06:00:00Z',
      true,
    ],
    ['B1.57 a Saturday', 'mon-fri 08:00-19:00 Europe/Berlin', '2026-11-21T12:00:00Z', false],
    ['B1.57 Saturday there, Friday here', 'sat 00:00-12:00 Pacific/Auckland', '2026-11-20T12:00:00Z', true],
    ['B1.57 over midnight, the evening', 'fri 22:00-06:00 UTC', '2026-11-20T22:00:00Z', true],
    ['B1.57 over midnight, the morning after', 'fri 22:00-06:00 UTC', '2026-11-21T05:59:00Z', true],
    ['B1.57 over midnight, the morning of that day', 'fri 22:00-06:00 UTC', '2026-11-20T05:00:00Z', false],
    ['B1.57 over midnight, the evening after', 'fri 22:00-06:00 UTC', '2026-11-21T22:00:00Z', false],
    [
      'B1.57 01:30 for the first time in New York',
      'sun 01:00-02:00 America/New_York',
      '2026-11-01T05:30:00Z',
      true,
    ],
    [
      'B1.57 01:30 for the second time in New York',
      'sun 01:00-02:00 America/New_York',
      '2026-11-01T06:30:00Z',
      true,
    ],
    ['B1.57 02:00 after it came twice', 'sun 01:00-02:00 America/New_York', '2026-11-01T07:00:00Z', false],
    [
      'B1.57 opening within the gap, before it',
      'sun 02:30-04:00 Europe/Berlin',
      '2026-03-29T00:59:00Z',
      false,
    ],
    ['B1.57 opening within the gap, after it', 'sun 02:30-04:00 Europe/Berlin', '2026-03-29T01:00:00Z', true],
    ['B1.57 wholly within the gap: never', 'sun 02:10-02:50 Europe/Berlin', '2026-03-29T01:00:00Z', false],
  ])('%s', (_when, text, at, open) => {
    expect(isOpen(hours(text), new Date(at))).toBe(open);
  });

  it('B1.57 every day of a year has its open hours, but for the hour that a change takes or gives', () => {
    const office = hours('daily 01:00-04:00 America/New_York');
    const perDay = new Map<string, number>();
    for (let at = Date.UTC(2026, 0, 2); at < Date.UTC(2027, 0, 1); at += 900_000) {
      if (!isOpen(office, new Date(at))) continue;
      const day = new Date(at - 4 * 3_600_000).toISOString().slice(0, 10);
      perDay.set(day, (perDay.get(day) ?? 0) + 0.25);
    }
    const odd = [...perDay].filter(([, open]) => open !== 3);
    expect(odd.map(([, open]) => open)).toEqual([2, 4]);
  });

  it.each([
    ['2026-11-20', 'UTC', '2026-11-20T23:59:59.999Z'],
    ['2026-11-20', 'Europe/Berlin', '2026-11-20T22:59:59.999Z'],
    ['2026-03-28', 'Europe/Berlin', '2026-03-28T22:59:59.999Z'],
    ['2026-03-29', 'Europe/Berlin', '2026-03-29T21:59:59.999Z'],
    ['2026-10-25', 'Europe/Berlin', '2026-10-25T22:59:59.999Z'],
    ['2026-11-01', 'America/New_York', '2026-11-02T04:59:59.999Z'],
    ['2026-10-31', 'America/New_York', '2026-11-01T03:59:59.999Z'],
  ])('B1.57 B1.58 %s ends in %s at %s', (day, zone, end) => {
    expect(endOfDay(day, zone)?.toISOString()).toBe(end);
  });

  it('B1.58 the end of a day is that day, the next moment is not', () => {
    const zones = fc.constantFrom(
      'Europe/Berlin',
      'America/New_York',
      'Asia/Kolkata',
      'Australia/Lord_Howe',
      'UTC',
    );
    const days = fc.date({ min: new Date('2020-01-01'), max: new Date('2030-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(days, zones, (date, zone) => {
        const day = date.toISOString().slice(0, 10);
        const end = endOfDay(day, zone)?.getTime() ?? 0;
        const local = (at: number) => new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(at);
        return local(end) === day && local(end + 1) !== day;
      }),
    );
  });

  it('tells the share of the week that is closed', () => {
    expect(closedShare(hours('mon-fri 08:00-20:00'))).toBeCloseTo(1 - 60 / 168);
    expect(closedShare(hours('daily 22:00-06:00'))).toBeCloseTo(1 - 56 / 168);
    expect(closedShare(hours('daily 00:00-24:00'))).toBe(0);
  });
});

const night = new Date('2026-11-20T21:00:00Z');
const noon = new Date('2026-11-20T12:00:00Z');
const office = tags({ 'reeve:hours': 'mon-fri 08:00-19:00 Europe/Berlin' });
const byPolicy = { hours: { schedule: 'mon-fri 08:00-19:00 Europe/Berlin', only: ['env=dev'] } };

describe('stopping outside the hours', () => {
  it('is a reason of its own, with its share of the saving', () => {
    const verdict = verdictOn({ instance: { tags: office }, now: night });
    expect(verdict).toMatchObject({
      verdict: 'violation',
      reasonCode: 'outside-hours',
      remedy: { action: 'stop-instances' },
      monthlySaving: 52.54,
    });
    expect(verdict.reason).toMatch(/runs outside its hours \(mon-fri 08:00-19:00 Europe\/Berlin\)/);
  });

  it.each<{ when: string; given: Case; becomes: string }>([
    {
      when: 'a busy machine too',
      given: { instance: { tags: office }, facts: { activity: 'not-asked' } },
      becomes: 'stop',
    },
    {
      when: 'by the policy, where it is meant',
      given: {
        instance: { tags: tags({ env: 'dev' }) },
        settings: byPolicy,
        facts: { activity: 'not-asked' },
      },
      becomes: 'stop',
    },
    {
      when: 'not by the policy, where it is not meant',
      given: {
        instance: { tags: tags({ env: 'prod' }) },
        settings: byPolicy,
        facts: { activity: 'not-asked' },
      },
      becomes: 'unknown metrics-unread',
    },
    {
      when: 'not while somebody is logged in',
      given: { instance: { tags: office }, facts: { login: { value: 'ana is connected' } } },
      becomes: 'compliant login',
    },
    {
      when: 'not while in service',
      given: { instance: { tags: office }, facts: { serves: { value: 'web' } } },
      becomes: 'compliant in-service',
    },
    {
      when: 'not with hours that cannot be read',
      given: { instance: { tags: tags({ 'reeve:hours': 'office' }) } },
      becomes: 'unknown hours-unreadable',
    },
    {
      when: 'not what a controller owns',
      given: { instance: { tags: new Map([...office, ['aws:autoscaling:groupName', 'web']]) } },
      becomes: 'compliant auto-scaling',
    },
    {
      when: 'B1.59 not what was started this evening',
      given: { instance: { tags: office, launchTime: new Date('2026-11-20T18:30:00Z') } },
      becomes: 'compliant hours-respected',
    },
    {
      when: 'B1.59 what was started a day ago in the evening',
      given: { instance: { tags: office, launchTime: new Date('2026-11-19T21:00:00Z') } },
      becomes: 'stop',
    },
    {
      when: 'what was started this morning',
      given: { instance: { tags: office, launchTime: new Date('2026-11-20T07:00:00Z') } },
      becomes: 'stop',
    },
    {
      when: 'not without knowing when it was started',
      given: { instance: { tags: office, launchTime: undefined } },
      becomes: 'unknown hours-unclear',
    },
  ])('$when', ({ given, becomes }) => {
    expect(fate({ now: night, ...given })).toBe(becomes);
  });

  it('the policy means whatever carries any one of its tags', () => {
    const settings = { hours: { ...byPolicy.hours, only: ['env=dev', 'lab'] } };
    const wearing = (given: Record<string, string>) =>
      fate({ instance: { tags: tags(given) }, settings, facts: { activity: 'not-asked' }, now: night });
    expect(wearing({ env: 'dev', team: 'a' })).toBe('stop');
    expect(wearing({ team: 'a', lab: '' })).toBe('stop');
    expect(wearing({ env: 'lab' })).toBe('unknown metrics-unread');
    expect(wearing({})).toBe('unknown metrics-unread');
  });

  it('within the hours idleness is asked as ever', () => {
    expect(fate({ instance: { tags: office }, now: noon })).toBe('stop');
    expect(fate({ instance: { tags: office, launchTime: hoursAgo(5) }, now: noon })).toBe(
      'compliant too-young',
    );
  });
});

describe('starting within the hours', () => {
  const stopped = { state: 'stopped', tags: office, stoppedAt: new Date('2026-11-19T20:00:00Z') };
  const launch = `${instance().id} launched ${instance().launchTime?.toISOString()}`;
  const own = (reasonCode: string) => ({
    stops: { value: [{ at: new Date('2026-11-19T20:00:00Z'), reasonCode, fingerprint: launch }] },
  });

  it.each<{ when: string; given: Case; becomes: string }>([
    {
      when: 'a tagged one that went down while closed, where no journal is kept',
      given: { instance: stopped, facts: { stops: 'not-asked' } },
      becomes: 'start',
    },
    {
      when: 'B1.57 not a tagged one that a person stopped while closed',
      given: { instance: stopped, facts: { stops: { value: [] } } },
      becomes: 'compliant hours-respected',
    },
    {
      when: 'not one that was stopped at noon',
      given: { instance: { ...stopped, stoppedAt: new Date('2026-11-19T12:00:00Z') } },
      becomes: 'compliant hours-respected',
    },
    {
      when: 'not one whose stop has no time',
      given: { instance: { ...stopped, stoppedAt: undefined } },
      becomes: 'compliant hours-respected',
    },
    {
      when: 'one that the journal says the hours stopped',
      given: { instance: { ...stopped, stoppedAt: undefined }, facts: own('outside-hours') },
      becomes: 'start',
    },
    {
      when: 'not one that was stopped for idleness',
      given: { instance: stopped, facts: own('idle') },
      becomes: 'compliant hours-respected',
    },
    {
      when: 'one without tag only by the journal',
      given: {
        instance: { ...stopped, tags: tags({ env: 'dev' }) },
        settings: byPolicy,
        facts: own('outside-hours'),
      },
      becomes: 'start',
    },
    {
      when: 'not one without tag and journal',
      given: { instance: { ...stopped, tags: tags({ env: 'dev' }) }, settings: byPolicy },
      becomes: 'compliant hours-respected',
    },
    {
      when: 'not by a journal that cannot be read',
      given: { instance: stopped, facts: { stops: { unknown: 'down' } } },
      becomes: 'unknown hours-unclear',
    },
    {
      when: 'not while closed',
      given: { instance: stopped, now: night },
      becomes: 'compliant already-stopped',
    },
    {
      when: 'not where the settings say no',
      given: { instance: stopped, settings: { hours: { start: false } } },
      becomes: 'compliant already-stopped',
    },
    {
      when: 'B1.58 not what is kept as it is',
      given: { instance: { ...stopped, tags: new Map([...office, ['reeve:keep-until', '2027-01-01']]) } },
      becomes: 'exempt kept',
    },
  ])('$when', ({ given, becomes }) => {
    expect(fate({ now: noon, ...given })).toBe(becomes);
  });

  it('another launch’s stop proves nothing', () => {
    const other = {
      at: new Date('2026-11-01T20:00:00Z'),
      reasonCode: 'outside-hours',
      fingerprint: 'i-1 launched earlier',
    };
    const given = { ...stopped, stoppedAt: undefined };
    expect(fate({ instance: given, facts: { stops: { value: [other] } }, now: noon })).toBe(
      'compliant hours-respected',
    );
  });
});
