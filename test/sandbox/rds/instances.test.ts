import * as rds from '@aws-sdk/client-rds';
import * as tagging from '@aws-sdk/client-resource-groups-tagging-api';
import { beforeEach, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../../sandbox/sandbox.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ARN = 'arn:aws:rds:eu-west-1:111122223333:db:orders';

let sandbox: Sandbox;
let client: rds.RDSClient;
beforeEach(() => {
  sandbox = createSandbox();
  client = new rds.RDSClient({ ...sandbox.clientConfig(), maxAttempts: 1 });
});

const create = (more: Partial<rds.CreateDBInstanceCommandInput> = {}) =>
  client.send(
    new rds.CreateDBInstanceCommand({
      DBInstanceIdentifier: 'Orders',
      DBInstanceClass: 'db.t4g.micro',
      Engine: 'postgres',
      AllocatedStorage: 20,
      MasterUsername: 'admin',
      MasterUserPassword: 'a-secret-word',
      ...more,
    }),
  );
const describeAll = (input: rds.DescribeDBInstancesCommandInput = {}) =>
  client.send(new rds.DescribeDBInstancesCommand(input));
const status = async () => (await describeAll()).DBInstances?.[0]?.DBInstanceStatus;
const id = { DBInstanceIdentifier: 'orders' };

it('a database takes minutes to come, to stop and to start', async () => {
  await create();
  expect(await status()).toBe('creating');
  await sandbox.world.clock.advance(5 * MINUTE);
  expect(await status()).toBe('available');
  await client.send(new rds.StopDBInstanceCommand(id));
  expect(await status()).toBe('stopping');
  await sandbox.world.clock.advance(5 * MINUTE);
  expect(await status()).toBe('stopped');
  await client.send(new rds.StartDBInstanceCommand(id));
  expect(await status()).toBe('starting');
  await sandbox.world.clock.advance(5 * MINUTE);
  expect(await status()).toBe('available');
});

it('a stopped database starts by itself after seven days', async () => {
  await create();
  await sandbox.world.clock.advance(5 * MINUTE);
  await client.send(new rds.StopDBInstanceCommand(id));
  await sandbox.world.clock.advance(7 * DAY);
  expect(await status()).toBe('stopped');
  await sandbox.world.clock.advance(10 * MINUTE);

  expect(await status()).toBe('available');
});

it('a deleted database is gone after minutes', async () => {
  await create();
  await client.send(new rds.DeleteDBInstanceCommand({ ...id, SkipFinalSnapshot: true }));
  expect(await status()).toBe('deleting');
  await sandbox.world.clock.advance(5 * MINUTE);

  expect((await describeAll()).DBInstances).toEqual([]);
  await expect(describeAll(id)).rejects.toMatchObject({ name: 'DBInstanceNotFoundFault' });
});

it('carries tags, also through the Tagging API', async () => {
  await create({ Tags: [{ Key: 'team', Value: 'web' }] });
  await client.send(
    new rds.AddTagsToResourceCommand({ ResourceName: ARN, Tags: [{ Key: 'Owner', Value: 'ana' }] }),
  );
  await client.send(new rds.RemoveTagsFromResourceCommand({ ResourceName: ARN, TagKeys: ['team'] }));
  const api = new tagging.ResourceGroupsTaggingAPIClient(sandbox.clientConfig());
  await api.send(new tagging.TagResourcesCommand({ ResourceARNList: [ARN], Tags: { stage: 'test' } }));
  const { TagList } = await client.send(new rds.ListTagsForResourceCommand({ ResourceName: ARN }));
  const found = await api.send(new tagging.GetResourcesCommand({ ResourceTypeFilters: ['rds:db'] }));

  expect(TagList).toEqual([
    { Key: 'Owner', Value: 'ana' },
    { Key: 'stage', Value: 'test' },
  ]);
  expect((await describeAll(id)).DBInstances?.[0]?.TagList).toEqual(TagList);
  expect(found.ResourceTagMappingList).toHaveLength(1);
});

it('lists 100 a page, or as few as 20', async () => {
  for (let index = 0; index < 21; index += 1) {
    await create({ DBInstanceIdentifier: `db${String(index).padStart(2, '0')}` });
  }
  const first = await describeAll({ MaxRecords: 20 });
  const second = await describeAll({ MaxRecords: 20, Marker: first.Marker });

  expect([first.DBInstances?.length, second.DBInstances?.length, second.Marker]).toEqual([20, 1, undefined]);
});

it.each<[string, () => Promise<unknown>]>([
  ['DBInstanceAlreadyExistsFault', () => create()],
  ['InvalidDBInstanceStateFault', () => client.send(new rds.StopDBInstanceCommand(id))],
  ['InvalidDBInstanceStateFault', () => client.send(new rds.StartDBInstanceCommand(id))],
  ['InvalidParameterCombination', () => client.send(new rds.DeleteDBInstanceCommand(id))],
  [
    'InvalidParameterCombination',
    () => client.send(new rds.DeleteDBInstanceCommand({ ...id, SkipFinalSnapshot: true })),
  ],
  ['InvalidParameterValue', () => create({ DBInstanceIdentifier: '1st' })],
  ['InvalidParameterValue', () => describeAll({ MaxRecords: 19 })],
  ['InvalidParameterValue', () => create({ DBInstanceIdentifier: 'x', Tags: [{ Key: 'aws:x' }] })],
  ['NotImplemented', () => create({ DBInstanceIdentifier: 'x', Iops: 3000 })],
  ['NotImplemented', () => describeAll({ Filters: [{ Name: 'engine', Values: ['postgres'] }] })],
])('%s', async (name, act) => {
  await create({ DeletionProtection: true });

  await expect(act()).rejects.toMatchObject({ name });
});

it('describes several by identifier or ARN, and refuses filters that it does not know', async () => {
  await create();
  await create({ DBInstanceIdentifier: 'stock' });
  await create({ DBInstanceIdentifier: 'users' });
  const named = (Name: string, ...Values: string[]) => describeAll({ Filters: [{ Name, Values }] });

  const found = await named('db-instance-id', ARN, 'users', 'gone');
  expect(found.DBInstances?.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier)).toEqual([
    'orders',
    'users',
  ]);
  await expect(named('engine', 'postgres')).rejects.toMatchObject({ name: 'NotImplemented' });
});
