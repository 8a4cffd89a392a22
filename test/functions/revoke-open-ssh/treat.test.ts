import { describe, expect, it } from 'vitest';
import { fates, rule, violationBy } from './builders.ts';

const WIDER = ['tcp 20-25 0.0.0.0/0', '-1 ::/0'];

describe('a rule that opens more than the watched ports', () => {
  it.each([
    ['B3.21 goes when nothing uses the group', {}, 0, ['revoke', 'revoke']],
    ['B3.21 is told when one interface uses the group', {}, 1, ['alert', 'alert']],
    ['B3.21 is told when the interfaces are not known', {}, undefined, ['alert', 'alert']],
    ['B3.21 goes by setting', { onWiderRange: 'revoke' }, 1, ['revoke', 'revoke']],
    ['B3.21 is told by setting', { onWiderRange: 'alert' }, 0, ['alert', 'alert']],
    [
      'B3.22 B3.23 is narrowed by setting, all traffic never',
      { onWiderRange: 'narrow' },
      1,
      ['narrow', 'alert'],
    ],
    ['B3.23 all traffic on an unused group goes', { onWiderRange: 'narrow' }, 0, ['narrow', 'revoke']],
  ])('%s', (_case, settings, interfaces, expected) => {
    expect(fates(WIDER, { settings, facts: { interfaces } })).toEqual(expected);
  });

  it('B3.21 is told at high severity, with the reason', () => {
    expect(violationBy(WIDER, { facts: { interfaces: 1 } })).toMatchObject({
      severity: 'high',
      remedy: undefined,
      evidence: [{ why: expect.stringContaining('1 network interface uses the group') }, {}],
    });
    expect(violationBy(WIDER).evidence[0]?.why).toMatch(/could not be told what uses the group/);
  });

  it('B3.21 says why it goes', () => {
    const why = (settings: object, interfaces: number, text: string) =>
      violationBy([text], { settings, facts: { interfaces } }).evidence[0]?.why;

    expect(why({}, 0, 'tcp 20-25 ::/0')).toMatch(/no network interface uses the group/);
    expect(why({ onWiderRange: 'revoke' }, 1, 'tcp 20-25 ::/0')).toMatch(/revoked whole \(setting\)/);
    expect(why({ onWiderRange: 'alert' }, 1, 'tcp 20-25 ::/0')).toMatch(/told about \(setting\)/);
    expect(why({ onWiderRange: 'narrow' }, 1, 'tcp 20-25 ::/0')).toMatch(/rest of its range is kept/);
    expect(why({}, 1, 'tcp 22 ::/0')).toMatch(/nothing but what must not be open/);
  });

  it('is no wider rule when all its ports are watched', () => {
    const settings = { ports: [5985, 5986] };

    expect(fates(['tcp 5985-5986 0.0.0.0/0'], { settings })).toEqual(['revoke']);
    expect(fates(['tcp 5985-5987 0.0.0.0/0'], { settings })).toEqual(['alert']);
    expect(fates(['-1 0.0.0.0/0'], { settings: { ports: [22] } })).toEqual(['alert']);
    expect(fates(['-1 0/0 0.0.0.0/0'], { settings: { ports: [22] } })).toEqual(['alert']);
  });
});

describe('narrowing', () => {
  const settings = { onWiderRange: 'narrow' };

  it('B3.22 B3.24 keeps the rest, with description and tags', () => {
    const given = rule('tcp 0-65535 0.0.0.0/0', { description: 'app', tags: new Map([['team', 'a']]) });
    const { remedy } = violationBy([given], { settings });

    expect(remedy).toMatchObject({ action: 'narrow-ingress', revoke: [given] });
    expect(remedy?.authorize).toEqual([
      { ...given, id: undefined, fromPort: 0, toPort: 21 },
      { ...given, id: undefined, fromPort: 23, toPort: 65535 },
    ]);
    expect(remedy?.parameters.authorize).toMatchObject([{ FromPort: 0, ToPort: 21 }, { FromPort: 23 }]);
    expect(remedy?.summary).toMatch(/; keep tcp 0-21 from 0\.0\.0\.0\/0, tcp 23-65535 from 0\.0\.0\.0\/0$/);
  });

  it('B3.22 cuts every watched port, and leaves no empty piece', () => {
    const { remedy } = violationBy(['tcp 22-24 0.0.0.0/0'], { settings: { ...settings, ports: [24, 22] } });

    expect(remedy?.authorize).toMatchObject([{ fromPort: 23, toPort: 23 }]);
  });

  it('B3.24 what is kept is in order', () => {
    expect(fates(['tcp 0-21 0.0.0.0/0', 'tcp 23-65535 0.0.0.0/0'])).toEqual(['keep', 'keep']);
  });

  it('B3.22 narrows and revokes in one change', () => {
    const { remedy } = violationBy(['tcp 22 0.0.0.0/0', 'tcp 20-25 0.0.0.0/0'], { settings });

    expect(remedy?.revoke).toHaveLength(2);
    expect(remedy?.authorize).toHaveLength(2);
    expect(remedy?.action).toBe('narrow-ingress');
  });

  it('leaves a port that is only told about in the kept piece', () => {
    const ports = [22, { port: 3389, action: 'alert' }];
    const { remedy } = violationBy(['tcp 0-4000 0.0.0.0/0'], { settings: { ...settings, ports } });

    expect(remedy?.authorize).toMatchObject([
      { fromPort: 0, toPort: 21 },
      { fromPort: 23, toPort: 4000 },
    ]);
  });
});

