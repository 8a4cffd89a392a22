import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../../sandbox/sandbox.ts';
import { type Connection, createAws } from '../../../shared/aws/factory.ts';
import { PatientRetry } from '../../../shared/aws/retry.ts';
import type { Place } from '../../../shared/engine/signal.ts';

export const HOME: Place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };

/** A sandbox, the wrapper's connection to it without real waiting, and how long would have been waited. */
export function simulated(options: SandboxOptions = {}) {
  const sandbox = createSandbox(options);
  const slept: number[] = [];
  const time = {
    now: () => new Date(sandbox.world.clock.now()),
    sleep: async (ms: number) => {
      slept.push(ms);
    },
    random: () => 1,
  };
  const connection = (who: Parameters<Sandbox['credentials']>[0] = {}): Connection => ({
    credentials: async () => sandbox.credentials(who),
    requestHandler: sandbox.requestHandler,
    endpoint: 'http://127.0.0.1:1',
    retryStrategy: new PatientRetry({ attempts: 3, ...time }),
  });
  return { sandbox, world: sandbox.world, time, slept, connection, aws: createAws(HOME, connection()) };
}

/** `simulated`, with a table of the journal's keys, `journal`. */
export async function withTable() {
  const made = simulated();
  await made.aws.send(
    DynamoDBClient,
    new CreateTableCommand({
      TableName: 'journal',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
  return made;
}

/** The wrapper's connection to a sandbox that is there already, retries without waiting. */
export function wrapped(sandbox: Sandbox, who: Parameters<Sandbox['credentials']>[0] = {}) {
  return createAws(HOME, {
    credentials: async () => sandbox.credentials(who),
    requestHandler: sandbox.requestHandler,
    endpoint: 'http://127.0.0.1:1',
    retryStrategy: new PatientRetry({
      attempts: 3,
      now: () => new Date(0),
      sleep: async () => {},
      random: () => 1,
    }),
  });
}
