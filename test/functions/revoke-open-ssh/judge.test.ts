import { describe, expect, it } from 'vitest';
import { fates, rule, verdictOn, violationBy } from './builders.ts';

describe('one rule', () => {
  it.each([
    ['B3.1 tcp 22 from 0.0.0.0/0', 'tcp 22 0.0.0.0/0', 'revoke'],
    ['B3.2 a tcp range that begins below 22 and ends above', 'tcp 20-25 0.0.0.0/0', 'alert'],
    ['B3.2 a range that begins at 22', 'tcp 22-23 0.0.0.0/0', 'alert'],
    ['B3.2 a range that ends at 22', 'tcp 21-22 0.0.0.0/0', 'alert'],
    ['B3.2 all tcp ports', 'tcp 0-65535 0.0.0.0/0', 'alert'],
    ['B3.2 a range just above 22', 'tcp 23-65535 0.0.0.0/0', 'keep'],
    ['B3.2 a range just below 22', 'tcp 0-21 0.0.0.0/0', 'keep'],
    ['B3.3 all traffic, ports absent', '-1 0.0.0.0/0', 'alert'],
    ['B3.3 all traffic, ports -1', '-1 -1/-1 0.0.0.0/0', 'alert'],
    ['B3.3 tcp by its number', '6 22 0.0.0.0/0', 'revoke'],
    ['B3.3 tcp in capitals', 'TCP 22 0.0.0.0/0', 'revoke'],
    ['B3.3 udp by its number', '17 22 0.0.0.0/0', 'keep'],
    ['B3.3 udp', 'udp 22 0.0.0.0/0', 'keep'],
    ['B3.4 icmp type 22', 'icmp 22/0 0.0.0.0/0', 'keep'],
    ['B3.4 icmp by its number', '1 22/22 0.0.0.0/0', 'keep'],
    ['B3.4 icmpv6', 'icmpv6 22/0 ::/0', 'keep'],
    ['B3.4 icmpv6 by its number', '58 22/0 ::/0', 'keep'],
    ['B3.5 another protocol with port fields', '50 22 0.0.0.0/0', 'keep'],
    ['B3.5 another protocol without ports', '47 0.0.0.0/0', 'keep'],
    ['B3.7 ::/0', 'tcp 22 ::/0', 'revoke'],
    ['B3.7 0::/0', 'tcp 22 0::/0', 'revoke'],
    ['B3.7 ::/0 written out', 'tcp 22 0:0:0:0:0:0:0:0/0', 'revoke'],
    ['B3.8 a /0 behind any address', 'tcp 22 203.0.113.9/0', 'revoke'],
    ['B3.10 a /8', 'tcp 22 8.0.0.0/8', 'alert'],
    ['B3.10 a /9', 'tcp 22 8.0.0.0/9', 'keep'],
    ['B3.10 an IPv6 /16', 'tcp 22 2a00::/16', 'alert'],
    ['B3.10 an IPv6 /17', 'tcp 22 2a00::/17', 'keep'],
    ['B3.10 all global unicast IPv6', 'tcp 22 2000::/3', 'alert'],
    ['B3.11 10/8', 'tcp 22 10.0.0.0/8', 'keep'],
    ['B3.11 172.16/12', 'tcp 22 172.16.0.0/12', 'keep'],
    ['B3.11 192.168/16', 'tcp 22 192.168.0.0/16', 'keep'],
    ['B3.11 100.64/10', 'tcp 22 100.64.0.0/10', 'keep'],
    ['B3.11 class E and multicast', 'tcp 22 224.0.0.0/3', 'keep'],
    ['B3.11 fc00::/7', 'tcp 22 fc00::/7', 'keep'],
    ['B3.11 fe80::/10', 'tcp 22 fe80::/10', 'keep'],
    ['B3.11 ff00::/8', 'tcp 22 ff00::/8', 'keep'],
    ['B3.12 IPv4 mapped into IPv6', 'tcp 22 ::ffff:0:0/96', 'alert'],
    ['B3.12 a part of the mapped block', 'tcp 22 ::ffff:8.0.0.0/104', 'keep'],
    ['B3.15 a security group', 'tcp 22 sg-2', 'keep'],
    ['B3.15 all traffic from a security group', '-1 sg-2', 'keep'],
    ['B3.44 443 for a load balancer', 'tcp 443 0.0.0.0/0', 'keep'],
    ['B3.48 80 and 443 unless listed', 'tcp 80-443 0.0.0.0/0', 'keep'],
  ])('%s: %s → %s', (_case, text, fate) => {
    expect(fates([text])).toEqual([fate]);
  });
});

