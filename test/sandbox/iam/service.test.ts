import * as iam from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../../sandbox/sandbox.ts';

const VERSION = '2012-10-17';
const TRUST = JSON.stringify({
  Version: VERSION,
  Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
});
const policy = (Action: string, Resource = '*', Effect = 'Allow') =>
  JSON.stringify({ Version: VERSION, Statement: { Effect, Action, Resource } });

let sandbox: Sandbox;
let root: iam.IAMClient;
beforeEach(async () => {
  sandbox = createSandbox();
  root = new iam.IAMClient({ ...sandbox.clientConfig(), maxAttempts: 1 });
  await root.send(
    new iam.CreateRoleCommand({ RoleName: 'worker', AssumeRolePolicyDocument: TRUST, Path: '/reeve/' }),
  );
  await root.send(new iam.CreateUserCommand({ UserName: 'bob' }));
});

const refused = (name: string, message: RegExp = /./) =>
  expect.objectContaining({ name, message: expect.stringMatching(message) });

describe('roles', () => {
  it('a role is read back as it was made', async () => {
    const { Role } = await root.send(new iam.GetRoleCommand({ RoleName: 'worker' }));
    expect(Role).toMatchObject({
      Arn: 'arn:aws:iam::111122223333:role/reeve/worker',
      RoleId: expect.stringMatching(/^AROA[A-Z0-9]{17}$/),
      MaxSessionDuration: 3600,
      CreateDate: new Date(sandbox.world.clock.now()),
    });
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toBe(TRUST);
    const { Roles } = await root.send(new iam.ListRolesCommand({ PathPrefix: '/reeve/' }));
    expect(Roles?.map(({ RoleName }) => RoleName)).toEqual(['worker']);
  });

  it('inline policies are put, read, listed and deleted', async () => {
    const put = { RoleName: 'worker', PolicyName: 'may', PolicyDocument: policy('sqs:SendMessage') };
    await root.send(new iam.PutRolePolicyCommand(put));
    const read = await root.send(new iam.GetRolePolicyCommand({ RoleName: 'worker', PolicyName: 'may' }));
    expect(decodeURIComponent(read.PolicyDocument ?? '')).toBe(put.PolicyDocument);
    expect((await root.send(new iam.ListRolePoliciesCommand({ RoleName: 'worker' }))).PolicyNames).toEqual([
      'may',
    ]);
    await root.send(new iam.DeleteRolePolicyCommand({ RoleName: 'worker', PolicyName: 'may' }));
    await expect(
      root.send(new iam.GetRolePolicyCommand({ RoleName: 'worker', PolicyName: 'may' })),
    ).rejects.toEqual(refused('NoSuchEntityException', /role policy with name may cannot be found/));
  });

  it('managed policies are made, attached, listed and detached', async () => {
    const { Policy } = await root.send(
      new iam.CreatePolicyCommand({ PolicyName: 'queues', PolicyDocument: policy('sqs:*') }),
    );
    const attach = { RoleName: 'worker', PolicyArn: Policy?.Arn };
    await root.send(new iam.AttachRolePolicyCommand(attach));
    const lambda = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
    await root.send(new iam.AttachRolePolicyCommand({ RoleName: 'worker', PolicyArn: lambda }));
    const listed = await root.send(new iam.ListAttachedRolePoliciesCommand({ RoleName: 'worker' }));
    expect(listed.AttachedPolicies?.map(({ PolicyName }) => PolicyName)).toEqual([
      'queues',
      'AWSLambdaBasicExecutionRole',
    ]);
    const version = await root.send(
      new iam.GetPolicyVersionCommand({ PolicyArn: Policy?.Arn, VersionId: 'v1' }),
    );
    expect(decodeURIComponent(version.PolicyVersion?.Document ?? '')).toBe(policy('sqs:*'));
    await expect(root.send(new iam.DeletePolicyCommand({ PolicyArn: Policy?.Arn }))).rejects.toEqual(
      refused('DeleteConflictException'),
    );
    await expect(root.send(new iam.DeleteRoleCommand({ RoleName: 'worker' }))).rejects.toEqual(
      refused('DeleteConflictException', /detach all policies/),
    );
    await root.send(new iam.DetachRolePolicyCommand(attach));
    await root.send(new iam.DetachRolePolicyCommand({ RoleName: 'worker', PolicyArn: lambda }));
    await root.send(new iam.DeleteRoleCommand({ RoleName: 'worker' }));
  });

  it.each<{ what: string; command: () => Promise<unknown>; error: string }>([
    {
      what: 'a role twice',
      command: () =>
        root.send(new iam.CreateRoleCommand({ RoleName: 'worker', AssumeRolePolicyDocument: TRUST })),
      error: 'EntityAlreadyExistsException',
    },
    {
      what: 'a user twice',
      command: () => root.send(new iam.CreateUserCommand({ UserName: 'bob' })),
      error: 'EntityAlreadyExistsException',
    },
    {
      what: 'an unknown role',
      command: () => root.send(new iam.GetRoleCommand({ RoleName: 'nobody' })),
      error: 'NoSuchEntityException',
    },
    {
      what: 'an unknown managed policy',
      command: () =>
        root.send(
          new iam.AttachRolePolicyCommand({
            RoleName: 'worker',
            PolicyArn: 'arn:aws:iam::aws:policy/NoSuchPolicy',
          }),
        ),
      error: 'NoSuchEntityException',
    },
    {
      what: 'a trust policy that is none',
      command: () =>
        root.send(
          new iam.CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: policy('sts:AssumeRole') }),
        ),
      error: 'MalformedPolicyDocumentException',
    },
    {
      what: 'a policy that is none',
      command: () =>
        root.send(new iam.PutRolePolicyCommand({ RoleName: 'worker', PolicyName: 'p', PolicyDocument: '{' })),
      error: 'MalformedPolicyDocumentException',
    },
    {
      what: 'a policy that is too long',
      command: () =>
        root.send(
          new iam.PutRolePolicyCommand({
            RoleName: 'worker',
            PolicyName: 'p',
            PolicyDocument: policy('sqs:*', `arn:aws:sqs:*:*:${'q'.repeat(10_240)}`),
          }),
        ),
      error: 'LimitExceededException',
    },
    {
      what: 'a name with a blank',
      command: () => root.send(new iam.CreateUserCommand({ UserName: 'a b' })),
      error: 'ValidationError',
    },
  ])('$what is refused with $error', async ({ command, error }) => {
    await expect(command()).rejects.toEqual(refused(error));
  });

  it('what is not implemented says so', async () => {
    await expect(root.send(new iam.ListGroupsCommand({}))).rejects.toThrow(
      /does not implement iam:ListGroups/,
    );
  });
});

