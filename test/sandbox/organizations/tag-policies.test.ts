import { CreateSecurityGroupCommand, CreateTagsCommand, EC2Client } from '@aws-sdk/client-ec2';
import * as organizations from '@aws-sdk/client-organizations';
import * as tagging from '@aws-sdk/client-resource-groups-tagging-api';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../../sandbox/sandbox.ts';
import { type Organization, seedOrganization } from '../../../sandbox/services/organizations/state.ts';

const MANAGEMENT = '111122223333';
const MEMBER = '444455556666';
const COST_CENTER = {
  tags: {
    costcenter: {
      tag_key: { '@@assign': 'CostCenter' },
      tag_value: { '@@assign': ['100', '200*'] },
      enforced_for: { '@@assign': ['ec2:security-group'] },
    },
  },
};

let sandbox: Sandbox;
let organization: Organization;
beforeEach(() => {
  sandbox = createSandbox();
  sandbox.world.addAccount({ id: MEMBER });
  organization = seedOrganization(sandbox.world, [{ id: MANAGEMENT }, { id: MEMBER, name: 'shop' }]);
});

const clientOf = (account = MANAGEMENT) =>
  new organizations.OrganizationsClient({ ...sandbox.clientConfig({ account }), maxAttempts: 1 });

async function attach(content: object, target = organization.rootId, Name = target): Promise<string> {
  const { Policy } = await clientOf().send(
    new organizations.CreatePolicyCommand({
      Name,
      Description: '',
      Type: 'TAG_POLICY',
      Content: JSON.stringify(content),
    }),
  );
  const PolicyId = Policy?.PolicySummary?.Id ?? '';
  await clientOf().send(new organizations.AttachPolicyCommand({ PolicyId, TargetId: target }));
  return PolicyId;
}

async function effective(account = MEMBER, TargetId?: string): Promise<unknown> {
  const { EffectivePolicy } = await clientOf(account).send(
    new organizations.DescribeEffectivePolicyCommand({ PolicyType: 'TAG_POLICY', TargetId }),
  );
  return JSON.parse(EffectivePolicy?.PolicyContent ?? 'null');
}

