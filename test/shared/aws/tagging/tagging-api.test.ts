import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { beforeEach, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../../../sandbox/sandbox.ts';
import type { Aws } from '../../../../shared/aws/access.ts';
import { createAws } from '../../../../shared/aws/factory.ts';
import { taggedResources, tagResources, untagResources } from '../../../../shared/aws/tagging/tagging-api.ts';

let sandbox: Sandbox;
let sns: SNSClient;
let aws: Aws;
beforeEach(() => {
  sandbox = createSandbox();
  const { account, region } = sandbox;
  const { credentials, endpoint, requestHandler } = sandbox.clientConfig({ user: 'reeve' });
  sns = new SNSClient({ ...sandbox.clientConfig(), maxAttempts: 1 });
  aws = createAws(
    { partition: 'aws', account, region },
    { credentials: async () => credentials, endpoint, requestHandler },
  );
});

const owner = new Map([['Owner', 'ops']]);

async function topics(count: number, tagged = true): Promise<readonly { id: string; arn: string }[]> {
  const made = Array.from({ length: count }, async (_, index) => {
    const Tags = tagged ? [{ Key: 'Name', Value: `t-${index}` }] : [];
    const { TopicArn: arn = '' } = await sns.send(new CreateTopicCommand({ Name: `topic-${index}`, Tags }));
    return { id: arn, arn };
  });
  return Promise.all(made);
}

it('B2.30 tells nothing of what was never tagged', async () => {
  await topics(3, false);

  expect(await taggedResources(aws, ['sns'])).toEqual(new Map());
});

it('reads page after page, a hundred a page', async () => {
  await topics(201);
  sandbox.world.forgetCalls();

  const found = await taggedResources(aws, ['sns']);

  expect(found.size).toBe(201);
  expect(sandbox.world.calls.map(({ operation }) => operation)).toEqual(Array(3).fill('GetResources'));
});

it('B2.32 a listing that outlasts its token begins anew, each ARN once', async () => {
  await topics(150);
  let pages = 0;
  sandbox.world.faults.add({
    operation: 'GetResources',
    kind: 'error',
    code: 'PaginationTokenExpiredException',
    status: 400,
    times: 1,
    when: () => ++pages === 2,
  });

  expect((await taggedResources(aws, ['sns'])).size).toBe(150);
});

it('B2.31 asks for twenty at a time and looks at each that failed', async () => {
  const made = await topics(20);
  const gone = { id: 'gone', arn: `${made[0]?.arn}-gone` };
  sandbox.world.forgetCalls();

  const written = await tagResources(aws, [...made, gone], owner);

  expect(sandbox.world.calls.filter(({ operation }) => operation === 'TagResources')).toHaveLength(2);
  expect(written.filter(({ failure }) => failure)).toMatchObject([{ id: 'gone', failure: { kind: 'gone' } }]);
  const found = await taggedResources(aws, ['sns']);
  expect([...found.values()].every((tags) => tags.get('Owner') === 'ops')).toBe(true);
});

it('B2.31 one that the service itself denies is told, the others are tagged', async () => {
  const [first, second] = await topics(2);
  if (!first || !second) throw new Error('no topics');
  sandbox.world.faults.add({
    service: 'sns',
    operation: 'TagResource',
    kind: 'denied',
    when: (input) => JSON.stringify(input).includes(first.arn),
  });

  const written = await tagResources(aws, [first, second], owner);

  expect(written).toMatchObject([{ failure: { kind: 'denied' } }, { failure: undefined }]);
});

it('a call that fails as a whole concerns all of its twenty', async () => {
  const made = await topics(2);
  sandbox.world.faults.add({ operation: 'TagResources', kind: 'denied' });

  expect(await tagResources(aws, made, owner)).toMatchObject([
    { failure: { kind: 'denied' } },
    { failure: { kind: 'denied' } },
  ]);
});

it('removes by key', async () => {
  const made = await topics(1);
  await tagResources(aws, made, owner);

  await untagResources(aws, made, owner);

  expect([...((await taggedResources(aws, ['sns'])).get(made[0]?.arn ?? '') ?? [])]).toEqual([
    ['Name', 't-0'],
  ]);
});

it('B2.19 never tags a stack, which would update all that is in it', async () => {
  const arn = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/shop/1';

  await expect(tagResources(aws, [{ id: 'shop', arn }], owner)).rejects.toThrow('would update the stack');
  expect(sandbox.world.calls).toEqual([]);
});
