import {
  AuthorizeSecurityGroupIngressCommand,
  CreateManagedPrefixListCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteManagedPrefixListCommand,
  DescribeManagedPrefixListsCommand,
  type EC2Client,
  GetManagedPrefixListAssociationsCommand,
  GetManagedPrefixListEntriesCommand,
  ModifyManagedPrefixListCommand,
} from '@aws-sdk/client-ec2';
import { expect, it } from 'vitest';
import { shareManagedPrefixList, shareSecurityGroup } from '../../../sandbox/services/ec2/seed.ts';
import { openEc2, refusal } from './client.ts';

async function makeList(ec2: EC2Client, ...cidrs: string[]): Promise<string> {
  const made = await ec2.send(
    new CreateManagedPrefixListCommand({
      PrefixListName: 'offices',
      AddressFamily: 'IPv4',
      MaxEntries: 3,
      Entries: cidrs.map((Cidr) => ({ Cidr })),
    }),
  );
  return made.PrefixList?.PrefixListId ?? '';
}

const entries = async (ec2: EC2Client, PrefixListId: string, TargetVersion?: number) =>
  (await ec2.send(new GetManagedPrefixListEntriesCommand({ PrefixListId, TargetVersion }))).Entries?.map(
    (one) => one.Cidr,
  );

it('B3.13 AWS’s own lists are there, with AWS as their owner', async () => {
  const { ec2 } = openEc2();
  const Filters = [{ Name: 'owner-id', Values: ['AWS'] }];
  const { PrefixLists = [] } = await ec2.send(new DescribeManagedPrefixListsCommand({ Filters }));
  expect(PrefixLists.map((list) => list.PrefixListName)).toEqual([
    'com.amazonaws.eu-west-1.s3',
    'com.amazonaws.eu-west-1.dynamodb',
    'com.amazonaws.global.cloudfront.origin-facing',
  ]);
  const modifying = new ModifyManagedPrefixListCommand({
    PrefixListId: PrefixLists[0]?.PrefixListId,
    PrefixListName: 'x',
  });
  expect(await refusal(ec2.send(modifying))).toMatchObject({ name: 'UnauthorizedOperation', status: 403 });
});

it('B3.14 a change makes a new version, and the old one can still be read', async () => {
  const { ec2 } = openEc2();
  const PrefixListId = await makeList(ec2, '192.0.2.0/24');
  const AddEntries = [{ Cidr: '203.0.113.9/0' }];
  const RemoveEntries = [{ Cidr: '192.0.2.0/24' }];
  await ec2.send(
    new ModifyManagedPrefixListCommand({ PrefixListId, CurrentVersion: 1, AddEntries, RemoveEntries }),
  );

  expect(await entries(ec2, PrefixListId)).toEqual(['0.0.0.0/0']);
  expect(await entries(ec2, PrefixListId, 1)).toEqual(['192.0.2.0/24']);
  expect(await refusal(entries(ec2, PrefixListId, 3))).toMatchObject({ name: 'InvalidParameterValue' });
});

it.each<{ when: string; change: object; code: string }>([
  {
    when: 'against an older version',
    change: { CurrentVersion: 2, AddEntries: [{ Cidr: '10.0.0.0/8' }] },
    code: 'PrefixListVersionMismatch',
  },
  { when: 'without a version', change: { AddEntries: [{ Cidr: '10.0.0.0/8' }] }, code: 'MissingParameter' },
  {
    when: 'beyond its maximum',
    change: { CurrentVersion: 1, AddEntries: ['1', '2', '3'].map((n) => ({ Cidr: `10.${n}.0.0/16` })) },
    code: 'PrefixListMaxEntriesExceeded',
  },
  {
    when: 'by the other family',
    change: { CurrentVersion: 1, AddEntries: [{ Cidr: '::/0' }] },
    code: 'InvalidParameterValue',
  },
  {
    when: 'by removing what is not there',
    change: { CurrentVersion: 1, RemoveEntries: [{ Cidr: '10.0.0.0/8' }] },
    code: 'InvalidParameterValue',
  },
])('a list is not changed $when', async ({ change, code }) => {
  const { ec2 } = openEc2();
  const PrefixListId = await makeList(ec2, '192.0.2.0/24');
  expect(
    await refusal(ec2.send(new ModifyManagedPrefixListCommand({ PrefixListId, ...change }))),
  ).toMatchObject({ name: code });
  expect(await entries(ec2, PrefixListId)).toEqual(['192.0.2.0/24']);
});

it('B3.14 associations name the groups that use a list, and keep it from deletion', async () => {
  const { ec2 } = openEc2();
  const PrefixListId = await makeList(ec2, '192.0.2.0/24');
  const { GroupId } = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: 'web', Description: 'for tests' }),
  );
  const permission = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, PrefixListIds: [{ PrefixListId }] };
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [permission] }));

  const shown = await ec2.send(new GetManagedPrefixListAssociationsCommand({ PrefixListId }));
  expect(shown.PrefixListAssociations).toEqual([{ ResourceId: GroupId, ResourceOwner: '111122223333' }]);
  expect(await refusal(ec2.send(new DeleteManagedPrefixListCommand({ PrefixListId })))).toMatchObject({
    name: 'DependencyViolation',
  });
});

it('B3.13 a list shared by another account may be seen but not read', async () => {
  const { sandbox, ec2 } = openEc2();
  const place = { world: sandbox.world, account: sandbox.account, region: sandbox.region, partition: 'aws' };
  const PrefixListId = shareManagedPrefixList(place, {
    owner: '999999999999',
    name: 'corp',
    cidrs: ['0.0.0.0/0'],
    readable: false,
  });
  const listed = await ec2.send(new DescribeManagedPrefixListsCommand({ PrefixListIds: [PrefixListId] }));
  expect(listed.PrefixLists).toMatchObject([{ OwnerId: '999999999999', PrefixListName: 'corp' }]);
  expect(await refusal(entries(ec2, PrefixListId))).toMatchObject({ name: 'UnauthorizedOperation' });
});

it('B3.43 a group of another account is seen with its owner and cannot be changed', async () => {
  const { sandbox, ec2 } = openEc2();
  const place = { world: sandbox.world, account: sandbox.account, region: sandbox.region, partition: 'aws' };
  const GroupId = shareSecurityGroup(place, { owner: '999999999999', name: 'shared' });
  const opening = new AuthorizeSecurityGroupIngressCommand({
    GroupId,
    IpProtocol: '-1',
    CidrIp: '0.0.0.0/0',
  });
  const tagging = new CreateTagsCommand({ Resources: [GroupId], Tags: [{ Key: 'a', Value: 'b' }] });
  for (const call of [ec2.send(opening), ec2.send(tagging)]) {
    expect(await refusal(call)).toMatchObject({ name: 'UnauthorizedOperation', status: 403 });
  }
});

it('the same ClientToken makes one list', async () => {
  const { ec2 } = openEc2();
  const input = { PrefixListName: 'p', AddressFamily: 'IPv4', MaxEntries: 1, ClientToken: 'once' };
  const [first, second] = [
    await ec2.send(new CreateManagedPrefixListCommand(input)),
    await ec2.send(new CreateManagedPrefixListCommand(input)),
  ];
  expect(second.PrefixList?.PrefixListId).toBe(first.PrefixList?.PrefixListId);
  expect(
    await refusal(ec2.send(new CreateManagedPrefixListCommand({ ...input, MaxEntries: 2 }))),
  ).toMatchObject({
    name: 'IdempotentParameterMismatch',
  });
});