describe('IAM is evaluated on every call', () => {
  const clientOfBob = async () => {
    const { AccessKey } = await root.send(new iam.CreateAccessKeyCommand({ UserName: 'bob' }));
    const credentials = {
      accessKeyId: AccessKey?.AccessKeyId ?? '',
      secretAccessKey: AccessKey?.SecretAccessKey ?? '',
    };
    return { ...sandbox.clientConfig(), credentials, maxAttempts: 1 };
  };

  it('a user may do what a policy allows him and nothing else, in words of AWS', async () => {
    const bob = new iam.IAMClient(await clientOfBob());
    const get = () => bob.send(new iam.GetRoleCommand({ RoleName: 'worker' }));
    await expect(get()).rejects.toMatchObject({
      name: 'AccessDenied',
      message:
        'User: arn:aws:iam::111122223333:user/bob is not authorized to perform: iam:GetRole on resource: arn:aws:iam::111122223333:role/reeve/worker because no identity-based policy allows the iam:GetRole action',
      $metadata: { httpStatusCode: 403 },
    });
    const own = policy('iam:GetRole', 'arn:aws:iam::*:role/reeve/*');
    await root.send(
      new iam.PutUserPolicyCommand({ UserName: 'bob', PolicyName: 'read', PolicyDocument: own }),
    );
    expect((await get()).Role?.RoleName).toBe('worker');
    await expect(bob.send(new iam.GetUserCommand({}))).rejects.toEqual(
      refused('AccessDenied', /iam:GetUser/),
    );
  });

  it('notes which granted actions were used', async () => {
    const bob = new iam.IAMClient(await clientOfBob());
    await root.send(
      new iam.PutUserPolicyCommand({
        UserName: 'bob',
        PolicyName: 'read',
        PolicyDocument: policy('iam:Get*'),
      }),
    );
    await bob.send(new iam.GetUserCommand({}));
    await bob.send(new iam.DeleteUserCommand({ UserName: 'bob' })).catch(() => undefined);
    const used = sandbox.world.grantsUsed.get('arn:aws:iam::111122223333:user/bob');
    expect([...(used ?? [])]).toEqual([['iam:GetUser', 1]]);
  });

  it('a service control policy binds root as well, and says so', async () => {
    const scp = policy('iam:*', '*', 'Deny');
    sandbox.world.accounts.get('111122223333')?.scps.push(scp);
    await expect(root.send(new iam.ListUsersCommand({}))).rejects.toEqual(
      refused('AccessDenied', /with an explicit deny in a service control policy$/),
    );
    const sts = new STSClient(sandbox.clientConfig());
    expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe('111122223333');
  });

  it('an attached AWS managed policy counts', async () => {
    const bob = new iam.IAMClient(await clientOfBob());
    const arn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
    await root.send(new iam.AttachUserPolicyCommand({ UserName: 'bob', PolicyArn: arn }));
    expect((await bob.send(new iam.ListUsersCommand({}))).Users?.map(({ UserName }) => UserName)).toContain(
      'bob',
    );
    await expect(bob.send(new iam.CreateUserCommand({ UserName: 'eve' }))).rejects.toEqual(
      refused('AccessDenied'),
    );
  });
});
