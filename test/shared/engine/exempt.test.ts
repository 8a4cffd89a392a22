import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseExemption } from '../../../shared/engine/exemption-value.ts';
import { House, noon, sweep } from '../../support/lamps.ts';

const until = new Date('2026-12-31T23:59:59.999Z');

it.each([
  ['TICKET-123 until 2026-12-31', 'TICKET-123', until],
  ['TICKET-123 pen test of the bastion until 2026-12-31', 'TICKET-123 pen test of the bastion', until],
  ['  wait until friday   UNTIL   2026-12-31  ', 'wait until friday', until],
  ['reason=TICKET-123;until=2026-12-31', 'TICKET-123', until],
  ['reason=TICKET-123 until=2026-12-31', 'TICKET-123', until],
  ['TICKET-123 until 2026-12-31T18:00Z', 'TICKET-123', new Date('2026-12-31T18:00:00Z')],
  ['TICKET-123 until 2026-12-31T18:00:30+02:00', 'TICKET-123', new Date('2026-12-31T16:00:30Z')],
  ['TICKET-123 until 2026-12-31T18:00', 'TICKET-123', until],
  ['TICKET-123 until 2026-11-20', 'TICKET-123', new Date('2026-11-20T23:59:59.999Z')],
  ['TICKET-123 until 2027-02-18', 'TICKET-123', new Date('2027-02-18T23:59:59.999Z')],
])('B6.7 %j is an exemption with reason and expiry', (value, reason, end) => {
  expect(parseExemption(value, noon, { maxDays: 90 })).toEqual({ state: 'valid', reason, until: end });
});

it.each([
  ['TICKET-123 until 2026-11-19', 'expired'],
  ['TICKET-123 until 2026-11-20T11:59:59Z', 'expired'],
  ['TICKET-123 until 2027-02-19', 'malformed'],
  ['until 2026-12-31', 'malformed'],
  ['reason=;until=2026-12-31', 'malformed'],
  ['--- until 2026-12-31', 'malformed'],
  ['TICKET-123', 'malformed'],
  ['', 'malformed'],
  ['true', 'malformed'],
  ['TICKET-123 until', 'malformed'],
  ['TICKET-123 until tomorrow', 'malformed'],
  ['TICKET-123 until 2026-02-30', 'malformed'],
  ['TICKET-123 until 2026-13-01', 'malformed'],
  ['TICKET-123 until 2026-12-31Z', 'malformed'],
  ['TICKET-123 until 2026-12-31T25:00Z', 'malformed'],
  ['TICKET-123 until 31.12.2026', 'malformed'],
  ['TICKET-123until 2026-12-31', 'malformed'],
])('B6.7 %j is %s', (value, state) => {
  expect(parseExemption(value, noon, { maxDays: 90 }).state).toBe(state);
});

it.each([
  ['TICKET-123 by ana@example.com until 2026-12-31', 'TICKET-123', 'ana@example.com'],
  ['TICKET-123 until 2026-12-31 by ana@example.com', 'TICKET-123', 'ana@example.com'],
  ['reason=TICKET-123;owner=ana@example.com;until=2026-12-31', 'TICKET-123', 'ana@example.com'],
  ['until=2026-12-31 owner=ana reason=pen test', 'pen test', 'ana'],
  ['approved by the board until 2026-12-31', 'approved by the board', undefined],
  ['by ana until 2026-12-31', 'by ana', undefined],
  ['TICKET-123 owner=- until=2026-12-31', 'TICKET-123', undefined],
])('B6.7 %j names its owner, or nobody', (value, reason, owner) => {
  expect(parseExemption(value, noon, { maxDays: 90 })).toEqual({ state: 'valid', reason, owner, until });
  const { state } = parseExemption(value, noon, { maxDays: 90, requireOwner: true });
  expect(state).toBe(owner === undefined ? 'malformed' : 'valid');
});

it.each([
  'T-1 until=2026-12-01 until=2026-12-31',
  'T-1 until=2026-12-01 until 2026-12-31',
  'T-1 owner=ana owner=bo until=2026-12-31',
])('B6.7 %j says a thing twice, so it is malformed', (value) => {
  expect(parseExemption(value, noon, { maxDays: 90 }).state).toBe('malformed');
});

it('B6.7 an expired exemption stays expired where owners are required since', () => {
  const rules = { maxDays: 90, requireOwner: true };
  expect(parseExemption('T-1 until 2026-11-01', noon, rules).state).toBe('expired');
});

it('B6.7 the owner is told with the reason', async () => {
  const house = new House();
  house.add('hall', { tags: new Map([['reeve:exempt', 'T-1 by ana@example.com until 2026-12-31']]) });
  const report = await house.run(sweep);
  expect(report.results[0]?.verdict.reason).toMatch(/: T-1, of ana@example\.com\.$/);
});

it.each([
  ['Reeve:Exempt', 'cost', 'protected'],
  ['reeve: exempt', 'tagging', 'protected'],
  ['REEVE:EXEMPT', 'security', 'remedied'],
] as const)('B6.7 the key %j in a %s policy is not in order and told', async (key, kind, code) => {
  const house = new House();
  house.kind = kind;
  house.add('hall', { tags: new Map([[key, 'T-1 until 2026-12-31']]) });
  const report = await house.run(sweep);
  expect(report.results[0]?.outcome.code).toBe(code);
  expect(report.pages).toEqual([expect.stringContaining(`its key is written "${key}"`)]);
});

