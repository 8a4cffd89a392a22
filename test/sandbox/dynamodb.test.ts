import * as ddb from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../sandbox/sandbox.ts';

const TableName = 'journal';
const ARN = `arn:aws:dynamodb:eu-west-1:111122223333:table/${TableName}`;
const HOUR = 3_600_000;

let sandbox: Sandbox;
let client: ddb.DynamoDBClient;
const settings = () => ({ ...sandbox.clientConfig(), maxAttempts: 1 });
beforeEach(async () => {
  sandbox = createSandbox();
  client = new ddb.DynamoDBClient(settings());
  await client.send(
    new ddb.CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'run', KeyType: 'HASH' },
        { AttributeName: 'line', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'run', AttributeType: 'S' },
        { AttributeName: 'line', AttributeType: 'N' },
      ],
    }),
  );
});

const item = (line: number, more: Record<string, ddb.AttributeValue> = {}) => ({
  run: { S: 'r1' },
  line: { N: String(line) },
  ...more,
});
const put = (Item: Record<string, ddb.AttributeValue>, more: Partial<ddb.PutItemCommandInput> = {}) =>
  client.send(new ddb.PutItemCommand({ TableName, Item, ...more }));
const get = async (line: number) =>
  (await client.send(new ddb.GetItemCommand({ TableName, Key: item(line), ConsistentRead: true }))).Item;

