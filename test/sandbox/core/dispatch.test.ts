import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { CreateSecurityGroupCommand, DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2';
import { ListRolesCommand } from '@aws-sdk/client-iam';
import { GetFunctionCommand } from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { beforeEach, describe, expect, it } from 'vitest';
import type { BusEvent } from '../../../sandbox/core/world.ts';
import { createSandbox, type Sandbox } from '../../../sandbox/sandbox.ts';
import { seedUser } from '../../../sandbox/services/iam/store.ts';
import { clientsWith } from '../wire/clients.ts';

let sandbox: Sandbox;
let root: ReturnType<typeof clientsWith>;
let events: BusEvent[];
beforeEach(() => {
  sandbox = createSandbox();
  root = clientsWith(sandbox.clientConfig());
  events = [];
  sandbox.world.onEvent((event) => void events.push(event));
});
const group = { GroupName: 'web', Description: 'web servers' };

it('notes every call with its caller, place and outcome, until told to forget', async () => {
  await root.sts.send(new GetCallerIdentityCommand({}));
  await root.dynamodb.send(new DeleteTableCommand({ TableName: 'absent' })).catch(() => {});
  const where = {
    account: '111122223333',
    region: 'eu-west-1',
    partition: 'aws',
    at: sandbox.world.clock.now(),
  };

  expect(sandbox.world.calls).toMatchObject([
    { ...where, service: 'sts', operation: 'GetCallerIdentity', principal: 'arn:aws:iam::111122223333:root' },
    { ...where, service: 'dynamodb', operation: 'DeleteTable', error: 'ResourceNotFoundException' },
  ]);
  sandbox.world.forgetCalls();
  expect(sandbox.world.calls).toEqual([]);
});

describe('faults on demand', () => {
  it.each([
    ['ec2', 'RequestLimitExceeded', 503, () => root.ec2.send(new DescribeSecurityGroupsCommand({}))],
    ['iam', 'Throttling', 400, () => root.iam.send(new ListRolesCommand({}))],
    [
      'dynamodb',
      'ThrottlingException',
      400,
      () => root.dynamodb.send(new DeleteTableCommand({ TableName: 'abc' })),
    ],
    [
      'lambda',
      'TooManyRequestsException',
      429,
      () => root.lambda.send(new GetFunctionCommand({ FunctionName: 'f' })),
    ],
  ] as const)('B5.28 %s throttles with %s', async (service, name, httpStatusCode, ask) => {
    sandbox.world.faults.add({ service, kind: 'throttle' });

    await expect(ask()).rejects.toMatchObject({ name, $metadata: { httpStatusCode } });
  });

  it('lets calls pass first, strikes as often as told, and only where told', async () => {
    const fault = sandbox.world.faults.add({
      operation: 'GetCallerIdentity',
      when: (_input, call) => call.region === 'eu-west-1',
      after: 1,
      times: 2,
      kind: 'error',
      code: 'InternalFailure',
      status: 500,
    });
    const elsewhere = clientsWith(sandbox.clientConfig({ region: 'us-east-1' }));
    const outcomes: string[] = [];
    for (const { sts } of [root, elsewhere, root, root, root]) {
      const answer = sts.send(new GetCallerIdentityCommand({}));
      outcomes.push(await answer.then(() => 'ok').catch((error: Error) => error.name));
    }

    expect(outcomes).toEqual(['ok', 'ok', 'InternalFailure', 'InternalFailure', 'ok']);
    expect(fault.struck()).toBe(2);
  });

  it('strikes with the first fault that fits, until it is removed or all are cleared', async () => {
    const first = sandbox.world.faults.add({ kind: 'error', code: 'First', status: 400 });
    sandbox.world.faults.add({ kind: 'error', code: 'Second', status: 400 });
    const ask = () =>
      root.sts
        .send(new GetCallerIdentityCommand({}))
        .then(() => 'ok')
        .catch((error: Error) => error.name);
    const seen = [await ask()];
    first.remove();
    seen.push(await ask());
    sandbox.world.faults.clear();

    expect([...seen, await ask()]).toEqual(['First', 'Second', 'ok']);
  });

  it('denies in the words of the service', async () => {
    sandbox.world.faults.add({ service: 'ec2', kind: 'denied' });

    await expect(root.ec2.send(new DescribeSecurityGroupsCommand({}))).rejects.toMatchObject({
      name: 'UnauthorizedOperation',
      message: expect.stringContaining('ec2:DescribeSecurityGroups'),
    });
  });

  it('does nothing on a timeout, but does all on a timeout after the fact', async () => {
    const names = async () => {
      const { SecurityGroups = [] } = await root.ec2.send(new DescribeSecurityGroupsCommand({}));
      return SecurityGroups.map(({ GroupName }) => GroupName);
    };
    sandbox.world.faults.add({ operation: 'CreateSecurityGroup', kind: 'timeout', times: 1 });
    sandbox.world.faults.add({ operation: 'CreateSecurityGroup', kind: 'timeout-after', times: 1 });
    const create = () => root.ec2.send(new CreateSecurityGroupCommand(group));

    await expect(create()).rejects.toMatchObject({ name: 'TimeoutError' });
    expect([await names(), events.length]).toEqual([['default'], 0]);
    await expect(create()).rejects.toMatchObject({ name: 'TimeoutError' });
    expect([await names(), events.length]).toEqual([['default', 'web'], 1]);
    expect(sandbox.world.calls.filter(({ error }) => error === 'TimeoutError')).toHaveLength(2);
  });

  it('runs an effect right before the operation', async () => {
    const seen: string[] = [];
    sandbox.world.faults.add({
      kind: 'run',
      effect: (call) => void seen.push(`${call.service}:${call.operation}`),
    });
    await root.sts.send(new GetCallerIdentityCommand({}));

    expect(seen).toEqual(['sts:GetCallerIdentity']);
  });
});

describe('IAM', () => {
  it('refuses what no policy allows, and notes what was granted', async () => {
    const { world, account } = sandbox;
    seedUser(world, account, {
      name: 'reader',
      policies: {
        read: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'iam:List*', Resource: '*' }] },
      },
    });
    const reader = clientsWith(sandbox.clientConfig({ user: 'reader' }));
    await reader.iam.send(new ListRolesCommand({}));
    await expect(reader.ec2.send(new CreateSecurityGroupCommand(group))).rejects.toMatchObject({
      name: 'UnauthorizedOperation',
      $metadata: { httpStatusCode: 403 },
    });

    const used = world.grantsUsed.get('arn:aws:iam::111122223333:user/reader');
    expect([...(used ?? [])]).toEqual([['iam:ListRoles', 1]]);
  });

  it('B3.33 answers a dry run of an allowed call with an error, and changes nothing', async () => {
    await expect(
      root.ec2.send(new CreateSecurityGroupCommand({ ...group, DryRun: true })),
    ).rejects.toMatchObject({ name: 'DryRunOperation', $metadata: { httpStatusCode: 412 } });
    const { SecurityGroups } = await root.ec2.send(new DescribeSecurityGroupsCommand({}));

    expect(SecurityGroups).toHaveLength(1);
  });
});

