import { ListRolesCommand } from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { seedRole, seedUser } from '../../sandbox/services/iam/store.ts';
import { clientsWith } from './wire/clients.ts';

const ANA = 'arn:aws:iam::111122223333:user/ana';
const ROLE = 'arn:aws:iam::111122223333:role/operator';

let sandbox: Sandbox;
let ana: STSClient;
beforeEach(() => {
  sandbox = createSandbox();
  ana = new STSClient({ ...sandbox.clientConfig({ user: 'ana' }), maxAttempts: 1 });
  role('operator');
});

interface Trust {
  readonly by?: string;
  readonly condition?: object;
  readonly account?: string;
}

/** A role that `by` may assume. */
function role(
  name: string,
  { by = ANA, condition, account = '111122223333' }: Trust = {},
  maxSessionDuration = 7200,
) {
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: by },
    Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
  };
  const trust = {
    Version: '2012-10-17',
    Statement: [{ ...statement, ...(condition ? { Condition: condition } : {}) }],
  };
  seedRole(sandbox.world, account, { name, trust, attached: ['AdministratorAccess'], maxSessionDuration });
}

const assume = (input: Partial<AssumeRoleCommandInput> = {}, from = ana) =>
  from.send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'incident-7', ...input }));

/** Clients that sign with what AssumeRole answered. */
async function assumed(input: Partial<AssumeRoleCommandInput> = {}, from = ana) {
  const { Credentials } = await assume(input, from);
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  const credentials = {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  };
  return clientsWith({ ...sandbox.clientConfig(), credentials });
}

it('hands out temporary credentials of a role that trusts the caller', async () => {
  const answer = await assume();

  expect(answer).toMatchObject({
    Credentials: {
      AccessKeyId: expect.stringMatching(/^ASIA/),
      Expiration: new Date('2026-11-02T09:00:00Z'),
    },
    AssumedRoleUser: {
      Arn: 'arn:aws:sts::111122223333:assumed-role/operator/incident-7',
      AssumedRoleId: expect.stringMatching(/^AROA\w+:incident-7$/),
    },
  });
  const { sts } = await assumed();
  expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: '111122223333',
    Arn: answer.AssumedRoleUser?.Arn,
    UserId: answer.AssumedRoleUser?.AssumedRoleId,
  });
});

it('B5.25 the credentials hold until they expire, to the millisecond', async () => {
  const { sts } = await assumed({ DurationSeconds: 900 });
  await sandbox.world.clock.advance(899_999);
  await expect(sts.send(new GetCallerIdentityCommand({}))).resolves.toBeDefined();
  await sandbox.world.clock.advance(1);

  await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: 'ExpiredToken' });
});

