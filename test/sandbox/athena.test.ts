import * as athena from '@aws-sdk/client-athena';
import { beforeEach, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../sandbox/sandbox.ts';

let sandbox: Sandbox;
let client: athena.AthenaClient;
beforeEach(() => {
  sandbox = createSandbox();
  client = new athena.AthenaClient({ ...sandbox.clientConfig(), maxAttempts: 1 });
});

const results = (OutputLocation: string) => ({ ResultConfiguration: { OutputLocation } });
const create = (Name: string, Configuration?: athena.WorkGroupConfiguration) =>
  client.send(new athena.CreateWorkGroupCommand({ Name, Configuration }));
const get = async (name: string) =>
  (await client.send(new athena.GetWorkGroupCommand({ WorkGroup: name }))).WorkGroup;
const list = (input: athena.ListWorkGroupsInput = {}) => client.send(new athena.ListWorkGroupsCommand(input));

it('B4.18 a workgroup names where its results go', async () => {
  await create('reports', results('s3://answers/2026/'));
  expect(await get('reports')).toMatchObject({
    ...{ Name: 'reports', State: 'ENABLED', CreationTime: new Date(sandbox.world.clock.now()) },
    Configuration: {
      ...results('s3://answers/2026/'),
      EnforceWorkGroupConfiguration: true,
    },
  });
});

it('every region has the workgroup primary', async () => {
  expect((await list()).WorkGroups).toMatchObject([{ Name: 'primary', State: 'ENABLED' }]);
  expect((await get('primary'))?.Configuration?.ResultConfiguration).toBeUndefined();
});

it('lists page after page, without configuration', async () => {
  for (const name of ['b', 'a', 'c']) await create(name, results('s3://answers'));
  const first = await list({ MaxResults: 2 });
  const second = await list({ MaxResults: 2, NextToken: first.NextToken });
  expect([first, second].map(({ WorkGroups }) => WorkGroups?.map(({ Name }) => Name))).toEqual([
    ['a', 'b'],
    ['c', 'primary'],
  ]);
  expect(second.NextToken).toBeUndefined();
  expect(first.WorkGroups?.[0]).not.toHaveProperty('Configuration');
});

it.each<[string, string, () => Promise<unknown>]>([
  ['a name that is taken', 'InvalidRequestException', () => create('reports')],
  ['primary once more', 'InvalidRequestException', () => create('primary')],
  ['a name with a blank', 'InvalidRequestException', () => create('two words')],
  ['results outside S3', 'InvalidRequestException', () => create('x', results('https://answers'))],
  ['no such workgroup', 'InvalidRequestException', () => get('absent')],
  ['a page too large', 'InvalidRequestException', () => list({ MaxResults: 51 })],
  ['a strange token', 'InvalidRequestException', () => list({ NextToken: 'mine' })],
  ['what is not simulated', 'NotImplemented', () => create('x', { RequesterPaysEnabled: true })],
])('%s is refused: %s', async (_when, name, act) => {
  await create('reports');
  await expect(act()).rejects.toMatchObject({ name });
});
