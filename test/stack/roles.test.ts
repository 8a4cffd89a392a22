import {
  AuthorizeSecurityGroupIngressCommand,
  CreateManagedPrefixListCommand,
  CreateNetworkAclEntryCommand,
  CreateTagsCommand,
  DescribeNetworkAclsCommand,
  EC2Client,
  ModifyManagedPrefixListCommand,
  ModifyVpcBlockPublicAccessOptionsCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BusEvent } from '../../sandbox/core/world.ts';
import { Company, PACKAGING_MS } from './company.ts';
import { grantsOf } from './grants.ts';

const SUBSIDIARY = '444455556666';
const SSH = 'tcp 22 0.0.0.0/0';

/** With every setting that gives the function a right more. The last test counts what all others needed. */
let company: Company;
beforeAll(async () => {
  company = await Company.open('test/stack/careful.yml');
  company.world.addAccount({ id: SUBSIDIARY, regions: [company.sandbox.region] });
}, PACKAGING_MS);
afterAll(() => company.close());

const allow = (Action: string | readonly string[], given: object) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, ...given }] });

async function makeRole(
  config: object,
  RoleName: string,
  Principal: object,
  Condition: object,
  Action: string[],
) {
  const iam = new IAMClient(config);
  const AssumeRolePolicyDocument = allow('sts:AssumeRole', { Principal, Condition });
  const PolicyDocument = allow(Action, { Resource: '*' });
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'work', PolicyDocument }));
}

describe('one change', () => {
  it('B3.22 B3.24 B5.21 narrows a range in use, and leaves its own narrowed rules alone', async () => {
    const id = await company.group();
    await company.attach(id);
    await company.settle();
    const ask = {
      GroupId: id,
      IpPermissions: [
        {
          IpProtocol: 'tcp',
          FromPort: 20,
          ToPort: 25,
          IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'mail' }],
        },
      ],
      TagSpecifications: [
        { ResourceType: 'security-group-rule' as const, Tags: [{ Key: 'team', Value: 'mail' }] },
      ],
    };
    await company.ec2.send(new AuthorizeSecurityGroupIngressCommand(ask));
    await company.settle();
    expect(await company.standing(id)).toEqual(['tcp 20-21 0.0.0.0/0', 'tcp 23-25 0.0.0.0/0']);
    expect(company.logged('Run').slice(-1)).toMatchObject([{ counts: { violations: 0 } }]);
  });

  it('B3.13 B3.14 looks into prefix lists', async () => {
    const { PrefixList } = await company.ec2.send(
      new CreateManagedPrefixListCommand({
        PrefixListName: 'offices',
        AddressFamily: 'IPv4',
        MaxEntries: 5,
        Entries: [{ Cidr: '203.0.113.0/24' }],
      }),
    );
    const PrefixListId = PrefixList?.PrefixListId ?? '';
    const id = await company.group([`tcp 22 ${PrefixListId}`]);
    const AddEntries = [{ Cidr: '0.0.0.0/0' }];
    await company.ec2.send(
      new ModifyManagedPrefixListCommand({ PrefixListId, CurrentVersion: 1, AddEntries }),
    );
    await company.settle();
    expect(await company.standing(id)).toEqual([]);
  });

  it('B3.46 looks at the network around an instance, and says what shields it', async () => {
    await company.ec2.send(
      new ModifyVpcBlockPublicAccessOptionsCommand({ InternetGatewayBlockMode: 'block-bidirectional' }),
    );
    const id = await company.unseen(() => company.group([SSH]));
    await company.ec2.send(
      new RunInstancesCommand({
        ImageId: 'ami-0123456789abcdef0',
        InstanceType: 't3.micro',
        MinCount: 1,
        MaxCount: 1,
        SecurityGroupIds: [id],
      }),
    );
    await company.settle();
    expect(await company.standing(id)).toEqual([]);
    expect(company.mails().at(-1)?.message).toContain('Nobody can use it right now');
  });

  it('B3.49 only tells about a network ACL', async () => {
    const { NetworkAcls = [] } = await company.ec2.send(new DescribeNetworkAclsCommand({}));
    await company.ec2.send(
      new CreateNetworkAclEntryCommand({
        NetworkAclId: NetworkAcls[0]?.NetworkAclId,
        RuleNumber: 90,
        Protocol: '6',
        RuleAction: 'allow',
        Egress: false,
        CidrBlock: '0.0.0.0/0',
        PortRange: { From: 22, To: 22 },
      }),
    );
    await company.settle();
    expect(company.logged('Resource').at(-1)).toMatchObject({ code: 'alert-only' });
  });
});

