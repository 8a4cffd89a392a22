import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeTagsCommand,
  type EC2Client,
  type Tag,
} from '@aws-sdk/client-ec2';
import { expect, it } from 'vitest';
import { tagSecurityGroup } from '../../../sandbox/services/ec2/seed.ts';
import { openEc2, refusal } from './client.ts';

async function makeGroup(ec2: EC2Client): Promise<string> {
  const made = await ec2.send(new CreateSecurityGroupCommand({ GroupName: 'web', Description: 'for tests' }));
  return made.GroupId ?? '';
}

const numbered = (count: number): Tag[] =>
  Array.from({ length: count }, (_, n) => ({ Key: `k${n}`, Value: `${n}` }));

const tag = (ec2: EC2Client, id: string, ...Tags: Tag[]) =>
  ec2.send(new CreateTagsCommand({ Resources: [id], Tags }));

async function tagsOf(ec2: EC2Client, id: string): Promise<string[]> {
  const Filters = [{ Name: 'resource-id', Values: [id] }];
  const shown = await ec2.send(new DescribeTagsCommand({ Filters }));
  return (shown.Tags ?? []).map((one) => `${one.ResourceType} ${one.Key}=${one.Value}`);
}

it('writes tags over old ones on groups and on rules', async () => {
  const { ec2 } = openEc2();
  const id = await makeGroup(ec2);
  const flat = { GroupId: id, IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0' };
  const opened = await ec2.send(new AuthorizeSecurityGroupIngressCommand(flat));
  const rule = opened.SecurityGroupRules?.[0]?.SecurityGroupRuleId ?? '';
  for (const Value of ['old', 'new'])
    await ec2.send(new CreateTagsCommand({ Resources: [id, rule], Tags: [{ Key: 'a', Value }] }));

  expect(await tagsOf(ec2, id)).toEqual(['security-group a=new']);
  expect(await tagsOf(ec2, rule)).toEqual(['security-group-rule a=new']);
  const shown = await ec2.send(new DescribeSecurityGroupRulesCommand({ SecurityGroupRuleIds: [rule] }));
  expect(shown.SecurityGroupRules?.[0]?.Tags).toEqual([{ Key: 'a', Value: 'new' }]);
});

it('holds 50 tags and no 51st, not counting those of AWS', async () => {
  const { sandbox, ec2 } = openEc2();
  const id = await makeGroup(ec2);
  const place = { world: sandbox.world, account: sandbox.account, region: sandbox.region, partition: 'aws' };
  tagSecurityGroup(place, id, [{ Key: 'aws:cloudformation:stack-name', Value: 'shop' }]);
  await tag(ec2, id, ...numbered(50));
  expect(await tagsOf(ec2, id)).toHaveLength(51);
  expect(await refusal(tag(ec2, id, { Key: 'more', Value: '' }))).toMatchObject({ name: 'TagLimitExceeded' });
  await tag(ec2, id, { Key: 'k0', Value: 'changed' });
});

it.each<{ when: string; tags: Tag[]; code: string }>([
  { when: 'the key is AWS’s', tags: [{ Key: 'aws:x', Value: '' }], code: 'InvalidParameterValue' },
  {
    when: 'the key is AWS’s in other letters',
    tags: [{ Key: 'AWS:x', Value: '' }],
    code: 'InvalidParameterValue',
  },
  {
    when: 'the key has 128 characters',
    tags: [{ Key: 'k'.repeat(128), Value: '' }],
    code: 'InvalidParameterValue',
  },
  {
    when: 'the value has 257 characters',
    tags: [{ Key: 'k', Value: 'v'.repeat(257) }],
    code: 'InvalidParameterValue',
  },
  {
    when: 'a key comes twice',
    tags: [
      { Key: 'k', Value: '1' },
      { Key: 'k', Value: '2' },
    ],
    code: 'InvalidParameterValue',
  },
  { when: 'no tag is given', tags: [], code: 'MissingParameter' },
])('writes nothing when $when', async ({ tags, code }) => {
  const { ec2 } = openEc2();
  const id = await makeGroup(ec2);
  expect(await refusal(tag(ec2, id, ...tags))).toMatchObject({ name: code });
  expect(await tagsOf(ec2, id)).toEqual([]);
});

it('takes a key of 127 and a value of 256 characters', async () => {
  const { ec2 } = openEc2();
  const id = await makeGroup(ec2);
  await tag(ec2, id, { Key: 'k'.repeat(127), Value: 'v'.repeat(256) });
  expect(await tagsOf(ec2, id)).toHaveLength(1);
});

it('one unknown resource leaves all of them as they were', async () => {
  const { ec2 } = openEc2();
  const id = await makeGroup(ec2);
  const input = { Resources: [id, 'sg-0123456789abcdef0'], Tags: [{ Key: 'a', Value: 'b' }] };
  expect(await refusal(ec2.send(new CreateTagsCommand(input)))).toMatchObject({
    name: 'InvalidGroup.NotFound',
  });
  expect(await tagsOf(ec2, id)).toEqual([]);
  const odd = { Resources: ['bucket'], Tags: [{ Key: 'a', Value: 'b' }] };
  expect(await refusal(ec2.send(new CreateTagsCommand(odd)))).toMatchObject({ name: 'InvalidID' });
});

it.each<{ when: string; tags: Tag[] | undefined; left: string[] }>([
  { when: 'by key', tags: [{ Key: 'a' }], left: ['b=2'] },
  { when: 'by key and the right value', tags: [{ Key: 'a', Value: '1' }], left: ['b=2'] },
  { when: 'not by another value', tags: [{ Key: 'a', Value: '2' }], left: ['a=1', 'b=2'] },
  { when: 'not by an empty value', tags: [{ Key: 'a', Value: '' }], left: ['a=1', 'b=2'] },
  { when: 'all, when none is named', tags: undefined, left: [] },
])('deletes tags $when', async ({ tags, left }) => {
  const { ec2 } = openEc2();
  const id = await makeGroup(ec2);
  await tag(ec2, id, { Key: 'a', Value: '1' }, { Key: 'b', Value: '2' });
  await ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: tags }));
  expect(await tagsOf(ec2, id)).toEqual(left.map((one) => `security-group ${one}`));
});
