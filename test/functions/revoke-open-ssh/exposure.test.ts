import type { NetworkAclEntry, NetworkInterface } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { NO_NETWORK, shieldOf } from '../../../functions/revoke-open-ssh/exposure.ts';
import {
  aclFrom,
  judgeAcl,
  type NetworkAcl,
  openings,
} from '../../../functions/revoke-open-ssh/network-acl.ts';
import { set } from './builders.ts';

const eni: NetworkInterface = {
  VpcId: 'vpc-1',
  SubnetId: 'subnet-1',
  Association: { PublicIp: '198.51.100.9' },
};
const igw = { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1' };
const local = { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local' };
const nat = { DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-1' };
const main = { VpcId: 'vpc-1', Associations: [{ Main: true }] };
const own = { VpcId: 'vpc-1', Associations: [{ Main: false, SubnetId: 'subnet-1' }] };

/** `100 in allow 6 22 0.0.0.0/0`; `-1` takes no ports. */
function entries(...lines: readonly string[]): NetworkAclEntry[] {
  return lines.map((line) => {
    const [number, way, action, protocol = '', ports = '', source = ports] = line.split(' ');
    const [from, to = from] = ports.split('-').map(Number);
    return {
      RuleNumber: Number(number),
      Egress: way === 'out',
      RuleAction: action === 'allow' ? 'allow' : 'deny',
      Protocol: protocol,
      ...(source === ports || from === undefined || to === undefined
        ? {}
        : { PortRange: { From: from, To: to } }),
      ...(source.includes(':') ? { Ipv6CidrBlock: source } : { CidrBlock: source }),
    };
  });
}

const OUT = '100 out allow -1 0.0.0.0/0';
const LAST = ['32767 in deny -1 0.0.0.0/0', '32767 out deny -1 0.0.0.0/0'];

describe('B3.46 what shields an open group', () => {
  it('nothing that uses it', () => {
    expect(shieldOf([], NO_NETWORK, [22])).toBe('no network interface uses the group');
  });

  it('no public address', () => {
    const hidden = {
      VpcId: 'vpc-1',
      SubnetId: 'subnet-1',
      PrivateIpAddresses: [{ PrivateIpAddress: '10.0.0.1' }],
    };

    expect(shieldOf([hidden], NO_NETWORK, [22])).toMatch(/has a public address/);
    expect(shieldOf([hidden, eni], NO_NETWORK, [22])).toBeUndefined();
    expect(
      shieldOf([{ ...hidden, Ipv6Addresses: [{ Ipv6Address: '2a00::1' }] }], NO_NETWORK, [22]),
    ).toBeUndefined();
    const second = { PrivateIpAddresses: [{}, { Association: { PublicIp: '198.51.100.9' } }] };
    expect(shieldOf([{ ...hidden, ...second }], NO_NETWORK, [22])).toBeUndefined();
  });

  it('VPC Block Public Access, when it is certain', () => {
    expect(shieldOf([eni], { ...NO_NETWORK, shut: true }, [22])).toBe('VPC Block Public Access is on');
    expect(shieldOf([eni], { ...NO_NETWORK, shut: false }, [22])).toBeUndefined();
  });

  it.each([
    ['the main table leads out', [{ ...main, Routes: [local, igw] }], undefined],
    ['the main table leads nowhere', [{ ...main, Routes: [local, nat] }], /no route to an internet gateway/],
    [
      'the subnet has its own table that leads out',
      [
        { ...main, Routes: [] },
        { ...own, Routes: [igw] },
      ],
      undefined,
    ],
    [
      'its own table leads nowhere',
      [
        { ...main, Routes: [igw] },
        { ...own, Routes: [nat] },
      ],
      /no route/,
    ],
    ['the main table of another VPC', [{ ...main, VpcId: 'vpc-2', Routes: [] }], undefined],
    [
      'the table of another subnet',
      [
        { VpcId: 'vpc-1', Associations: [{ SubnetId: 'subnet-2' }], Routes: [igw] },
        { ...main, Routes: [] },
      ],
      /no route/,
    ],
    ['a table without routes', [main], /no route/],
    [
      'an IPv6 route leads out',
      [{ ...main, Routes: [{ DestinationIpv6CidrBlock: '::/0', GatewayId: 'igw-1' }] }],
      undefined,
    ],
    ['the tables are not known', undefined, undefined],
    ['no table is found', [], undefined],
    ['a table without associations', [{ VpcId: 'vpc-1' }], undefined],
  ])('a missing route: %s', (_case, routeTables, expected) => {
    const shield = shieldOf([eni], { ...NO_NETWORK, routeTables }, [22]);

    if (expected === undefined) expect(shield).toBeUndefined();
    else expect(shield).toMatch(expected);
  });

  it('a network ACL that stops every watched port', () => {
    const Associations = [{ SubnetId: 'subnet-1' }];
    const acls = (...lines: readonly string[]) => ({
      ...NO_NETWORK,
      acls: [{ Associations, Entries: entries(...lines) }],
    });

    expect(shieldOf([eni], acls('1 in deny 6 22 0.0.0.0/0', '100 in allow -1 0.0.0.0/0', OUT), [22])).toMatch(
      /ACL/,
    );
    expect(
      shieldOf([eni], acls('1 in deny 6 22 0.0.0.0/0', '100 in allow -1 0.0.0.0/0', OUT), [22, 3389]),
    ).toBeUndefined();
    expect(
      shieldOf(
        [eni],
        { ...NO_NETWORK, acls: [{ Associations: [{ SubnetId: 'subnet-2' }], Entries: [] }] },
        [22],
      ),
    ).toBeUndefined();
    expect(shieldOf([eni], { ...NO_NETWORK, acls: [{ Entries: [] }] }, [22])).toBeUndefined();
    expect(shieldOf([eni], { ...NO_NETWORK, acls: [{ Associations }] }, [22])).toMatch(/ACL/);
  });

  it('every reachable interface has to be shielded', () => {
    const other = { ...eni, VpcId: 'vpc-2', SubnetId: 'subnet-2' };
    const routeTables = [
      { ...main, Routes: [] },
      { VpcId: 'vpc-2', Associations: [{ Main: true }], Routes: [igw] },
    ];

    expect(shieldOf([eni, other], { ...NO_NETWORK, routeTables }, [22])).toBeUndefined();
    expect(shieldOf([eni], { ...NO_NETWORK, routeTables }, [22])).toMatch(/no route/);
  });
});

describe('B3.49 a network ACL', () => {
  it.each<[string, boolean, ...string[]]>([
    ['that allows all', true, '100 in allow -1 0.0.0.0/0', OUT, ...LAST],
    ['that allows the port', true, '100 in allow 6 22 0.0.0.0/0', OUT, ...LAST],
    ['that allows a range around it', true, '100 in allow 6 20-25 0.0.0.0/0', OUT, ...LAST],
    ['that allows a range above it', false, '100 in allow 6 23-25 0.0.0.0/0', OUT, ...LAST],
    ['that allows a range below it', false, '100 in allow 6 20-21 0.0.0.0/0', OUT, ...LAST],
    ['that allows udp', false, '100 in allow 17 22 0.0.0.0/0', OUT, ...LAST],
    ['that allows a part of the internet', true, '100 in allow 6 22 8.0.0.0/8', OUT, ...LAST],
    ['that allows private space', false, '100 in allow 6 22 10.0.0.0/8', OUT, ...LAST],
    ['that denies first', false, '90 in deny 6 22 0.0.0.0/0', '100 in allow 6 22 0.0.0.0/0', OUT, ...LAST],
    ['that denies later', true, '110 in deny 6 22 0.0.0.0/0', '100 in allow 6 22 0.0.0.0/0', OUT, ...LAST],
    [
      'listed in another order',
      false,
      '100 in allow 6 22 0.0.0.0/0',
      '90 in deny -1 0.0.0.0/0',
      OUT,
      ...LAST,
    ],
    [
      'that denies a part first',
      true,
      '90 in deny 6 22 0.0.0.0/1',
      '100 in allow 6 22 0.0.0.0/0',
      OUT,
      ...LAST,
    ],
    [
      'that denies IPv4 but allows IPv6',
      true,
      '90 in deny -1 0.0.0.0/0',
      '91 in allow -1 ::/0',
      OUT,
      ...LAST,
    ],
    [
      'that denies another port first',
      true,
      '90 in deny 6 23 0.0.0.0/0',
      '100 in allow -1 0.0.0.0/0',
      OUT,
      ...LAST,
    ],
    ['whose source cannot be read', false, '100 in allow -1 x', OUT, ...LAST],
    ['without a way out', false, '100 in allow -1 0.0.0.0/0', ...LAST],
    [
      'with a way out for some answers',
      true,
      '100 in allow -1 0.0.0.0/0',
      '90 out allow 6 32768-65535 0.0.0.0/0',
      ...LAST,
    ],
    [
      'with a way out for no answers',
      false,
      '100 in allow -1 0.0.0.0/0',
      '90 out allow 6 443 0.0.0.0/0',
      ...LAST,
    ],
    [
      'whose way out is partly denied',
      true,
      '100 in allow -1 0.0.0.0/0',
      '90 out deny 6 1024-2000 0.0.0.0/0',
      OUT,
      ...LAST,
    ],
    [
      'whose way out is denied',
      false,
      '100 in allow -1 0.0.0.0/0',
      '90 out deny 6 0-65535 0.0.0.0/0',
      OUT,
      ...LAST,
    ],
  ])('%s: open is %s', (_case, open, ...lines) => {
    expect(openings(entries(...lines), 22) !== undefined).toBe(open);
  });

  const acl = (...lines: readonly string[]): NetworkAcl => ({
    type: 'AWS::EC2::NetworkAcl',
    id: 'acl-1',
    arn: 'arn:aws:ec2:eu-west-1:111122223333:network-acl/acl-1',
    name: undefined,
    tags: new Map(),
    entries: entries(...lines),
    subnetIds: ['subnet-1'],
  });

  it('is only told about, at low severity', () => {
    expect(judgeAcl(acl('100 in allow 6 22 0.0.0.0/0', OUT, ...LAST), set())).toMatchObject({
      verdict: 'violation',
      reasonCode: 'acl-open',
      severity: 'low',
      remedy: undefined,
      advice: [expect.stringMatching(/nothing is changed in network ACLs/)],
      reason: 'acl-1 lets the internet through to port 22 in subnet-1.',
      evidence: [
        {
          port: 22,
          ruleNumber: 100,
          egress: false,
          source: '0.0.0.0/0',
          treatment: 'alert',
          why: expect.stringMatching(/no rule that could be revoked/),
        },
        { port: 22, ruleNumber: 100, egress: true },
      ],
    });
    expect(judgeAcl(acl(...LAST), set())).toEqual({
      verdict: 'compliant',
      reasonCode: 'acl-not-open',
      reason: 'acl-1 stops the internet on its way to the watched ports.',
      evidence: [],
    });
  });

  it('is read as EC2 tells it', () => {
    const place = { partition: 'aws-cn', account: '111122223333', region: 'cn-north-1' };
    const told = {
      NetworkAclId: 'acl-1',
      OwnerId: '999988887777',
      Entries: entries(OUT),
      Tags: [{ Key: 'a', Value: 'b' }],
    };

    expect(aclFrom({ ...told, Associations: [{ SubnetId: 'subnet-1' }, {}] }, place)).toStrictEqual({
      type: 'AWS::EC2::NetworkAcl',
      id: 'acl-1',
      arn: 'arn:aws-cn:ec2:cn-north-1:999988887777:network-acl/acl-1',
      name: undefined,
      tags: new Map([['a', 'b']]),
      entries: entries(OUT),
      subnetIds: ['subnet-1'],
    });
    expect(aclFrom({}, place)).toMatchObject({ arn: expect.stringContaining('111122223333'), entries: [] });
  });

  it('names only the ports that it lets through', () => {
    const verdict = judgeAcl(acl('100 in allow 6 3389 ::/0', OUT, ...LAST), set({ ports: [22, 3389] }));

    expect(verdict.reason).toMatch(/to port 3389 in/);
    const nowhere = { ...acl('100 in allow -1 ::/0', OUT), subnetIds: [] };
    expect(judgeAcl(nowhere, set()).reason).toMatch(/in no subnet yet\.$/);
  });
});
