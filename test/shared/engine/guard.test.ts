import { expect, it } from 'vitest';
import type { GuardSettings } from '../../../shared/engine/ports.ts';
import { House, home, lampArn, named, sweep } from '../../support/lamps.ts';

const nothing: GuardSettings['protect'] = { ids: [], names: [], tags: [] };

it.each<{ by: string; protect: Partial<GuardSettings['protect']> }>([
  { by: 'id', protect: { ids: ['hall'] } },
  { by: 'ARN', protect: { ids: [lampArn({ id: 'hall', place: home })] } },
  { by: 'name', protect: { names: ['bastion-*'] } },
  { by: 'Name tag', protect: { names: ['Old?hall'] } },
  { by: 'tag', protect: { tags: ['env=prod'] } },
  { by: 'tag key', protect: { tags: ['env'] } },
  { by: 'tag with an equals sign', protect: { tags: ['a=b=c=d'] } },
  { by: 'tag key with an equals sign', protect: { tags: ['a=b'] } },
])('B6.9 a lamp protected by $by is never touched, whatever its exemption says', async ({ protect }) => {
  const house = new House();
  const tags = [
    ['env', 'prod'],
    ['a=b', 'c=d'],
    ['Name', 'Old hall'],
    ['reeve:exempt', 'nonsense'],
  ] as const;
  house.add('hall', { name: 'bastion-1', tags: new Map(tags) });

  const report = await house.run(named('hall'), { protect: { ...nothing, ...protect } });

  expect(report.results[0]?.outcome).toMatchObject({ outcome: 'skipped', code: 'protected' });
  expect(house.switchedOff).toEqual([]);
});

it('B6.9 the protected list does not reach others', async () => {
  const house = new House();
  house.add('hall', { name: 'prod', tags: new Map([['env', 'production']]) });
  await house.run(sweep, {
    protect: { ids: ['hal', 'hall2'], names: ['pro', '?rodx'], tags: ['env=prod', 'en'] },
  });
  expect(house.switchedOff).toEqual(['hall']);
});

it('B6.10 never touches its own parts', async () => {
  const house = new House();
  house.add('hall', { tags: new Map([['reeve:part', 'lamp']]) });
  const report = await house.run(sweep);
  expect(report.results[0]?.outcome.code).toBe('self');
  expect(house.switchedOff).toEqual([]);
});

it.each([
  { tags: [['keep', 'yes']], takesBack: true, code: 'remedied' },
  { tags: [['keep', 'yes']], takesBack: false, code: 'protected' },
  { tags: [['reeve:exempt', 'T-1 until 2026-12-31']], takesBack: true, code: 'remedied' },
  { tags: [['reeve:exempt', 'T-1 until 2026-12-31']], takesBack: false, code: 'exempt' },
  { tags: [['reeve:part', 'lamp']], takesBack: true, code: 'self' },
] as const)(
  'B6.9 with the tag $tags.0.0, what takes back our own change ($takesBack) ends $code',
  async ({ tags, takesBack, code }) => {
    const house = new House();
    house.add('hall', { tags: new Map(tags), takesBack });
    const report = await house.run(sweep, { protect: { ...nothing, tags: ['keep'] } });
    expect(report.results[0]?.outcome.code).toBe(code);
  },
);

it('B6.31 tags called __proto__, toString and hasOwnProperty are plain data', async () => {
  const house = new House();
  const odd = ['__proto__', 'toString', 'hasOwnProperty', 'constructor'];
  house.add('plain');
  for (const key of odd) house.add(key, { tags: new Map([[key, 'x']]) });

  const report = await house.run(sweep, {
    protect: { ...nothing, tags: ['__proto__', 'toString=x', 'hasOwnProperty'] },
  });

  expect(house.switchedOff).toEqual(['plain', 'constructor']);
  expect(report.counts).toMatchObject({ done: 2, skipped: 3 });
});

it('R1 what cannot be told is reported and left alone', async () => {
  const house = new House();
  house.add('attic', { light: 'flicker' });
  house.add('factless');
  const report = await house.run(sweep);
  expect(report.results.map(({ verdict }) => verdict.reasonCode)).toEqual(['lamp-flicker', 'facts-missing']);
  expect(report.counts).toMatchObject({ unknown: 2, violations: 0 });
  expect(house.switchedOff).toEqual([]);
  expect(house.told).toHaveLength(1);
});

it('a lamp without a switch is only told about, and a severe one calls for somebody', async () => {
  const house = new House();
  house.add('hall', { switch: false });
  house.add('vault', { switch: false, severity: 'critical' });
  const report = await house.run(sweep);
  expect(report.results.map(({ outcome }) => outcome.code)).toEqual(['alert-only', 'alert-only']);
  expect(report.pages).toEqual([expect.stringContaining('vault')]);
});

it.each([
  { account: '111122223333', accounts: [], entered: true },
  { account: '111122223333', accounts: ['111122223333'], entered: true },
  { account: '111122223333', accounts: ['444455556666'], entered: false },
  { account: '11112222333', accounts: [], entered: false },
  { account: '111122223333/../x', accounts: ['111122223333/../x'], entered: false },
])(
  'B5.34 B6.15 with $accounts allowed, account $account is entered: $entered',
  async ({ account, accounts, entered }) => {
    const house = new House();
    const place = { ...home, account };
    house.add('hall', { place });
    const places: string[] = [];
    house.enter = (at) => places.push(at.account);

    const report = await house.run(named('hall'), { accounts }, [place]);

    expect(places).toEqual(entered ? [account] : []);
    expect(house.switchedOff).toEqual(entered ? ['hall'] : []);
    if (!entered) {
      expect(report.pages).toEqual([expect.stringContaining('not among the accounts')]);
      expect(report.missing).toMatchObject([{ ref: { id: 'hall' }, why: 'unreadable' }]);
      expect(report.state).toBe('partial');
    }
  },
);
