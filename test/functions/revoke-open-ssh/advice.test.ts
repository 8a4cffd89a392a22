import { describe, expect, it } from 'vitest';
import { permissionOf, ruleText } from '../../../functions/revoke-open-ssh/rule.ts';
import { rule, verdictOn, violationBy } from './builders.ts';

const OPEN = ['tcp 22 0.0.0.0/0'];

describe('the change', () => {
  it('B3.1 names rule, group, how to take it back, and all that an undo needs', () => {
    const given = rule('sgr-a=tcp 22 0.0.0.0/0', {
      description: 'mine',
      tags: new Map([['__proto__', 'x']]),
    });

    expect(violationBy([given]).remedy).toEqual({
      action: 'revoke-ingress',
      summary: 'Revoke tcp 22 from 0.0.0.0/0 (sgr-a)',
      past: 'closed SSH to the world',
      fingerprint: 'sgr-a',
      repeatKey: 'tcp 22-22 ipv4 0-4294967295',
      before: {
        groupId: 'sg-1',
        rules: [
          {
            ruleId: 'sgr-a',
            permission: {
              IpProtocol: 'tcp',
              FromPort: 22,
              ToPort: 22,
              IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'mine' }],
            },
            tags: [{ Key: '__proto__', Value: 'x' }],
          },
        ],
      },
      undo: 'Authorize again on sg-1: tcp 22 from 0.0.0.0/0.',
      parameters: { groupId: 'sg-1', ruleIds: ['sgr-a'] },
      groupId: 'sg-1',
      revoke: [given],
      authorize: [],
    });
  });

  it('B3.20 keeps each kind of source in the shape that EC2 takes', () => {
    const lists = new Map([['pl-1', { kind: 'entries' as const, cidrs: ['0.0.0.0/0'] }]]);
    const rules = ['tcp 22 ::/0', 'tcp 22 pl-1', '-1 0.0.0.0/0'];
    const { remedy } = violationBy(rules, { facts: { prefixLists: lists, interfaces: 0 } });

    expect(remedy?.before).toMatchObject({
      rules: [
        { permission: { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] } },
        { permission: { PrefixListIds: [{ PrefixListId: 'pl-1' }] } },
        { permission: { Ipv6Ranges: [{ CidrIpv6: '::/0' }] } },
      ],
    });
  });

  it('B3.20 leaves out a description that there is none of', () => {
    expect(violationBy(OPEN).remedy?.before).toStrictEqual({
      groupId: 'sg-1',
      rules: [
        {
          ruleId: 'sgr-tcp2200000',
          permission: { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
          tags: [],
        },
      ],
    });
  });

  it('B3.19 names exact permissions when one id is unknown, never both', () => {
    const rules = [rule('tcp 22 0.0.0.0/0', { id: undefined }), rule('tcp 22 ::/0')];
    const { remedy } = violationBy(rules);

    expect(remedy?.parameters).toEqual({
      groupId: 'sg-1',
      permissions: [
        { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
        { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
      ],
    });
    expect(remedy?.summary).toBe('Revoke tcp 22 from 0.0.0.0/0, tcp 22 from ::/0 (sgr-tcp220)');
  });

  it('B3.41 repeats under one key, whatever the id or spelling; its fingerprint is its ids in order', () => {
    const change = (...rules: readonly string[]) => violationBy(rules).remedy;
    const first = change('sgr-b=tcp 22 0.0.0.0/0', 'sgr-a=tcp 22 ::/0');
    const again = change('sgr-c=6 22 ::/0', 'sgr-d=tcp 22 203.0.113.9/0');

    expect(again?.repeatKey).toBe(first?.repeatKey);
    expect(first?.fingerprint).toBe('sgr-a sgr-b');
    expect(violationBy([rule('tcp 22 0.0.0.0/0', { id: undefined })]).remedy?.fingerprint).toBe(
      'tcp 22-22 ipv4 0-4294967295',
    );
    expect(violationBy(['-1 ::/0'], { facts: { interfaces: 0 } }).remedy?.repeatKey).toMatch(/^-1 - ipv6 0-/);
    expect(change('tcp 22 0.0.0.0/0')?.repeatKey).not.toBe(change('tcp 22 ::/0')?.repeatKey);
  });

  it('says in the past what was closed', () => {
    const past = (rules: readonly string[], settings: object) =>
      violationBy(rules, { settings }).remedy?.past;

    expect(past(['tcp 3389 ::/0', 'tcp 22 ::/0'], { ports: [3389, 22] })).toBe(
      'closed SSH, port 3389 to the world',
    );
    expect(past(['tcp 22 8.0.0.0/8', 'tcp 22 ::/0'], { wideBlocks: { action: 'revoke' } })).toBe(
      'closed SSH to a wide range',
    );
    expect(past(['tcp 22 8.0.0.0/8'], { wideBlocks: { action: 'revoke' } })).toBe(
      'closed SSH to a wide range',
    );
  });
});

describe('the severity', () => {
  const severity = (text: string, shield?: string) => violationBy([text], { facts: { shield } }).severity;

  it('B3.46 is lower, not gone, while nobody can use the opening', () => {
    expect(severity('tcp 22 0.0.0.0/0')).toBe('high');
    expect(severity('tcp 22 0.0.0.0/0', 'no public address')).toBe('medium');
    expect(severity('tcp 22 8.0.0.0/8')).toBe('medium');
    expect(severity('tcp 22 8.0.0.0/8', 'no public address')).toBe('low');
  });

  it('B3.46 says that exposure is one change away', () => {
    expect(violationBy(OPEN, { facts: { shield: 'no route' } }).advice).toContain(
      'Nobody can use it right now (no route), but that is one change away.',
    );
    expect(violationBy(OPEN).advice.join()).not.toMatch(/right now/);
  });
});

describe('the advice', () => {
  it('B3.47 says that existing sessions continue when something is closed', () => {
    const sessions = expect.stringContaining('Existing SSH sessions continue');

    expect(violationBy(OPEN).advice).toContainEqual(sessions);
    expect(violationBy(['-1 ::/0']).advice).not.toContainEqual(sessions);
  });

  it.each([
    ['203.0.113.9', 'allow only 203.0.113.9/32, or use SSM Session Manager'],
    ['2001:db8::9', 'allow only 2001:db8::9/128, or use SSM'],
    [undefined, 'allow the addresses that need it, or use SSM'],
  ])('B3.30 B3.31 tells caller %s what to do instead', (callerAddress, text) => {
    const { advice } = violationBy(OPEN, { group: { callerAddress, name: 'launch-wizard-12' } });

    expect(advice).toContainEqual(expect.stringContaining(text));
    expect(advice).toContainEqual(expect.stringContaining('EC2 Instance Connect Endpoint'));
    expect(advice).toContain('The console’s launch wizard made this group.');
  });

  it('B3.30 takes nothing else for the launch wizard', () => {
    for (const name of ['launch-wizard', 'my-launch-wizard-1', 'launch-wizard-1-b', undefined]) {
      expect(violationBy(OPEN, { group: { name } }).advice.join()).not.toMatch(/launch wizard/);
    }
  });

  it('B3.28 names a default group', () => {
    expect(violationBy(OPEN, { group: { name: 'default' } }).advice.join()).toMatch(
      /default group of its VPC/,
    );
    expect(violationBy(OPEN).advice.join()).not.toMatch(/default group/);
  });

  it('B3.42 names the CloudFormation stack that will drift', () => {
    const tags = new Map([['aws:cloudformation:stack-name', 'shop']]);

    expect(violationBy(OPEN, { group: { tags } }).advice.join()).toMatch(
      /CloudFormation stack shop made this group/,
    );
  });

  it.each([
    ['aws:elasticmapreduce:job-flow-id', 'Amazon EMR'],
    ['aws:eks:cluster-name', 'Kubernetes (EKS)'],
    ['kubernetes.io/cluster/a', 'Kubernetes (EKS)'],
    ['elasticbeanstalk:environment-id', 'Elastic Beanstalk'],
    ['elbv2.k8s.aws/cluster', 'a load balancer controller'],
  ])('B3.44 closes SSH on a group that a service manages by %s, and says who', (key, manager) => {
    const { advice, remedy } = violationBy(['tcp 22 0.0.0.0/0', 'tcp 443 0.0.0.0/0'], {
      group: {
        tags: new Map([
          ['team', 'a'],
          [key, 'x'],
        ]),
      },
    });

    expect(remedy?.revoke).toHaveLength(1);
    expect(advice).toContain(`${manager} manages this group and may open it again.`);
  });

  it('says nothing about who manages an ordinary group', () => {
    expect(violationBy(OPEN, { group: { tags: new Map([['team', 'eks']]) } }).advice.join()).not.toMatch(
      /manages/,
    );
  });

  it('says that something stays, or is still allowed, only where that is so', () => {
    expect(violationBy([...OPEN, 'tcp 80 9.9.9.9/32']).advice.join()).not.toMatch(/stays open|still allowed/);
  });

  it('B3.12 speaks of prefix lists only where one is concerned', () => {
    expect(violationBy(OPEN).advice.join()).not.toMatch(/prefix list/);
  });
});

describe('groups that are not ours to change', () => {
  it('B3.43 tells about the group of another account', () => {
    const verdict = violationBy(OPEN, { group: { ownedHere: false, ownerId: '999988887777' } });

    expect(verdict).toMatchObject({
      severity: 'high',
      remedy: undefined,
      evidence: [{ treatment: 'alert', why: 'account 999988887777 owns the group' }],
    });
  });

  it('B3.43 lists further VPCs, and leaves such a group by setting', () => {
    const facts = { otherVpcs: ['vpc-2', 'vpc-3'] };
    const verdict = violationBy(OPEN, { facts });

    expect(verdict.remedy).toBeDefined();
    expect(verdict.advice).toContain('The group is also used in vpc-2, vpc-3.');
    expect(violationBy(OPEN).advice.join()).not.toMatch(/also used/);
    expect(violationBy(OPEN, { facts, settings: { sharedGroups: 'alert' } }).remedy).toBeUndefined();
    expect(violationBy(OPEN, { settings: { sharedGroups: 'alert' } }).remedy).toBeDefined();
  });

  it('B3.44 only tells about a group of Firewall Manager', () => {
    const name = 'FMManagedSecurityGroup53ece283-sg-0dd335a5b5df3b16e';
    const verdict = violationBy(OPEN, { group: { name } });

    expect(verdict.remedy).toBeUndefined();
    expect(verdict.evidence[0]?.why).toMatch(/Firewall Manager manages the group/);
    expect(violationBy(OPEN, { group: { name: 'my FMManaged' } }).remedy).toBeDefined();
    expect(violationBy(OPEN, { group: { name: undefined } }).remedy).toBeDefined();
  });
});

it('the evidence names each rule concerned', () => {
  const given = rule('tcp 22 0.0.0.0/0', { description: 'mine' });

  expect(violationBy([given, '-1 ::/0', 'tcp 80 ::/0']).evidence).toEqual([
    {
      ruleId: given.id,
      protocol: 'tcp',
      fromPort: 22,
      toPort: 22,
      source: '0.0.0.0/0',
      description: 'mine',
      treatment: 'revoke',
      why: 'it opens nothing but what must not be open',
    },
    {
      ruleId: 'sgr-10',
      protocol: '-1',
      fromPort: null,
      toPort: null,
      source: '::/0',
      description: null,
      treatment: 'alert',
      why: expect.any(String),
    },
  ]);
  expect(verdictOn([rule('tcp 22 x', { id: undefined })]).evidence).toMatchObject([{ ruleId: null }]);
});

it('a rule without an id is told by its text', () => {
  const rules = [rule('-1 ::/0', { id: undefined }), rule('tcp 22 x', { id: undefined })];

  expect(violationBy(rules).advice.join()).toMatch(/stays open by a rule: .*Rule without id was not judged/);
});

it('texts name protocol, ports and source', () => {
  const reason = (text: string) => violationBy([text]).reason;

  expect(reason('6 20-25 ::/0')).toMatch(/: tcp 20-25 from ::\/0\.$/);
  expect(reason('-1 -1/-1 ::/0')).toMatch(/: all traffic from ::\/0\.$/);
  expect(reason('6 0-65535 ::/0')).toMatch(/: tcp 0-65535 from/);
  expect(ruleText(rule('udp 53 sg-2'))).toBe('udp 53 from sg-2');
  expect(permissionOf(rule('-1 sg-2'))).toEqual({
    IpProtocol: '-1',
    UserIdGroupPairs: [{ GroupId: 'sg-2' }],
  });
});
