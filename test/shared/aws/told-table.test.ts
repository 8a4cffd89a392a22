import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { beforeEach, expect, it } from 'vitest';
import { claimTelling, noteTold } from '../../../shared/aws/told-table.ts';
import { simulated } from './fixture.ts';

const ARN = 'arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1';
const told = (key: string, hour: number) => ({ resourceArn: ARN, key, until: at(hour) });
const at = (hour: number): Date => new Date(Date.UTC(2026, 10, 2, hour));

let world: ReturnType<typeof simulated>;
beforeEach(async () => {
  world = simulated();
  await new DynamoDBClient(world.sandbox.clientConfig()).send(
    new CreateTableCommand({
      TableName: 'journal',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
});

it('B5.38 of two runs at once only one tells', async () => {
  const both = [1, 2].map(() => claimTelling(world.aws, 'journal', told('policy/a', 32), at(8)));

  expect((await Promise.all(both)).sort()).toEqual([false, true]);
});

it.each([
  { when: 'before the time is over', key: 'policy/a', now: at(31), first: false },
  { when: 'when the time is over', key: 'policy/a', now: at(32), first: true },
  { when: 'about something else', key: 'policy/b', now: at(9), first: true },
])('B5.38 $when it is told again: $first', async ({ key, now, first }) => {
  await noteTold(world.aws, 'journal', told('policy/a', 32));

  expect(await claimTelling(world.aws, 'journal', told(key, 56), now)).toBe(first);
});

it('a table that is not there is an error, not silence', async () => {
  await expect(claimTelling(world.aws, 'none', told('policy/a', 32), at(8))).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
  });
});

it('B5.37 a claim that came to nothing ends, and is confirmed by what was told', async () => {
  await claimTelling(world.aws, 'journal', told('policy/a', 9), at(8));

  expect(await claimTelling(world.aws, 'journal', told('policy/a', 10), at(9))).toBe(true);
  await noteTold(world.aws, 'journal', told('policy/a', 32));
  expect(await claimTelling(world.aws, 'journal', told('policy/a', 33), at(31))).toBe(false);
});