it('an organization has a management account and members', async () => {
  const { Organization: described } = await clientOf(MEMBER).send(
    new organizations.DescribeOrganizationCommand({}),
  );
  const { Accounts } = await clientOf().send(new organizations.ListAccountsCommand({}));

  expect(described).toMatchObject({ Id: organization.id, MasterAccountId: MANAGEMENT });
  expect(Accounts).toMatchObject([
    { Id: MANAGEMENT, Status: 'ACTIVE' },
    { Id: MEMBER, Name: 'shop', Arn: expect.stringContaining(`:account/${organization.id}/${MEMBER}`) },
  ]);
  const listed = clientOf(MEMBER).send(new organizations.ListAccountsCommand({}));
  await expect(listed).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

it('lists accounts in pages', async () => {
  const page = (NextToken?: string) =>
    clientOf().send(new organizations.ListAccountsCommand({ MaxResults: 1, NextToken }));
  const first = await page();
  const second = await page(first.NextToken);

  expect([first.Accounts?.length, second.Accounts?.[0]?.Id, second.NextToken]).toEqual([
    1,
    MEMBER,
    undefined,
  ]);
});

describe('B2.20 the effective tag policy', () => {
  it('has no operators', async () => {
    await attach(COST_CENTER);

    expect(await effective()).toEqual({
      tags: {
        costcenter: {
          tag_key: 'CostCenter',
          tag_value: ['100', '200*'],
          enforced_for: ['ec2:security-group'],
        },
      },
    });
    expect(await effective(MANAGEMENT, MEMBER)).toEqual(await effective());
  });

  it.each<[string, object, string[]]>([
    ['@@assign replaces', { '@@assign': ['300'] }, ['300']],
    ['@@append adds', { '@@append': ['300'] }, ['100', '200*', '300']],
    ['@@remove takes away', { '@@remove': ['100'] }, ['200*']],
  ])('%s what the root says', async (_, tag_value, expected) => {
    await attach(COST_CENTER);
    await attach({ tags: { CostCenter: { tag_value } } }, MEMBER);

    expect(await effective()).toMatchObject({
      tags: { costcenter: { tag_key: 'CostCenter', tag_value: expected } },
    });
    expect(await effective(MANAGEMENT)).toMatchObject({
      tags: { costcenter: { tag_value: ['100', '200*'] } },
    });
  });

  it('is not there without a policy, and not any more when it is detached', async () => {
    await expect(effective()).rejects.toMatchObject({ name: 'EffectivePolicyNotFoundException' });
    const PolicyId = await attach(COST_CENTER);
    await clientOf().send(new organizations.DetachPolicyCommand({ PolicyId, TargetId: organization.rootId }));

    await expect(effective()).rejects.toMatchObject({ name: 'EffectivePolicyNotFoundException' });
  });
});

describe('B2.20 an enforced tag policy', () => {
  const ec2 = () => new EC2Client({ ...sandbox.clientConfig({ account: MEMBER }), maxAttempts: 1 });
  const newGroup = async (Key?: string) => {
    const Tags = Key === undefined ? [] : [{ Key, Value: '100' }];
    const specification = { ResourceType: 'security-group' as const, Tags };
    const { GroupId = '' } = await ec2().send(
      new CreateSecurityGroupCommand({
        GroupName: 'web',
        Description: 'web',
        ...(Key !== undefined && { TagSpecifications: [specification] }),
      }),
    );
    return GroupId;
  };
  const tag = (id: string, Key: string, Value: string) =>
    ec2().send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key, Value }] }));

  it.each([
    ['CostCenter', '100'],
    ['CostCenter', '2007'],
    ['Owner', 'ana'],
  ])('allows %s=%s', async (key, value) => {
    await attach(COST_CENTER);

    await expect(tag(await newGroup(), key, value)).resolves.toBeDefined();
  });

  it.each([
    ['CostCenter', '300', /does not allow the specified value/],
    ['costcenter', '100', /capitalization/],
  ])('refuses %s=%s', async (key, value, message) => {
    await attach(COST_CENTER);
    const id = await newGroup();

    await expect(tag(id, key, value)).rejects.toMatchObject({
      name: 'TagPolicyViolation',
      message: expect.stringMatching(message),
    });
  });

  it('holds for tags that a new resource brings along', async () => {
    await attach(COST_CENTER);

    await expect(newGroup('COSTCENTER')).rejects.toMatchObject({ name: 'TagPolicyViolation' });
    await expect(newGroup('CostCenter')).resolves.toMatch(/^sg-/);
  });

  it('stands in the map of failures of the Tagging API', async () => {
    await attach(COST_CENTER);
    const arn = `arn:aws:ec2:eu-west-1:${MEMBER}:security-group/${await newGroup()}`;
    const api = new tagging.ResourceGroupsTaggingAPIClient(sandbox.clientConfig({ account: MEMBER }));
    const { FailedResourcesMap } = await api.send(
      new tagging.TagResourcesCommand({ ResourceARNList: [arn], Tags: { CostCenter: '300' } }),
    );

    expect(FailedResourcesMap).toMatchObject({ [arn]: { ErrorCode: 'TagPolicyViolation' } });
  });

  it('leaves other types of resources alone, and accounts that it does not reach', async () => {
    await attach(COST_CENTER, MANAGEMENT);

    await expect(tag(await newGroup(), 'CostCenter', '300')).resolves.toBeDefined();
  });
});

it.each<[string, () => Promise<unknown>]>([
  ['MalformedPolicyDocumentException', () => attach({ tags: { a: { tag_key: { '@@assign': ['A'] } } } })],
  ['MalformedPolicyDocumentException', () => attach({})],
  ['NotImplemented', () => attach({ tags: { a: { report_all_for: { '@@assign': ['ec2:volume'] } } } })],
  [
    'NotImplemented',
    () => attach({ tags: { a: { tag_key: { '@@operators_allowed_for_child_policies': ['@@none'] } } } }),
  ],
  ['TargetNotFoundException', () => attach(COST_CENTER, '777788889999')],
  ['AccessDeniedException', () => effective(MEMBER, MANAGEMENT)],
])('%s', async (name, act) => {
  await expect(act()).rejects.toMatchObject({ name });
});

it('an account of its own is in no organization', async () => {
  sandbox.world.addAccount({ id: '777788889999' });

  await expect(effective('777788889999')).rejects.toMatchObject({
    name: 'AWSOrganizationsNotInUseException',
  });
});

it('the root is found by name', async () => {
  const { Roots } = await clientOf().send(new organizations.ListRootsCommand({}));

  expect(Roots).toMatchObject([{ Id: organization.rootId, Name: 'Root' }]);
});