describe('calls from inside', () => {
  const events = {
    type: 'AWSService',
    arn: 'events.amazonaws.com',
    account: '111122223333',
    principalId: 'events.amazonaws.com',
    accessKeyId: '',
  } as const;
  const where = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };

  it('go the same way, with the answer as the operation gave it', async () => {
    const answer = await sandbox.world.invoke(events, where, 'sts', 'GetCallerIdentity', {});

    expect(answer).toMatchObject({ Arn: 'events.amazonaws.com' });
    expect(sandbox.world.calls).toMatchObject([{ service: 'sts', principal: 'events.amazonaws.com' }]);
  });

  it('are denied, hit by faults and refused when unknown like all others', async () => {
    const invoke = (service: string, operation: string) =>
      sandbox.world.invoke(events, where, service, operation, {});
    await expect(invoke('iam', 'ListRoles')).rejects.toMatchObject({ code: 'AccessDenied' });
    await expect(invoke('sts', 'AssumeRoot')).rejects.toMatchObject({ code: 'NotImplemented' });
    await expect(invoke('glacier', 'ListVaults')).rejects.toThrow('does not implement the service glacier');
    sandbox.world.faults.add({ service: 'sts', kind: 'reset' });

    await expect(invoke('sts', 'GetCallerIdentity')).rejects.toMatchObject({ kind: 'reset' });
  });
});

it('gives the same ids for the same seed, and others for another', async () => {
  const idWith = async (seed: number) => {
    const { ec2 } = clientsWith(createSandbox({ seed }).clientConfig());
    return (await ec2.send(new CreateSecurityGroupCommand(group))).GroupId;
  };

  expect(await idWith(7)).toBe(await idWith(7));
  expect(await idWith(7)).not.toBe(await idWith(8));
});