describe('B5.26 AccessDenied', () => {
  it.each([
    ['a role that trusts somebody else', 'stranger', 'arn:aws:iam::111122223333:user/bob'],
    ['a role that does not exist', 'absent', undefined],
  ])('%s', async (_what, name, by) => {
    if (by) {
      seedUser(sandbox.world, sandbox.account, { name: 'bob' });
      role(name, { by });
    }
    const RoleArn = `arn:aws:iam::111122223333:role/${name}`;

    await expect(assume({ RoleArn })).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining(
        `User: ${ANA} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
      ),
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('a role that asks for an external id, unless the right one is given', async () => {
    role('vendor', { condition: { StringEquals: { 'sts:ExternalId': 'reeve-1' } } });
    const RoleArn = 'arn:aws:iam::111122223333:role/vendor';

    await expect(assume({ RoleArn })).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(assume({ RoleArn, ExternalId: 'other' })).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(assume({ RoleArn, ExternalId: 'reeve-1' })).resolves.toBeDefined();
  });

  it('root, who may assume no role', async () => {
    const root = new STSClient({ ...sandbox.clientConfig(), maxAttempts: 1 });

    await expect(assume({}, root)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: 'Roles may not be assumed by root accounts.',
    });
  });
});

it('B5.34 a role of another account acts in that account', async () => {
  sandbox.world.addAccount({ id: '999900001111' });
  role('reeve', { account: '999900001111' });
  const { sts } = await assumed({ RoleArn: 'arn:aws:iam::999900001111:role/reeve' });

  expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: '999900001111' });
});

describe('how long a session lives', () => {
  it.each([
    [900, 'resolves'],
    [7200, 'resolves'],
    [899, 'greater than or equal to 900'],
    [7201, 'exceeds the MaxSessionDuration set for this role'],
    [43_201, 'less than or equal to 43200'],
  ])('%i seconds: %s', async (DurationSeconds, outcome) => {
    const answer = assume({ DurationSeconds });

    if (outcome === 'resolves') await expect(answer).resolves.toBeDefined();
    else {
      const message = expect.stringContaining(outcome);
      await expect(answer).rejects.toMatchObject({ name: 'ValidationError', message });
    }
  });

  it('B5.25 one hour at most when it goes over from another role', async () => {
    role('second', { by: ROLE });
    const { sts } = await assumed();
    const RoleArn = 'arn:aws:iam::111122223333:role/second';

    await expect(assume({ RoleArn, DurationSeconds: 3600 }, sts)).resolves.toBeDefined();
    await expect(assume({ RoleArn, DurationSeconds: 3601 }, sts)).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining('role chaining'),
    });
  });
});

it.each([
  [
    'a name with a space',
    { RoleSessionName: 'two words' },
    "at 'roleSessionName' failed to satisfy constraint",
  ],
  ['a name of one letter', { RoleSessionName: 'x' }, 'roleSessionName'],
  ['a name of 65 letters', { RoleSessionName: 'x'.repeat(65) }, 'roleSessionName'],
  ['no role', { RoleArn: '' }, "Value null at 'roleArn'"],
  ['an ARN of a user', { RoleArn: ANA }, `${ANA} is invalid`],
  ['an external id with a space', { ExternalId: 'a b' }, 'externalId'],
  [
    'a policy of more than 2,048 characters',
    { Policy: `{"a":"${'x'.repeat(2048)}"}` },
    'less than or equal to 2048',
  ],
])('refuses %s', async (_what, input, message) => {
  await expect(assume(input)).rejects.toMatchObject({
    name: 'ValidationError',
    message: expect.stringContaining(message),
  });
});

it('names the parameters that it does not act on', async () => {
  await expect(assume({ Tags: [{ Key: 'team', Value: 'web' }] })).rejects.toMatchObject({
    name: 'NotImplemented',
    message: 'The sandbox does not implement Tags of sts:AssumeRole.',
  });
});

describe('session policies', () => {
  const allowing = (Action: string) =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });

  it('narrow what the role may do', async () => {
    const narrow = await assumed({ Policy: allowing('ec2:*') });
    await expect(narrow.iam.send(new ListRolesCommand({}))).rejects.toMatchObject({ name: 'AccessDenied' });
    const wide = await assumed({ PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/AdministratorAccess' }] });

    await expect(wide.iam.send(new ListRolesCommand({}))).resolves.toBeDefined();
  });

  it('tell how much of the space they take', async () => {
    expect((await assume({ Policy: allowing('ec2:*') })).PackedPolicySize).toBeGreaterThan(0);
    expect((await assume()).PackedPolicySize).toBeUndefined();
  });

  it('B5.27 may be short enough and still too large when packed', async () => {
    const Resource = Array.from(
      { length: 40 },
      (_, n) => `arn:aws:s3:::${(n * 7_919_111_317).toString(36)}-${n * n}`,
    );
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:*', Resource }],
    });
    expect(Policy.length).toBeLessThan(2048);
    await expect(assume({ Policy })).resolves.toBeDefined();
    const incompressible = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: `arn:aws:s3:::${varied(1_600)}` }],
    });

    await expect(assume({ Policy: incompressible })).rejects.toMatchObject({
      name: 'PackedPolicyTooLargeException',
      message: expect.stringMatching(/^Packed policy consumes \d+% of allotted space/),
    });
  });

  it('have to be policies', async () => {
    await expect(assume({ Policy: '{"Statement":' })).rejects.toMatchObject({
      name: 'MalformedPolicyDocumentException',
    });
    const PolicyArns = [{ arn: 'arn:aws:iam::111122223333:policy/absent' }];
    await expect(assume({ PolicyArns })).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException' });
  });
});

it('a source identity goes along from role to role and cannot be changed', async () => {
  role('second', { by: ROLE });
  const RoleArn = 'arn:aws:iam::111122223333:role/second';
  const { sts } = await assumed({ SourceIdentity: 'ana-at-desk' });

  expect(await assume({ RoleArn }, sts)).toMatchObject({ SourceIdentity: 'ana-at-desk' });
  await expect(assume({ RoleArn, SourceIdentity: 'somebody' }, sts)).rejects.toMatchObject({
    name: 'AccessDenied',
  });
});

/** Text that no compression can shorten much, the same each time. */
function varied(length: number): string {
  let state = 12_345;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return ((state >>> 8) % 36).toString(36);
  }).join('');
}