describe('other ports', () => {
  it.each([3389, 5985, 5986, 3306, 5432, 1433, 1521, 27017, 6379, 9200, 11211, 2375, 2222])(
    'B3.48 port %i is closed when listed, and nobody’s business when not',
    (port) => {
      expect(fates([`tcp ${port} 0.0.0.0/0`], { settings: { ports: [port] } })).toEqual(['revoke']);
      expect(fates([`tcp ${port} 0.0.0.0/0`])).toEqual(['keep']);
    },
  );

  it('B3.48 a port may be only told about', () => {
    const settings = { ports: [22, { port: 3389, action: 'alert' }] };

    expect(fates(['tcp 3389 0.0.0.0/0', 'tcp 22 ::/0'], { settings })).toEqual(['alert', 'revoke']);
    expect(violationBy(['tcp 3389 0.0.0.0/0'], { settings })).toMatchObject({
      reasonCode: 'admin-port-open-to-world',
      remedy: undefined,
      evidence: [{ why: 'this port is only told about (setting)' }],
    });
  });

  it('B3.48 names every port that a rule opens', () => {
    const verdict = violationBy(['-1 0.0.0.0/0'], { settings: { ports: [3389, 22] } });

    expect(verdict.reason).toMatch(/reach port 22, 3389: all traffic from 0\.0\.0\.0\/0\.$/);
    expect(verdict.reasonCode).toBe('ssh-open-to-world');
    const both = violationBy(['tcp 3389 ::/0', 'tcp 22 ::/0'], { settings: { ports: [3389, 22] } });
    expect(both.reasonCode).toBe('ssh-open-to-world');
  });
});

describe('wide blocks', () => {
  it('B3.10 are told at medium severity by default', () => {
    expect(violationBy(['tcp 22 8.0.0.0/8'])).toMatchObject({
      reasonCode: 'ssh-open-to-wide-range',
      severity: 'medium',
      remedy: undefined,
      reason: expect.stringContaining('lets a large part of the internet reach port 22'),
      evidence: [{ why: 'a large part of the internet, but not all of it' }],
    });
  });

  it('B3.10 go, or are ignored, by setting', () => {
    expect(fates(['tcp 22 8.0.0.0/8'], { settings: { wideBlocks: { action: 'revoke' } } })).toEqual([
      'revoke',
    ]);
    expect(fates(['tcp 22 8.0.0.0/8'], { settings: { wideBlocks: { action: 'ignore' } } })).toEqual(['keep']);
    expect(
      fates(['tcp 22 8.0.0.0/8'], {
        settings: { wideBlocks: { action: 'revoke' }, ports: [{ port: 22, action: 'alert' }] },
      }),
    ).toEqual(['alert']);
  });

  it('B3.10 begin where the setting says, in each family', () => {
    const settings = { wideBlocks: { ipv4: 12, ipv6: 20 } };

    expect(fates(['tcp 22 8.0.0.0/12', 'tcp 22 2a00::/20'], { settings })).toEqual(['alert', 'alert']);
    expect(fates(['tcp 22 8.0.0.0/13', 'tcp 22 2a00::/21'], { settings })).toEqual(['keep', 'keep']);
    expect(fates(['tcp 22 8.8.8.8/32'], { settings: { wideBlocks: { ipv4: 32 } } })).toEqual(['alert']);
  });

  it('B3.10 a wider half beside a closed world does not lower what is said', () => {
    const verdict = violationBy(['tcp 22 8.0.0.0/8', 'tcp 22 0.0.0.0/0']);

    expect(verdict).toMatchObject({ reasonCode: 'ssh-open-to-world', severity: 'high' });
    expect(verdict.remedy?.past).toBe('closed SSH to the world');
  });

  it('one rule may be world for one port and wide for another', () => {
    const rules = ['tcp 22-23 0.0.0.0/1', 'tcp 22 128.0.0.0/1'];
    const verdict = violationBy(rules, { settings: { ports: [23, 22], onWiderRange: 'revoke' } });

    expect(verdict.evidence).toMatchObject([{ treatment: 'revoke' }, { treatment: 'revoke' }]);
    expect(verdict.reasonCode).toBe('ssh-open-to-world');
    expect(verdict.remedy?.past).toBe('closed SSH to the world');
  });
});

it('B3.12 mapped IPv4 is told at low severity', () => {
  expect(violationBy(['tcp 22 ::ffff:0:0/96'])).toMatchObject({
    reasonCode: 'ssh-open-to-mapped-range',
    severity: 'low',
    remedy: undefined,
    reason: expect.stringContaining('every IPv4 address written as IPv6'),
    evidence: [{ why: expect.stringContaining('let nobody in') }],
  });
  expect(violationBy(['tcp 22 ::ffff:0:0/96'], { facts: { shield: 'x' } }).severity).toBe('low');
});

it.each([
  ['tcp 22 pl-1', ['revoke']],
  ['tcp 22-23 pl-1', ['alert']],
])('B3.13 a list that holds the world of both families counts each port once: %s', (text, expected) => {
  const prefixLists = new Map([
    ['pl-1', { kind: 'entries', cidrs: ['0.0.0.0/0', '::/0', '::ffff:0:0/96'] } as const],
  ]);

  expect(fates([text], { facts: { interfaces: 1, prefixLists } })).toEqual(expected);
});