describe('several rules of one group', () => {
  it('B3.1 B3.16 revokes SSH to the world and keeps its neighbours', () => {
    const rules = ['tcp 80 0.0.0.0/0', 'tcp 22 0.0.0.0/0', 'tcp 22 198.18.0.0/15', 'tcp 22 9.9.9.9/32'];

    expect(fates(rules)).toEqual(['keep', 'revoke', 'keep', 'keep']);
    expect(violationBy(rules)).toMatchObject({
      reasonCode: 'ssh-open-to-world',
      severity: 'high',
      reason: 'sg-1 (web) lets the whole internet reach port 22: tcp 22 from 0.0.0.0/0.',
      remedy: { action: 'revoke-ingress', parameters: { groupId: 'sg-1', ruleIds: ['sgr-tcp2200000'] } },
    });
  });

  it.each([
    ['B3.9 two /1 halves', ['tcp 22 0.0.0.0/1', 'tcp 22 128.0.0.0/1'], ['revoke', 'revoke']],
    [
      'B3.9 four /2 quarters in any order',
      ['tcp 22 192.0.0.0/2', 'tcp 22 0.0.0.0/2', 'tcp 22 128.0.0.0/2', 'tcp 22 64.0.0.0/2'],
      ['revoke', 'revoke', 'revoke', 'revoke'],
    ],
    ['B3.9 one half alone is wide only', ['tcp 22 0.0.0.0/1'], ['alert']],
    ['B3.9 halves of IPv6', ['tcp 22 ::/1', 'tcp 22 8000::/1'], ['revoke', 'revoke']],
    ['B3.9 halves of two families are no world', ['tcp 22 0.0.0.0/1', 'tcp 22 8000::/1'], ['alert', 'alert']],
    ['B3.9 halves for two ports are no world', ['tcp 22 0.0.0.0/1', 'tcp 23 128.0.0.0/1'], ['alert', 'keep']],
    [
      'B3.9 halves by a range and by all traffic',
      ['tcp 0-1024 0.0.0.0/1', '-1 128.0.0.0/1'],
      ['alert', 'alert'],
    ],
    [
      'B3.9 everything but private space',
      ['tcp 22 0.0.0.0/1', 'tcp 22 128.0.0.0/2', 'tcp 22 192.0.0.0/3'],
      ['revoke', 'revoke', 'revoke'],
    ],
    [
      'B3.9 an office range inside two halves stays',
      ['tcp 22 0.0.0.0/1', 'tcp 22 9.9.9.9/32', 'tcp 22 128.0.0.0/1', 'tcp 22 10.0.0.0/8'],
      ['revoke', 'keep', 'revoke', 'keep'],
    ],
    [
      'B3.9 the whole world and its halves all go',
      ['tcp 22 0.0.0.0/1', 'tcp 22 0.0.0.0/0', 'tcp 22 128.0.0.0/1'],
      ['revoke', 'revoke', 'revoke'],
    ],
    ['B3.9 a /8 beside the world is wide', ['tcp 22 0.0.0.0/0', 'tcp 22 8.0.0.0/8'], ['revoke', 'alert']],
    ['B3.10 two /9 are a /8', ['tcp 22 8.0.0.0/9', 'tcp 22 8.128.0.0/9'], ['alert', 'alert']],
    ['B3.10 unaligned /9 are none', ['tcp 22 8.128.0.0/9', 'tcp 22 9.0.0.0/9'], ['keep', 'keep']],
    ['B3.10 beside a private /8', ['tcp 22 10.0.0.0/8', 'tcp 22 11.0.0.0/9'], ['keep', 'keep']],
    ['B3.10 an office beside a /8 stays', ['tcp 22 8.0.0.0/8', 'tcp 22 9.0.0.0/32'], ['alert', 'keep']],
    ['B3.17 IPv4 and IPv6 world go together', ['tcp 22 0.0.0.0/0', 'tcp 22 ::/0'], ['revoke', 'revoke']],
    [
      'B3.18 overlapping rules are each revoked or told',
      ['tcp 22 0.0.0.0/0', 'tcp 0-1024 0.0.0.0/0', '-1 0.0.0.0/0'],
      ['revoke', 'alert', 'alert'],
    ],
  ])('%s', (_case, rules, expected) => {
    expect(fates(rules)).toEqual(expected);
  });

  it('B3.17 B3.18 asks for one change over all rules that go', () => {
    const { remedy } = violationBy(['tcp 22 0.0.0.0/0', '-1 0.0.0.0/0', 'tcp 22 ::/0']);

    expect(remedy?.parameters).toEqual({ groupId: 'sg-1', ruleIds: ['sgr-tcp2200000', 'sgr-tcp220'] });
  });

  it('B3.18 says what stays open', () => {
    const { advice } = violationBy(['tcp 22 0.0.0.0/0', '-1 0.0.0.0/0'], { facts: { interfaces: 2 } });

    expect(advice).toContain(
      'Port 22 stays open by sgr-100000: it opens more than that, and 2 network interfaces use the group: ' +
        'a person has to decide.',
    );
  });

  it('says who may still reach the port', () => {
    const { advice } = violationBy([
      'tcp 22 0.0.0.0/0',
      'tcp 22 9.9.9.9/32',
      'tcp 22 sg-2',
      'tcp 80 8.8.8.8/32',
    ]);

    expect(advice).toContain('Port 22 is still allowed from 9.9.9.9/32, sg-2.');
  });

  it('B3.28 a new or default group without open rules is in order', () => {
    expect(verdictOn(['-1 sg-1'], { group: { name: 'default' } })).toEqual({
      verdict: 'compliant',
      reasonCode: 'not-open',
      reason: 'sg-1 (default) does not let the world reach port 22.',
      evidence: [],
    });
    expect(verdictOn([], { group: { name: undefined }, settings: { ports: [22, 3389] } }).reason).toBe(
      'sg-1 does not let the world reach port 22, 3389.',
    );
  });
});