describe('tables', () => {
  it('a table is active as soon as it is made, with the simulated time and its ARN', async () => {
    const { Table } = await client.send(new ddb.DescribeTableCommand({ TableName }));
    expect(Table).toMatchObject({
      TableStatus: 'ACTIVE',
      TableArn: ARN,
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      CreationDateTime: new Date(sandbox.world.clock.now()),
    });
  });

  it('accounts and regions do not share tables', async () => {
    const elsewhere = new ddb.DynamoDBClient({ ...settings(), region: 'us-east-1' });
    expect((await client.send(new ddb.ListTablesCommand({}))).TableNames).toEqual([TableName]);
    expect((await elsewhere.send(new ddb.ListTablesCommand({}))).TableNames).toEqual([]);
  });

  it('a deleted table is gone, unless it is protected', async () => {
    await client.send(new ddb.UpdateTableCommand({ TableName, DeletionProtectionEnabled: true }));
    await expect(client.send(new ddb.DeleteTableCommand({ TableName }))).rejects.toThrow(
      /protected against deletion/,
    );
    await client.send(new ddb.UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
    await client.send(new ddb.DeleteTableCommand({ TableName }));
    await expect(client.send(new ddb.DescribeTableCommand({ TableName }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('tags and point-in-time recovery are kept', async () => {
    await client.send(
      new ddb.TagResourceCommand({ ResourceArn: ARN, Tags: [{ Key: 'team', Value: 'ops' }] }),
    );
    const { Tags } = await client.send(new ddb.ListTagsOfResourceCommand({ ResourceArn: ARN }));
    expect(Tags).toEqual([{ Key: 'team', Value: 'ops' }]);
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
    await client.send(
      new ddb.UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }),
    );
    const { ContinuousBackupsDescription: backups } = await client.send(
      new ddb.DescribeContinuousBackupsCommand({ TableName }),
    );
    expect(backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus).toBe('ENABLED');
  });

  it('a member that is not supported is refused by name', async () => {
    const StreamSpecification = { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' } as const;
    await expect(client.send(new ddb.UpdateTableCommand({ TableName, StreamSpecification }))).rejects.toThrow(
      /does not implement StreamSpecification of dynamodb:UpdateTable/,
    );
  });
});

describe('items', () => {
  it('values of every type come back as they went', async () => {
    const values: Record<string, ddb.AttributeValue> = {
      text: { S: 'ö"\n' },
      number: { N: '12345678901234567890' },
      bytes: { B: Uint8Array.of(0, 255, 1) },
      flags: { L: [{ BOOL: true }, { NULL: true }, { SS: ['a', 'b'] }] },
      B: { M: { B: { S: 'not bytes' }, __proto: { S: 'plain' } } },
      sets: { BS: [Uint8Array.of(7)] },
    };
    await put(item(1, values));
    const read = await get(1);
    expect(Buffer.from(read?.bytes?.B ?? [])).toEqual(Buffer.from([0, 255, 1]));
    expect(Buffer.from(read?.sets?.BS?.[0] ?? [])).toEqual(Buffer.from([7]));
    const { bytes, sets, ...rest } = read ?? {};
    const { bytes: _, sets: __, ...expected } = values;
    expect(rest).toEqual(item(1, expected));
  });

  it('a conditional write is refused when its condition fails, with the item when asked for', async () => {
    await put(item(1, { state: { S: 'intent' } }));
    const again = {
      ConditionExpression: 'attribute_not_exists(#r)',
      ExpressionAttributeNames: { '#r': 'run' },
    };
    await expect(put(item(1), again)).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      message: 'The conditional request failed',
    });
    await expect(
      put(item(1), { ...again, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
    ).rejects.toMatchObject({
      Item: item(1, { state: { S: 'intent' } }),
    });
    await put(item(2), again);
  });

  it('of writers that race for one item exactly one wins', async () => {
    const once = {
      ConditionExpression: 'attribute_not_exists(#r)',
      ExpressionAttributeNames: { '#r': 'run' },
    };
    const races = await Promise.allSettled([1, 2, 3, 4, 5].map(() => put(item(9), once)));
    expect(races.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('updates, queries, deletes', async () => {
    for (const line of [1, 2, 3]) await put(item(line));
    const { Attributes } = await client.send(
      new ddb.UpdateItemCommand({
        TableName,
        Key: item(2),
        UpdateExpression: 'ADD hits :one SET #s = :s',
        ExpressionAttributeNames: { '#s': 'state' },
        ExpressionAttributeValues: { ':one': { N: '1' }, ':s': { S: 'done' } },
        ReturnValues: 'ALL_NEW',
      }),
    );
    expect(Attributes).toEqual(item(2, { hits: { N: '1' }, state: { S: 'done' } }));
    await client.send(new ddb.DeleteItemCommand({ TableName, Key: item(1) }));
    const { Items } = await client.send(
      new ddb.QueryCommand({
        TableName,
        KeyConditionExpression: 'run = :r AND line > :l',
        ExpressionAttributeValues: { ':r': { S: 'r1' }, ':l': { N: '0' } },
        ScanIndexForward: false,
      }),
    );
    expect(Items?.map(({ line }) => line?.N)).toEqual(['3', '2']);
    expect((await client.send(new ddb.ScanCommand({ TableName }))).Count).toBe(2);
  });

  it('a table that is not there is ResourceNotFoundException', async () => {
    const read = new ddb.GetItemCommand({ TableName: 'nothing', Key: item(1) });
    await expect(client.send(read)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('an operation that is not implemented says so', async () => {
    await expect(client.send(new ddb.ExecuteStatementCommand({ Statement: 'SELECT 1' }))).rejects.toThrow(
      /does not implement dynamodb:ExecuteStatement/,
    );
  });
});

describe('transactions', () => {
  const check = (line: number, ConditionExpression: string): ddb.TransactWriteItem => ({
    ConditionCheck: { TableName, Key: item(line), ConditionExpression },
  });

  it('all writes happen, or none and the reasons are told', async () => {
    const Put = { TableName, Item: item(1) };
    const failing = [{ Put }, check(2, 'attribute_exists(line)')];
    await expect(
      client.send(new ddb.TransactWriteItemsCommand({ TransactItems: failing })),
    ).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }],
    });
    expect(await get(1)).toBeUndefined();
    const passing = [{ Put }, check(2, 'attribute_not_exists(line)')];
    await client.send(new ddb.TransactWriteItemsCommand({ TransactItems: passing }));
    expect(await get(1)).toEqual(item(1));
  });

  it('the same client token is answered once', async () => {
    const Update = {
      TableName,
      Key: item(1),
      UpdateExpression: 'ADD hits :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    };
    const command = () =>
      new ddb.TransactWriteItemsCommand({ TransactItems: [{ Update }], ClientRequestToken: 't' });
    await client.send(command());
    await client.send(command());
    expect((await get(1))?.hits).toEqual({ N: '1' });
  });

  it('a write that fails after the conditions takes the others back', async () => {
    await put(item(1, { hits: { S: 'many' } }));
    const ExpressionAttributeValues = { ':one': { N: '1' } };
    const Update = { TableName, Key: item(1), UpdateExpression: 'ADD hits :one', ExpressionAttributeValues };
    const TransactItems = [{ Put: { TableName, Item: item(2) } }, { Update }];
    await expect(client.send(new ddb.TransactWriteItemsCommand({ TransactItems }))).rejects.toThrow();
    expect(await get(2)).toBeUndefined();
  });
});

it('expired items vanish with the next sweep of the simulated clock', async () => {
  const TimeToLiveSpecification = { Enabled: true, AttributeName: 'expires' };
  await client.send(new ddb.UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
  const { TimeToLiveDescription } = await client.send(new ddb.DescribeTimeToLiveCommand({ TableName }));
  expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' });
  const second = (offset: number) => ({
    expires: { N: String((sandbox.world.clock.now() + offset) / 1000) },
  });
  await put(item(1, second(HOUR / 2)));
  await put(item(2, second(5 * HOUR)));
  await put(item(3, { expires: { S: 'soon' } }));
  await sandbox.world.clock.advance(HOUR / 2 + 1000);
  expect(await get(1)).toBeDefined();
  await sandbox.world.clock.advance(HOUR);
  expect(await get(1)).toBeUndefined();
  expect(await get(2)).toBeDefined();
  await sandbox.world.clock.advance(5 * HOUR);
  expect(await get(2)).toBeUndefined();
  expect(await get(3)).toBeDefined();
});

it('IAM, faults and CloudTrail stand before the table', async () => {
  sandbox.world.faults.add({ service: 'dynamodb', operation: 'PutItem', kind: 'throttle', times: 1 });
  await expect(put(item(1))).rejects.toMatchObject({ name: expect.stringMatching(/Throttl|Throughput/) });
  await put(item(1));
  const scp = {
    Version: '2012-10-17',
    Statement: { Effect: 'Deny', Action: 'dynamodb:PutItem', Resource: ARN },
  };
  sandbox.world.accounts.get('111122223333')?.scps.push(JSON.stringify(scp));
  await expect(put(item(2))).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining(`dynamodb:PutItem on resource: ${ARN} with an explicit deny`),
    $metadata: { httpStatusCode: 400 },
  });
});

it('a policy may grant the rows of one partition key', async () => {
  const granted = {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Deny',
      Action: 'dynamodb:PutItem',
      Resource: ARN,
      Condition: { 'ForAnyValue:StringNotEquals': { 'dynamodb:LeadingKeys': 'r1' } },
    },
  };
  sandbox.world.accounts.get('111122223333')?.scps.push(JSON.stringify(granted));
  await put(item(1));
  await expect(put({ ...item(1), run: { S: 'r2' } })).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
});
