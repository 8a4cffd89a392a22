import { AuthorizeSecurityGroupIngressCommand, DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2';
import { expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../../sandbox/sandbox.ts';
import { clientsWith } from '../wire/clients.ts';

/** How many of `count` calls pass before the first `RequestLimitExceeded`. */
async function passed(count: number, ask: () => Promise<unknown>): Promise<number> {
  for (let n = 0; n < count; n++) {
    const refused = await ask().then(
      () => false,
      (error: Error) => error.name === 'RequestLimitExceeded',
    );
    if (refused) return n;
  }
  return count;
}

const throttled = () => createSandbox({ behaviour: { throttling: true } });
const ec2Of = (sandbox: Sandbox, region = 'eu-west-1') => clientsWith(sandbox.clientConfig({ region })).ec2;
const REVOKES = {
  GroupId: 'sg-00000000000000000',
  CidrIp: '0.0.0.0/0',
  IpProtocol: 'tcp',
  FromPort: 22,
  ToPort: 22,
};

it.each([
  ['a describe call without filter', 50, 10, new DescribeSecurityGroupsCommand({})],
  ['a describe call with a page size', 100, 20, new DescribeSecurityGroupsCommand({ MaxResults: 5 })],
  ['a change', 50, 5, new AuthorizeSecurityGroupIngressCommand(REVOKES)],
] as const)('B5.28 %s has %i tokens at once and %i a second', async (_what, burst, perSecond, command) => {
  const sandbox = throttled();
  const ec2 = ec2Of(sandbox);
  const ask = () => ec2.send(command as DescribeSecurityGroupsCommand);

  expect(await passed(burst + 1, ask)).toBe(burst);
  await sandbox.world.clock.advance(1_000);
  expect(await passed(perSecond + 1, ask)).toBe(perSecond);
  await sandbox.world.clock.advance(3_600_000);
  expect(await passed(burst + 1, ask)).toBe(burst);
});

it('keeps a bucket for each region and action', async () => {
  const sandbox = throttled();
  const read = new DescribeSecurityGroupsCommand({});
  expect(await passed(60, () => ec2Of(sandbox).send(read))).toBe(50);

  expect(await passed(10, () => ec2Of(sandbox, 'us-east-1').send(read))).toBe(10);
  expect(await passed(10, () => ec2Of(sandbox).send(new AuthorizeSecurityGroupIngressCommand(REVOKES)))).toBe(
    10,
  );
});

it('throttles nothing unless it is told to', async () => {
  const ec2 = ec2Of(createSandbox());

  expect(await passed(60, () => ec2.send(new DescribeSecurityGroupsCommand({})))).toBe(60);
});