describe('what cannot be told', () => {
  it.each([
    ['B3.6 tcp without ports', 'tcp 0.0.0.0/0', /ports are missing or out of order/],
    ['B3.6 ports out of order', 'tcp 23-21 0.0.0.0/0', /ports are missing or out of order/],
    ['B3.6 ports below zero', 'tcp -1/-1 0.0.0.0/0', /ports are missing or out of order/],
    ['a source that is no block', 'tcp 22 10/8', /10\/8 is not a CIDR block/],
    ['B3.13 a prefix list that was not read', 'tcp 22 pl-1', /prefix list pl-1 was not read/],
  ])('%s is unknown, not a reason to act', (_case, text, reason) => {
    const verdict = verdictOn([text]);

    expect(verdict).toMatchObject({ verdict: 'unknown', reasonCode: 'not-readable' });
    expect(verdict.reason).toMatch(/^It cannot be told whether sg-1 \(web\) is open to the world: /);
    expect(verdict.reason).toMatch(reason);
    expect(verdict.evidence).toMatchObject([{ ruleId: rule(text).id, treatment: 'alert' }]);
  });

  it('B3.6 a half-known port range is unknown too', () => {
    expect(verdictOn([rule('tcp 22 0.0.0.0/0', { toPort: undefined })]).verdict).toBe('unknown');
    expect(verdictOn([rule('tcp 22 0.0.0.0/0', { fromPort: undefined })]).verdict).toBe('unknown');
  });

  it('does not keep a clear violation from being closed', () => {
    const verdict = violationBy(['tcp 22 0.0.0.0/0', 'tcp 22 pl-1']);

    expect(verdict.remedy?.parameters).toEqual({ groupId: 'sg-1', ruleIds: ['sgr-tcp2200000'] });
    expect(verdict.evidence).toHaveLength(2);
    expect(verdict.advice).toContain('Rule sgr-tcp22pl1 was not judged: prefix list pl-1 was not read.');
  });
});

describe('prefix lists', () => {
  const listed = (...cidrs: string[]) => ({
    facts: { prefixLists: new Map([['pl-1', { kind: 'entries' as const, cidrs }]]) },
  });

  it('B3.13 a list that holds the world is the world', () => {
    const verdict = violationBy(['tcp 22 pl-1', 'tcp 80 pl-1'], listed('9.9.9.9/32', '0.0.0.0/0'));

    expect(verdict.remedy?.parameters).toEqual({ groupId: 'sg-1', ruleIds: ['sgr-tcp22pl1'] });
    expect(verdict.advice).toContain('Take the world out of prefix list pl-1, then its rule may come back.');
  });

  it('B3.13 B3.9 halves in a list, or one in a list and one in a rule, are the world', () => {
    expect(fates(['tcp 22 pl-1'], listed('0.0.0.0/1', '128.0.0.0/1'))).toEqual(['revoke']);
    expect(fates(['tcp 22 pl-1', 'tcp 22 128.0.0.0/1'], listed('0.0.0.0/1'))).toEqual(['revoke', 'revoke']);
  });

  it('B3.13 a list of offices is in order', () => {
    expect(verdictOn(['tcp 22 pl-1'], listed('9.9.9.9/32', '10.0.0.0/8')).verdict).toBe('compliant');
  });

  it("B3.13 AWS's own lists are allowed", () => {
    const facts = { prefixLists: new Map([['pl-1', { kind: 'aws' as const }]]) };

    expect(verdictOn(['tcp 22 pl-1'], { facts }).verdict).toBe('compliant');
  });

  it('B3.13 a list that cannot be read is told as such', () => {
    const facts = { prefixLists: new Map([['pl-1', { kind: 'unreadable' as const, why: 'denied' }]]) };

    expect(verdictOn(['tcp 22 pl-1'], { facts })).toMatchObject({
      verdict: 'unknown',
      reason: expect.stringMatching(/prefix list pl-1 cannot be read: denied\.$/),
    });
  });

  it('B3.13 an entry that is no block makes the list unclear', () => {
    expect(verdictOn(['tcp 22 pl-1'], listed('0.0.0.0/0', 'x')).verdict).toBe('unknown');
  });
});
