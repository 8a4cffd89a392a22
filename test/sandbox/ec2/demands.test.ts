import {
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { expect, it } from 'vitest';
import type { Call, Demand } from '../../../sandbox/core/service.ts';
import { ec2 as service } from '../../../sandbox/services/ec2/service.ts';
import { openEc2, refusal } from './client.ts';

const ARN = 'arn:aws:ec2:eu-west-1:111122223333';

/** A tagged group, and what IAM would be asked for calls on it. */
async function asking() {
  const { sandbox, ec2 } = openEc2();
  const made = await ec2.send(new CreateSecurityGroupCommand({ GroupName: 'web', Description: 'for tests' }));
  const groupId = made.GroupId ?? '';
  await ec2.send(new CreateTagsCommand({ Resources: [groupId], Tags: [{ Key: 'team', Value: 'shop' }] }));
  const demands = (operation: string, input: object): readonly Demand[] => {
    const call = {
      world: sandbox.world,
      account: sandbox.account,
      region: 'eu-west-1',
      partition: 'aws',
      operation,
    };
    // Demands look only at where a call lands and what it is named.
    return service.operations[operation]?.authorize?.(input, call as Call) ?? [];
  };
  return { groupId, demands };
}

it('asks for the group itself, with its tags and its VPC', async () => {
  const { groupId, demands } = await asking();
  for (const operation of [
    'RevokeSecurityGroupIngress',
    'AuthorizeSecurityGroupIngress',
    'DeleteSecurityGroup',
  ]) {
    for (const input of [{ GroupId: groupId }, { GroupName: 'web' }]) {
      expect(demands(operation, input)).toEqual([
        {
          action: `ec2:${operation}`,
          resources: [`${ARN}:security-group/${groupId}`],
          context: {
            'ec2:Region': ['eu-west-1'],
            'ec2:SecurityGroupID': [groupId],
            'ec2:Vpc': [expect.stringContaining(`${ARN}:vpc/vpc-`)],
            'aws:ResourceTag/team': ['shop'],
            'ec2:ResourceTag/team': ['shop'],
          },
        },
      ]);
    }
  }
});

it('asks for CreateTags when an authorize brings tags for its rules', async () => {
  const { groupId, demands } = await asking();
  const Tags = [{ Key: 'ticket', Value: 'A-1' }];
  const TagSpecifications = [{ ResourceType: 'security-group-rule', Tags }];
  const asked = demands('AuthorizeSecurityGroupIngress', { GroupId: groupId, TagSpecifications });
  expect(asked.map((demand) => [demand.action, ...demand.resources])).toEqual([
    ['ec2:AuthorizeSecurityGroupIngress', `${ARN}:security-group/${groupId}`],
    ['ec2:AuthorizeSecurityGroupIngress', `${ARN}:security-group-rule/*`],
    ['ec2:CreateTags', `${ARN}:security-group-rule/*`],
  ]);
  expect(asked[2]?.context).toMatchObject({
    'aws:RequestTag/ticket': ['A-1'],
    'aws:TagKeys': ['ticket'],
    'ec2:CreateAction': ['AuthorizeSecurityGroupIngress'],
  });
});

it('asks for a launch resource by resource', async () => {
  const { groupId, demands } = await asking();
  const asked = demands('RunInstances', {
    ImageId: 'ami-1',
    SubnetId: 'subnet-1',
    SecurityGroupIds: [groupId],
  });
  expect(asked.flatMap((demand) => demand.resources)).toEqual([
    'arn:aws:ec2:eu-west-1::image/ami-1',
    `${ARN}:instance/*`,
    `${ARN}:network-interface/*`,
    `${ARN}:volume/*`,
    `${ARN}:subnet/subnet-1`,
    `${ARN}:security-group/${groupId}`,
  ]);
});

/** Of the Describe calls, this one alone is about one resource. */
const lists = (name: string) => name.startsWith('Describe') && name !== 'DescribeInstanceAttribute';

it('asks for every listing without a resource', async () => {
  const { demands } = await asking();
  for (const operation of Object.keys(service.operations).filter(lists)) {
    expect(demands(operation, {})).toEqual([
      { action: `ec2:${operation}`, resources: ['*'], context: { 'ec2:Region': ['eu-west-1'] } },
    ]);
  }
});

it.each([
  { tag: 'protected', code: 'UnauthorizedOperation' },
  { tag: 'ordinary', code: 'InvalidSecurityGroupRuleId.NotFound' },
])('a policy that guards protected groups answers $code for an $tag one', async ({ tag, code }) => {
  const { sandbox } = openEc2();
  const ec2 = new EC2Client({ ...sandbox.clientConfig({ user: 'ana' }), maxAttempts: 1 });
  const guard = {
    Effect: 'Deny',
    Action: 'ec2:RevokeSecurityGroupIngress',
    Resource: `${ARN}:security-group/*`,
    Condition: { StringEquals: { 'aws:ResourceTag/kind': 'protected' } },
  };
  const everything = { Effect: 'Allow', Action: '*', Resource: '*' };
  const policy = JSON.stringify({ Version: '2012-10-17', Statement: [everything, guard] });
  sandbox.world.accounts.get(sandbox.account)?.scps.push(policy);
  const TagSpecifications = [
    { ResourceType: 'security-group' as const, Tags: [{ Key: 'kind', Value: tag }] },
  ];
  const wish = { GroupName: 'web', Description: 'for tests', TagSpecifications };
  const { GroupId } = await ec2.send(new CreateSecurityGroupCommand(wish));
  const SecurityGroupRuleIds = ['sgr-0123456789abcdef0'];
  const revoking = ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds }));
  expect(await refusal(revoking)).toMatchObject({ name: code });
});
