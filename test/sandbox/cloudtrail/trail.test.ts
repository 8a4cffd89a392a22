import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { CreateRoleCommand, DeleteRoleCommand } from '@aws-sdk/client-iam';
import { beforeEach, describe, expect, it } from 'vitest';
import type { BusEvent } from '../../../sandbox/core/world.ts';
import { createSandbox, type Sandbox } from '../../../sandbox/sandbox.ts';
import { seedRole, seedUser } from '../../../sandbox/services/iam/store.ts';
import { clientsWith } from '../wire/clients.ts';

let sandbox: Sandbox;
let events: BusEvent[];
let root: ReturnType<typeof clientsWith>;
beforeEach(() => {
  sandbox = createSandbox({ now: new Date('2026-11-02T08:00:00.250Z') });
  events = [];
  sandbox.world.onEvent((event) => void events.push(event));
  root = clientsWith(sandbox.clientConfig());
});

/** The record of the last event, as a rule's target would find it. */
function lastRecord(): Record<string, unknown> {
  const detail = events.at(-1)?.detail;
  return Object(detail);
}

async function newGroup(): Promise<string> {
  const command = new CreateSecurityGroupCommand({ GroupName: 'web', Description: 'web servers' });
  return (await root.ec2.send(command)).GroupId ?? '';
}

const SSH = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] };

it('B5.1 a change is an event of the documented shape on the default bus', async () => {
  const groupId = await newGroup();
  const ana = clientsWith(sandbox.clientConfig({ user: 'ana' }));
  const command = new AuthorizeSecurityGroupIngressCommand({ GroupId: groupId, IpPermissions: [SSH] });
  const { SecurityGroupRules = [], $metadata } = await ana.ec2.send(command);

  expect(events.at(-1)).toMatchObject({
    version: '0',
    id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.ec2',
    account: '111122223333',
    time: '2026-11-02T08:00:00Z',
    region: 'eu-west-1',
    resources: [],
  });
  expect(lastRecord()).toMatchObject({
    eventVersion: expect.stringMatching(/^1\.(0[89]|1\d)$/),
    userIdentity: { type: 'IAMUser', userName: 'ana', accountId: '111122223333' },
    eventTime: '2026-11-02T08:00:00Z',
    eventSource: 'ec2.amazonaws.com',
    eventName: 'AuthorizeSecurityGroupIngress',
    awsRegion: 'eu-west-1',
    sourceIPAddress: '198.51.100.7',
    userAgent: expect.stringContaining('aws-sdk-js'),
    requestID: $metadata.requestId,
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: '111122223333',
    eventCategory: 'Management',
    responseElements: {
      requestId: $metadata.requestId,
      _return: true,
      securityGroupRuleSet: {
        items: [
          {
            groupOwnerId: '111122223333',
            groupId,
            securityGroupRuleId: SecurityGroupRules[0]?.SecurityGroupRuleId,
            isEgress: false,
            ipProtocol: 'tcp',
            fromPort: 22,
            toPort: 22,
            cidrIpv4: '0.0.0.0/0',
          },
        ],
      },
    },
  });
  expect(lastRecord()).not.toHaveProperty('errorCode');
});