it('B3.45 B6.8 honours an exemption only when someone who may set it did', async () => {
  const user = { AWS: `arn:aws:iam::${company.sandbox.account}:root` };
  const admin = company.sandbox.clientConfig({ user: 'ana' });
  await makeRole(admin, 'Security', user, {}, ['ec2:CreateTags']);
  const RoleArn = `arn:aws:iam::${company.sandbox.account}:role/Security`;
  const { Credentials } = await new STSClient(admin).send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 'ben' }),
  );
  const security = new EC2Client({
    ...admin,
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
  });
  const Tags = [{ Key: 'reeve:exempt', Value: 'SEC-42 until 2026-12-31' }];
  const bastion = await company.group();
  const impostor = await company.group();
  await security.send(new CreateTagsCommand({ Resources: [bastion], Tags }));
  await company.ec2.send(new CreateTagsCommand({ Resources: [impostor], Tags }));
  // CloudTrail's event history knows of a call within a quarter of an hour.
  await company.advance(20);
  await company.open(bastion, [SSH]);
  await company.open(impostor, [SSH]);
  await company.settle();

  expect(await company.standing(bastion)).toEqual([SSH]);
  expect(await company.standing(impostor)).toEqual([]);
  expect(company.mails().some(({ message }) => message.includes('user/ana may not set exemptions'))).toBe(
    true,
  );
});

it('B5.16 of two runs over the same rule at once one acts, the other comes back later', async () => {
  company.world.faults.add({
    operation: 'RevokeSecurityGroupIngress',
    kind: 'run',
    times: 1,
    effect: async () => {
      await company.invoke({ reeve: 'sweep' });
    },
  });
  const id = await company.group([SSH]);
  await company.settle();
  expect(company.logged('Resource').map(({ code }) => code)).toContain('in-progress');
  expect(await company.standing(id)).toEqual([]);
  await company.advance(15);
  expect(company.waiting('RevokeOpenSshWork')).toEqual([]);
});

describe('another account', () => {
  const dana = () => new EC2Client(company.sandbox.clientConfig({ user: 'dana', account: SUBSIDIARY }));

  it('B5.26 that lets nobody in is told about, and stops nothing at home', async () => {
    const { answer } = await company.invoke({ reeve: 'sweep' });
    expect(answer).toMatchObject({ runs: [{ state: 'partial', counts: { failed: 0 } }] });
  });

  it('B5.34 B6.13 is entered by its role, with the external id that was agreed', async () => {
    const config = company.sandbox.clientConfig({ user: 'dana', account: SUBSIDIARY });
    const trusted = { AWS: company.roleArn('RevokeOpenSshRole') };
    const agreed = { StringEquals: { 'sts:ExternalId': 'reeve-2f9c' } };
    await makeRole(config, 'ReeveRemediation', trusted, agreed, [
      'ec2:Describe*',
      'ec2:RevokeSecurityGroupIngress',
    ]);
    const id = await company.group([], [], dana());
    let seen: BusEvent | undefined;
    company.world.onEvent((event) => {
      seen = event.account === SUBSIDIARY ? event : seen;
    });
    await company.open(id, [SSH], dana());

    expect(await company.invoke(seen)).toMatchObject({ answer: { runs: [{ counts: { done: 1 } }] } });
    expect(await company.standing(id, dana())).toEqual([]);
  });

  it('B3.51 is swept in every region', async () => {
    const id = await company.group([SSH], [], dana());
    await company.advance(75);
    expect(await company.standing(id, dana())).toEqual([]);
    const regions = new Set(company.logged('Run').at(-1)?.places as readonly unknown[]);
    expect(regions.size).toBeGreaterThan(30);
  });

  it('B6.15 that is on no list is never entered, whatever an event says', async () => {
    company.world.forgetCalls();
    const text = JSON.stringify({
      source: 'aws.ec2',
      'detail-type': 'AWS API Call via CloudTrail',
      account: '999900001111',
      region: 'eu-west-1',
      time: '2026-11-20T09:15:00Z',
      id: '0a1b2c3d-1111-4222-8333-000000000001',
      detail: {
        eventSource: 'ec2.amazonaws.com',
        eventName: 'AuthorizeSecurityGroupIngress',
        awsRegion: 'eu-west-1',
        recipientAccountId: '999900001111',
        requestParameters: { groupId: 'sg-0a1b2c3d4e5f60718' },
      },
    });
    await company.invoke(JSON.parse(text));
    expect(company.calls()).not.toContain('AssumeRole');
  });
});

it('B5.17 B5.18 what cannot be handled reaches the dead letters, from the function and from its schedule', async () => {
  await company.emit({
    version: '0',
    id: '0a1b2c3d-1111-4222-8333-000000000002',
    'detail-type': 'GuardDuty Finding',
    source: 'aws.guardduty',
    account: company.sandbox.account,
    time: '2026-11-20T09:15:00Z',
    region: company.sandbox.region,
    resources: [],
    detail: { type: 'Recon:EC2/PortProbe', resource: { resourceType: 'Instance', instanceDetails: {} } },
  });
  await company.advance(5);
  company.world.faults.add({ service: 'lambda', operation: 'Invoke', kind: 'error', status: 500 });
  await company.advance(3 * 60);
  company.world.faults.clear();

  const letters = company.waiting('RevokeOpenSshDeadLetters');
  expect(letters.some((letter) => letter.includes('MalformedEvent'))).toBe(true);
  expect(letters.some((letter) => letter.includes('"reeve":"sweep"'))).toBe(true);
});

it('B6.11 the roles grant what all of this took, and nothing that none of it took', async () => {
  const { template } = company;
  for (const role of ['RevokeOpenSshRole', 'RevokeOpenSshSweepRole']) {
    const used = company.world.grantsUsed.get(company.roleArn(role)) ?? new Map();
    expect([...used.keys()].sort(), role).toEqual(grantsOf(template, role));
  }
});
