import { expect, it } from 'vitest';
import { calls } from '../../../functions/revoke-open-ssh/calls.ts';
import type { ResourceRef } from '../../../shared/engine/signal.ts';

function refs(
  eventName: string,
  request: unknown,
  response: unknown = null,
  eventSource = 'ec2.amazonaws.com',
) {
  const call = { eventSource, eventName, errorCode: undefined, request, response };
  return calls[eventName]?.(call) ?? [];
}

function ids(found: readonly ResourceRef[]): readonly string[] {
  return found.map(({ type, id }) => `${type.replace('AWS::EC2::', '')} ${id}`);
}

const item = {
  groupId: 'sg-1',
  securityGroupRuleId: 'sgr-1',
  isEgress: false,
  ipProtocol: 'tcp',
  fromPort: 22,
  toPort: 22,
  cidrIpv4: '0.0.0.0/0',
};

it('B3.19 B3.25 an authorize call names its group and the rules of its response', () => {
  const request = { groupId: 'sg-1', ipPermissions: { items: [{ ipProtocol: 'tcp', ipRanges: {} }] } };
  const items = [
    item,
    { ...item, securityGroupRuleId: 'sgr-2', cidrIpv4: undefined, cidrIpv6: '::/0', description: 'v6' },
    { ...item, securityGroupRuleId: 'sgr-3', cidrIpv4: undefined, prefixListId: 'pl-1' },
    { ...item, securityGroupRuleId: 'sgr-4', cidrIpv4: undefined, referencedGroupInfo: { groupId: 'sg-2' } },
  ];

  expect(
    refs('AuthorizeSecurityGroupIngress', request, { _return: true, securityGroupRuleSet: { items } }),
  ).toEqual([
    {
      type: 'AWS::EC2::SecurityGroup',
      id: 'sg-1',
      hint: {
        added: [
          rule('sgr-1', { kind: 'cidr', cidr: '0.0.0.0/0' }),
          { ...rule('sgr-2', { kind: 'cidr', cidr: '::/0' }), description: 'v6' },
          rule('sgr-3', { kind: 'prefix-list', id: 'pl-1' }),
          rule('sgr-4', { kind: 'security-group', id: 'sg-2' }),
        ],
      },
    },
  ]);
});

function rule(id: string, source: object) {
  const ports = { protocol: 'tcp', fromPort: 22, toPort: 22 };
  return { id, ...ports, source, description: undefined, tags: new Map() };
}

it.each([
  ['B3.25 the flat form', { groupId: 'sg-1', cidrIp: '0.0.0.0/0', fromPort: 22, ipPermissions: {} }, null],
  ['B3.25 empty sets', { groupId: 'sg-1', ipPermissions: {} }, { _return: true, securityGroupRuleSet: {} }],
  ['B3.34 no response', { groupId: 'sg-1' }, null],
  ['B3.34 a response without success', { groupId: 'sg-1' }, { _return: false }],
  [
    'B3.27 an egress rule',
    { groupId: 'sg-1' },
    { securityGroupRuleSet: { items: [{ ...item, isEgress: true }] } },
  ],
  [
    'B3.6 a rule without a protocol',
    { groupId: 'sg-1' },
    { securityGroupRuleSet: { items: [{ ...item, ipProtocol: null }] } },
  ],
  [
    'a rule without a source',
    { groupId: 'sg-1' },
    { securityGroupRuleSet: { items: [{ ...item, cidrIpv4: null }] } },
  ],
])('%s leaves the decision to the group', (_case, request, response) => {
  expect(refs('AuthorizeSecurityGroupIngress', request, response)).toEqual([
    { type: 'AWS::EC2::SecurityGroup', id: 'sg-1', hint: { added: [] } },
  ]);
});

it('B3.6 ports that are no numbers are not guessed', () => {
  const items = [{ ...item, fromPort: '22', toPort: null }];
  const [found] = refs(
    'AuthorizeSecurityGroupIngress',
    { groupId: 'sg-1' },
    { securityGroupRuleSet: { items } },
  );

  expect(found?.hint).toMatchObject({ added: [{ fromPort: undefined, toPort: undefined }] });
});

it('B3.32 a group may be named instead', () => {
  expect(ids(refs('AuthorizeSecurityGroupIngress', { groupName: 'legacy', ipPermissions: {} }))).toEqual([
    'SecurityGroup legacy',
  ]);
});

it('B3.32 where the call names a group, the id is taken from the answer', () => {
  const items = [{ ...item, groupId: 'sg-7' }];
  const found = refs(
    'AuthorizeSecurityGroupIngress',
    { groupName: 'mine' },
    { securityGroupRuleSet: { items } },
  );

  expect(ids(found)).toEqual(['SecurityGroup sg-7']);
});

it('B5.14 an authorize call that names no group is malformed', () => {
  expect(() => refs('AuthorizeSecurityGroupIngress', { ipPermissions: {} })).toThrow(/a group id or name/);
});