describe('requests as CloudTrail writes them', () => {
  it('B3.25 a list has items, and an empty one is an empty object', async () => {
    const groupId = await newGroup();
    const IpRanges = [{ CidrIp: '0.0.0.0/0', Description: 'everybody' }];
    const permission = { ...SSH, IpRanges };
    await root.ec2.send(
      new AuthorizeSecurityGroupIngressCommand({ GroupId: groupId, IpPermissions: [permission] }),
    );

    expect(lastRecord().requestParameters).toEqual({
      groupId,
      ipPermissions: {
        items: [
          {
            ipProtocol: 'tcp',
            fromPort: 22,
            toPort: 22,
            groups: {},
            ipRanges: { items: [{ cidrIp: '0.0.0.0/0', description: 'everybody' }] },
            ipv6Ranges: {},
            prefixListIds: {},
          },
        ],
      },
    });
  });

  it('B3.25 the flat form stands at the top, beside an empty list of permissions', async () => {
    const GroupId = await newGroup();
    const flat = { GroupId, CidrIp: '0.0.0.0/0', FromPort: 22, ToPort: 22, IpProtocol: 'tcp' };
    await root.ec2.send(new AuthorizeSecurityGroupIngressCommand(flat));

    expect(lastRecord().requestParameters).toEqual({
      groupId: GroupId,
      cidrIp: '0.0.0.0/0',
      fromPort: 22,
      toPort: 22,
      ipProtocol: 'tcp',
      ipPermissions: {},
    });
  });

  it('B3.27 an egress call is another event, told apart by its name and its rules', async () => {
    const GroupId = await newGroup();
    await root.ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions: [SSH] }));

    expect(lastRecord()).toMatchObject({
      eventName: 'AuthorizeSecurityGroupEgress',
      responseElements: { securityGroupRuleSet: { items: [{ isEgress: true }] } },
    });
  });

  it('other services keep their lists, with names in lower camel case', async () => {
    const role = { RoleName: 'worker', AssumeRolePolicyDocument: trusting('lambda.amazonaws.com') };
    await root.iam.send(new CreateRoleCommand({ ...role, Tags: [{ Key: 'team', Value: 'web' }] }));

    expect(lastRecord()).toMatchObject({
      requestParameters: { roleName: 'worker', tags: [{ key: 'team', value: 'web' }] },
      responseElements: { role: { roleName: 'worker', createDate: 'Nov 2, 2026, 8:00:00 AM' } },
    });
  });

  it('a call that answers nothing has no response elements, except for EC2, which says that it went well', async () => {
    seedRole(sandbox.world, sandbox.account, { name: 'worker', trust: trusting('lambda.amazonaws.com') });
    await root.iam.send(new DeleteRoleCommand({ RoleName: 'worker' }));
    expect(lastRecord().responseElements).toBeNull();
    await root.ec2.send(new DeleteSecurityGroupCommand({ GroupId: await newGroup() }));

    expect(lastRecord().responseElements).toMatchObject({ requestId: lastRecord().requestID, _return: true });
  });
});

describe('B3.33 failed changes are events too', () => {
  it.each([
    ['Client.InvalidGroup.NotFound', { GroupId: 'sg-00000000000000000', IpPermissions: [SSH] }],
    ['Client.DryRunOperation', { DryRun: true, IpPermissions: [SSH] }],
  ])('%s', async (errorCode, input) => {
    const GroupId = await newGroup();
    const command = new AuthorizeSecurityGroupIngressCommand({ GroupId, ...input });
    await root.ec2.send(command).catch(() => {});

    expect(lastRecord()).toMatchObject({
      errorCode,
      errorMessage: expect.any(String),
      responseElements: null,
    });
  });

  it('Client.InvalidPermission.Duplicate', async () => {
    const command = new AuthorizeSecurityGroupIngressCommand({
      GroupId: await newGroup(),
      IpPermissions: [SSH],
    });
    await root.ec2.send(command);
    await root.ec2.send(command).catch(() => {});

    expect(lastRecord()).toMatchObject({ errorCode: 'Client.InvalidPermission.Duplicate' });
  });

  it('Client.UnauthorizedOperation, with what the caller had asked for', async () => {
    const GroupId = await newGroup();
    seedUser(sandbox.world, sandbox.account, { name: 'nobody' });
    const nobody = clientsWith(sandbox.clientConfig({ user: 'nobody' }));
    await nobody.ec2
      .send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [SSH] }))
      .catch(() => {});

    expect(lastRecord()).toMatchObject({
      errorCode: 'Client.UnauthorizedOperation',
      requestParameters: { groupId: GroupId },
      userIdentity: { userName: 'nobody' },
    });
  });

  it.each([
    [500, 'Server.InternalError'],
    [400, 'Client.InternalError'],
  ])('of status %i say whose fault it was: %s', async (status, errorCode) => {
    sandbox.world.faults.add({ operation: 'CreateSecurityGroup', kind: 'error', status });
    await newGroup().catch(() => {});

    expect(lastRecord()).toMatchObject({ errorCode });
  });

  it('a caller who asks too often is at fault himself, whatever the status', async () => {
    sandbox.world.faults.add({ operation: 'CreateSecurityGroup', kind: 'throttle' });
    await newGroup().catch(() => {});

    expect(lastRecord()).toMatchObject({ errorCode: 'Client.RequestLimitExceeded' });
  });

  it('of other services carry the bare code', async () => {
    await root.iam.send(new DeleteRoleCommand({ RoleName: 'absent' })).catch(() => {});

    expect(lastRecord()).toMatchObject({ errorCode: expect.stringMatching(/^NoSuchEntity/) });
  });
});