it('B5.38 an exemption that is not in order calls a person once a day, another fault of it at once', async () => {
  const house = new House();
  house.kind = 'cost';
  const hall = house.add('hall', { tags: new Map([['reeve:exempt', 'please']]) });
  for (const _ of [1, 2, 3]) await house.run(sweep);
  expect(house.told).toHaveLength(1);

  hall.tags.set('reeve:exempt', 'T-1 until 2030-01-01');
  await house.run(sweep);
  expect(house.told.map(({ pages }) => pages.length)).toEqual([1, 1]);
});

it('B6.7 no value whatever is valid for longer than allowed, in no long time', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60_000, unit: 'grapheme' }), (value) => {
      const exemption = parseExemption(value, noon, { maxDays: 90 });
      if (exemption.state === 'valid')
        expect(exemption.until.getTime() - noon.getTime()).toBeLessThan(91 * 86_400_000);
    }),
    { numRuns: 200 },
  );
  expect(parseExemption(`x${' until'.repeat(50_000)}`, noon, { maxDays: 90 }).state).toBe('malformed');
});

const setBy = ['arn:aws:iam::*:role/security-*'];
const good = 'TICKET-123 until 2026-12-31';

it.each([
  { when: 'valid', value: good, kind: 'security', code: 'exempt', pages: 0 },
  { when: 'valid', value: good, kind: 'cost', code: 'exempt', pages: 0 },
  { when: 'expired', value: 'T-1 until 2026-11-01', kind: 'security', code: 'remedied', pages: 0 },
  { when: 'expired', value: 'T-1 until 2026-11-01', kind: 'cost', code: 'remedied', pages: 0 },
  { when: 'malformed', value: 'please', kind: 'security', code: 'remedied', pages: 1 },
  { when: 'malformed', value: 'please', kind: 'cost', code: 'protected', pages: 1 },
  { when: 'malformed', value: 'please', kind: 'tagging', code: 'protected', pages: 1 },
] as const)('B3.45 B6.7 an exemption that is $when, in a $kind policy, ends $code', async (row) => {
  const house = new House();
  house.kind = row.kind;
  house.add('hall', { tags: new Map([['reeve:exempt', row.value]]) });

  const report = await house.run(sweep);

  expect(report.results[0]?.outcome.code).toBe(row.code);
  expect(report.pages).toHaveLength(row.pages);
  const effect = row.kind === 'security' ? 'so it is not honoured' : 'so it is left alone until';
  for (const page of report.pages) expect(page).toContain(effect);
  if (row.when === 'expired')
    expect(report.results[0]?.notes[0]).toMatch(/expired on 2026-11-01T23:59:59.999Z/);
});

it.each([
  { setter: 'arn:aws:iam::111122223333:role/security-oncall', kind: 'security', code: 'exempt', pages: 0 },
  { setter: 'arn:aws:iam::111122223333:user/ana', kind: 'security', code: 'remedied', pages: 1 },
  { setter: 'arn:aws:iam::111122223333:user/ana', kind: 'cost', code: 'protected', pages: 1 },
  { setter: undefined, kind: 'security', code: 'remedied', pages: 1 },
  { setter: undefined, kind: 'cost', code: 'protected', pages: 1 },
  { setter: 'unreadable', kind: 'security', code: 'remedied', pages: 1 },
  { setter: 'unreadable', kind: 'tagging', code: 'protected', pages: 1 },
] as const)('B3.45 B6.8 an exemption set by $setter, in a $kind policy, ends $code', async (row) => {
  const house = new House();
  house.kind = row.kind;
  house.add('hall', { tags: new Map([['reeve:exempt', good]]) });
  house.whoTagged = () => {
    if (row.setter === 'unreadable') throw new Error('denied');
    return row.setter;
  };

  const report = await house.run(sweep, { exemption: { tag: 'reeve:exempt', maxDays: 90, setBy } });

  expect(report.results[0]?.outcome.code).toBe(row.code);
  expect(report.pages).toHaveLength(row.pages);
});

it('B6.8 nobody is asked who set a tag that is not in order anyway', async () => {
  const house = new House();
  house.add('hall', { tags: new Map([['reeve:exempt', 'please']]) });
  await house.run(sweep, { exemption: { tag: 'reeve:exempt', maxDays: 90, setBy } });
  expect(house.calls).not.toContain('who-tagged hall');
});

it('B5.33 services that a partition lacks lead to a report, never to a crash', async () => {
  const house = new House();
  house.add('hall', { tags: new Map([['reeve:exempt', good]]) });
  house.add('attic');
  const missing = () => {
    throw new Error('getaddrinfo ENOTFOUND service.us-isob-east-1.sc2s.sgov.gov');
  };
  house.whoTagged = missing;
  house.killSwitch = missing;
  house.firstTold = missing;
  const report = await house.run(sweep, { exemption: { tag: 'reeve:exempt', maxDays: 90, setBy } });

  expect(house.switchedOff).toEqual([]);
  expect(report.counts).toMatchObject({ violations: 2, done: 0, skipped: 2 });
  expect(house.told).toHaveLength(1);
});
