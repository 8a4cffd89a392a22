import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2';
import { ListRolesCommand } from '@aws-sdk/client-iam';
import { GetFunctionCommand } from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, it } from 'vitest';
import { createSandbox } from '../../../sandbox/sandbox.ts';
import { seedRole } from '../../../sandbox/services/iam/store.ts';
import { clientsWith } from './clients.ts';

type Clients = ReturnType<typeof clientsWith>;

/** One read per protocol, with what a caller without valid keys is told. */
const READS = [
  {
    protocol: 'ec2Query',
    ask: ({ ec2 }: Clients) => ec2.send(new DescribeSecurityGroupsCommand({})),
    unknown: ['AuthFailure', 401],
    expired: ['RequestExpired', 400],
  },
  {
    protocol: 'awsQuery',
    ask: ({ iam }: Clients) => iam.send(new ListRolesCommand({})),
    unknown: ['InvalidClientTokenId', 403],
    expired: ['ExpiredToken', 403],
  },
  {
    protocol: 'awsJson1_0',
    ask: ({ dynamodb }: Clients) => dynamodb.send(new ListTablesCommand({})),
    unknown: ['UnrecognizedClientException', 400],
    expired: ['ExpiredTokenException', 400],
  },
  {
    protocol: 'restJson1',
    ask: ({ lambda }: Clients) => lambda.send(new GetFunctionCommand({ FunctionName: 'absent' })),
    unknown: ['UnrecognizedClientException', 403],
    expired: ['ExpiredTokenException', 403],
  },
] as const;

const refusal = ([name, httpStatusCode]: readonly [string, number]) => ({
  name,
  $metadata: { httpStatusCode },
});
const HOUR_MS = 3_600_000;

it.each(READS)('B5.30 unknown keys are refused in the words of $protocol', async ({ ask, unknown }) => {
  const sandbox = createSandbox();
  const credentials = { accessKeyId: 'AKIAUNKNOWN', secretAccessKey: 'secret' };

  await expect(ask(clientsWith({ ...sandbox.clientConfig(), credentials }))).rejects.toMatchObject(
    refusal(unknown),
  );
  expect(sandbox.world.calls).toEqual([]);
});

it.each(READS)(
  'B5.30 a region that was not opted into knows no keys in $protocol',
  async ({ protocol, ask, unknown }) => {
    const sandbox = createSandbox();
    const answer = ask(clientsWith(sandbox.clientConfig({ region: 'af-south-1' })));

    // IAM is one for the whole partition: it answers from everywhere.
    if (protocol === 'awsQuery') await expect(answer).resolves.toBeDefined();
    else await expect(answer).rejects.toMatchObject(refusal(unknown));
  },
);

it.each(READS)(
  'B5.25 a session that has run out is refused in the words of $protocol',
  async ({ ask, expired }) => {
    const sandbox = createSandbox();
    const { world, account } = sandbox;
    seedRole(world, account, { name: 'worker', trust: TRUST, attached: ['AdministratorAccess'] });
    const principal = {
      type: 'Root',
      arn: `arn:aws:iam::${account}:root`,
      account,
      principalId: account,
    } as const;
    const clients = clientsWith({
      ...sandbox.clientConfig(),
      credentials: keysOf(world.issue(principal, HOUR_MS)),
    });
    await world.clock.advance(HOUR_MS - 1);
    await ask(clients).catch((error: Error) => expect(error.name).toBe('ResourceNotFoundException'));
    await world.clock.advance(1);

    await expect(ask(clients)).rejects.toMatchObject(refusal(expired));
  },
);

it('B5.30 an opted-in region is open', async () => {
  const sandbox = createSandbox({ region: 'af-south-1' });

  await expect(
    clientsWith(sandbox.clientConfig()).ec2.send(new DescribeSecurityGroupsCommand({})),
  ).resolves.toBeDefined();
});

it('refuses temporary keys without their session token', async () => {
  const sandbox = createSandbox();
  seedRole(sandbox.world, sandbox.account, { name: 'worker', trust: TRUST });
  const { sessionToken, ...bare } = sandbox.credentials({ role: 'worker' });
  const sts = new STSClient({ ...sandbox.clientConfig(), credentials: bare });

  expect(sessionToken).toMatch(/^IQoJ/);
  await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: 'InvalidClientTokenId',
  });
});

it.each([
  ['root', {}, 'arn:aws:iam::111122223333:root'],
  ['a user', { user: 'ana' }, 'arn:aws:iam::111122223333:user/ana'],
  ['a role session', { role: 'worker', session: 's1' }, 'arn:aws:sts::111122223333:assumed-role/worker/s1'],
  ['another account', { account: '999900001111' }, 'arn:aws:iam::999900001111:root'],
])('hands out keys of %s, the same each time', async (_who, holder, arn) => {
  const sandbox = createSandbox();
  sandbox.world.addAccount({ id: '999900001111' });
  seedRole(sandbox.world, sandbox.account, { name: 'worker', trust: TRUST });
  const credentials = sandbox.credentials(holder);
  const sts = new STSClient({ ...sandbox.clientConfig(), credentials });

  expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Arn: arn });
  expect(sandbox.credentials(holder)).toEqual(credentials);
});

it('hands out no keys of a role or an account that does not exist', () => {
  const sandbox = createSandbox();

  expect(() => sandbox.credentials({ role: 'absent' })).toThrow('Account 111122223333 has no role absent.');
  expect(() => sandbox.credentials({ account: '1' })).toThrow('The sandbox has no account 1.');
});

const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

function keysOf({ accessKeyId, secretAccessKey, sessionToken }: ReturnType<Issue>) {
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}
type Issue = ReturnType<typeof createSandbox>['world']['issue'];