it('B5.12 reads are no events, and global services report in the home region', async () => {
  await root.ec2.send(new DescribeSecurityGroupsCommand({}));
  expect(events).toEqual([]);
  await root.iam.send(
    new CreateRoleCommand({ RoleName: 'worker', AssumeRolePolicyDocument: trusting('lambda.amazonaws.com') }),
  );

  expect(events).toMatchObject([
    { region: 'us-east-1', source: 'aws.iam', detail: { awsRegion: 'us-east-1' } },
  ]);
});

describe('who it was', () => {
  it('root', async () => {
    await newGroup();

    expect(lastRecord().userIdentity).toEqual({
      type: 'Root',
      principalId: '111122223333',
      arn: 'arn:aws:iam::111122223333:root',
      accountId: '111122223333',
      accessKeyId: sandbox.credentials().accessKeyId,
    });
  });

  it('a role session names its role', async () => {
    const trust = trusting('lambda.amazonaws.com');
    const role = seedRole(sandbox.world, sandbox.account, {
      name: 'worker',
      path: '/app/',
      trust,
      attached: ['AdministratorAccess'],
    });
    const credentials = sandbox.credentials({ role: 'worker', session: 's1' });
    const worker = clientsWith({ ...sandbox.clientConfig(), credentials });
    await sandbox.world.clock.advance(60_000);
    await worker.ec2.send(new CreateSecurityGroupCommand({ GroupName: 'b', Description: 'b' }));

    expect(lastRecord().userIdentity).toEqual({
      type: 'AssumedRole',
      principalId: `${role.id}:s1`,
      arn: 'arn:aws:sts::111122223333:assumed-role/worker/s1',
      accountId: '111122223333',
      accessKeyId: credentials.accessKeyId,
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: role.id,
          arn: 'arn:aws:iam::111122223333:role/app/worker',
          accountId: '111122223333',
          userName: 'worker',
        },
        attributes: { creationDate: '2026-11-02T08:00:00Z', mfaAuthenticated: 'false' },
      },
    });
  });

  it('B3.31 an AWS service has no address', async () => {
    const service = {
      type: 'AWSService',
      arn: 'cloudformation.amazonaws.com',
      account: '111122223333',
      principalId: 'cloudformation.amazonaws.com',
      accessKeyId: '',
    } as const;
    const where = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
    const input = { GroupName: 'c', Description: 'c' };
    await sandbox.world.invoke(service, where, 'ec2', 'CreateSecurityGroup', input).catch(() => {});

    expect(lastRecord()).toMatchObject({
      userIdentity: { type: 'AWSService', invokedBy: 'cloudformation.amazonaws.com' },
      sourceIPAddress: 'cloudformation.amazonaws.com',
      userAgent: 'cloudformation.amazonaws.com',
    });
  });
});

function trusting(service: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  });
}