it.each([
  [
    'B3.26 a modify call with one rule',
    'ModifySecurityGroupRules',
    {
      ModifySecurityGroupRulesRequest: {
        GroupId: 'sg-1',
        SecurityGroupRule: {
          SecurityGroupRuleId: 'sgr-1',
          SecurityGroupRule: { CidrIpv4: '0.0.0.0/0' },
          tag: 1,
        },
      },
    },
    ['SecurityGroup sg-1'],
  ],
  [
    'B3.26 a modify call with several',
    'ModifySecurityGroupRules',
    { ModifySecurityGroupRulesRequest: { GroupId: 'sg-1', SecurityGroupRule: [{ tag: 1 }, { tag: 2 }] } },
    ['SecurityGroup sg-1'],
  ],
  [
    'B3.14 a changed prefix list',
    'ModifyManagedPrefixList',
    { ModifyManagedPrefixListRequest: { PrefixListId: 'pl-1', AddEntry: { Cidr: '0.0.0.0/0', tag: 1 } } },
    ['PrefixList pl-1'],
  ],
  [
    'B3.14 a restored prefix list',
    'RestoreManagedPrefixListVersion',
    { RestoreManagedPrefixListVersionRequest: { PrefixListId: 'pl-1', PreviousVersion: 1 } },
    ['PrefixList pl-1'],
  ],
  [
    'B3.29 groups given to an instance',
    'ModifyInstanceAttribute',
    {
      instanceId: 'i-1',
      groupSet: { items: [{ groupId: 'sg-1' }, { groupId: 'sg-2' }, { groupId: 'sg-1' }] },
    },
    ['SecurityGroup sg-1', 'SecurityGroup sg-2'],
  ],
  ['B3.29 another attribute', 'ModifyInstanceAttribute', { instanceId: 'i-1', groupSet: {} }, []],
  [
    'B3.29 groups given to an interface',
    'ModifyNetworkInterfaceAttribute',
    { networkInterfaceId: 'eni-1', groupSet: { items: [{ groupId: 'sg-1' }] } },
    ['SecurityGroup sg-1'],
  ],
  [
    'B3.29 a new interface',
    'CreateNetworkInterface',
    { subnetId: 'subnet-1', groupSet: { items: [{ groupId: 'sg-1' }] } },
    ['SecurityGroup sg-1'],
  ],
  [
    'B3.49 a launch template, groups of its own and of its interfaces',
    'CreateLaunchTemplate',
    {
      CreateLaunchTemplateRequest: {
        LaunchTemplateData: {
          SecurityGroupId: [
            { content: 'sg-1', tag: 1 },
            { content: 'sg-2', tag: 2 },
          ],
          NetworkInterface: { SecurityGroupId: { content: 'sg-3', tag: 1 }, tag: 1 },
        },
      },
    },
    ['SecurityGroup sg-1', 'SecurityGroup sg-2', 'SecurityGroup sg-3'],
  ],
  [
    'B3.49 a version of one, plain ids',
    'CreateLaunchTemplateVersion',
    { CreateLaunchTemplateVersionRequest: { LaunchTemplateData: { SecurityGroupId: 'sg-1' } } },
    ['SecurityGroup sg-1'],
  ],
  ['B3.49 a template without groups', 'CreateLaunchTemplate', { CreateLaunchTemplateRequest: {} }, []],
  [
    'B3.49 an ACL entry that allows',
    'CreateNetworkAclEntry',
    { networkAclId: 'acl-1', egress: false, ruleAction: 'allow' },
    ['NetworkAcl acl-1'],
  ],
  [
    'B3.49 an ACL entry that is replaced',
    'ReplaceNetworkAclEntry',
    { networkAclId: 'acl-1', egress: false, ruleAction: 'allow' },
    ['NetworkAcl acl-1'],
  ],
  [
    'B3.49 an ACL entry that denies',
    'ReplaceNetworkAclEntry',
    { networkAclId: 'acl-1', egress: false, ruleAction: 'deny' },
    [],
  ],
  [
    'B3.27 an outbound ACL entry',
    'CreateNetworkAclEntry',
    { networkAclId: 'acl-1', egress: true, ruleAction: 'allow' },
    [],
  ],
  [
    'B3.45 a tag on a group',
    'CreateTags',
    { resourcesSet: { items: [{ resourceId: 'sg-1' }, { resourceId: 'i-1' }] } },
    ['SecurityGroup sg-1'],
  ],
  [
    'B3.45 a tag taken off',
    'DeleteTags',
    { resourcesSet: { items: [{ resourceId: 'sg-1' }] } },
    ['SecurityGroup sg-1'],
  ],
  ['B3.27 egress', 'AuthorizeSecurityGroupEgress', { groupId: 'sg-1' }, []],
  ['B3.28 a new group', 'CreateSecurityGroup', { groupName: 'web' }, []],
])('%s: %s', (_case, eventName, request, expected) => {
  expect(ids(refs(eventName, request))).toEqual(expected);
});

it('B3.29 a launch names its groups, those of its interfaces, and every instance', () => {
  const request = {
    groupSet: { items: [{ groupId: 'sg-1' }] },
    networkInterfaceSet: { items: [{ groupSet: { items: [{ groupId: 'sg-2' }] } }] },
  };
  const response = { instancesSet: { items: [{ instanceId: 'i-1' }, { instanceId: 'i-2' }] } };

  expect(ids(refs('RunInstances', request, response))).toEqual([
    'SecurityGroup sg-1',
    'SecurityGroup sg-2',
    'Instance i-1',
    'Instance i-2',
  ]);
  expect(ids(refs('RunInstances', { groupSet: {} }, null))).toEqual([]);
});

it('a call of the same name of another service is none of these', () => {
  for (const name of Object.keys(calls)) {
    expect(refs(name, { groupId: 'sg-1' }, null, 'elsewhere.amazonaws.com')).toEqual([]);
  }
});
