import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Context } from 'aws-lambda';
import { createSandbox, type SandboxOptions } from '../../../sandbox/sandbox.ts';
import type { Aws } from '../../../shared/aws/access.ts';
import type { Policy } from '../../../shared/engine/policy.ts';
import type { Place, Signal } from '../../../shared/engine/signal.ts';
import type { Change, Resource } from '../../../shared/engine/verdict.ts';

export const ACCOUNT = '111122223333';
const STACK = `arn:aws:cloudformation:eu-west-1:${ACCOUNT}:stack/reeve-main/1`;
const Action = 'sqs:SendMessage';
const OPEN = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action, Resource: '*' }],
});

/** What a deployed function finds: table, topic, queue and kill switch in a sandbox, served over HTTP or not, and its environment. */
export async function deployed({ served = true, ...options }: SandboxOptions & { served?: boolean } = {}) {
  const sandbox = createSandbox(options);
  const endpoint = served ? (await sandbox.listen()).endpoint : sandbox.clientConfig().endpoint;
  const config = sandbox.clientConfig();
  const sqs = new SQSClient(config);
  const sns = new SNSClient(config);
  const ssm = new SSMClient(config);
  await new DynamoDBClient(config).send(
    new CreateTableCommand({
      TableName: 'journal',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'open', 'lease'].map((AttributeName) => ({
        AttributeName,
        AttributeType: AttributeName === 'lease' ? 'N' : 'S',
      })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-open',
          KeySchema: [
            { AttributeName: 'open', KeyType: 'HASH' },
            { AttributeName: 'lease', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    }),
  );
  const queue = async (QueueName: string): Promise<string> =>
    (await sqs.send(new CreateQueueCommand({ QueueName, Attributes: { Policy: OPEN } }))).QueueUrl ?? '';
  const [work, inbox] = [await queue('work'), await queue('inbox')];
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'topic' }));
  const inboxArn = `arn:aws:sqs:eu-west-1:${ACCOUNT}:inbox`;
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: inboxArn }));
  const turn = (Value: string) =>
    ssm.send(new PutParameterCommand({ Name: '/reeve/kill-switch', Value, Type: 'String', Overwrite: true }));
  await turn('off');
  const { accessKeyId, secretAccessKey } = sandbox.credentials();
  const received = async (QueueUrl: string): Promise<readonly string[]> => {
    await sandbox.world.clock.settle();
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    return Messages.map(({ Body = '' }) => Body);
  };
  return {
    sandbox,
    turn,
    work: () => received(work),
    inbox: () => received(inbox),
    environment: {
      AWS_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      REEVE_JOURNAL_TABLE: 'journal',
      REEVE_TOPIC_ARN: TopicArn,
      REEVE_KILL_SWITCH: '/reeve/kill-switch',
      REEVE_WORK_QUEUE_URL: work,
      REEVE_STACK_ID: STACK,
    },
  };
}

export const context = (change: Partial<Context> = {}): Context => ({
  awsRequestId: 'request-1',
  invokedFunctionArn: `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:reeve-main-tidy`,
  functionName: 'reeve-main-tidy',
  functionVersion: '$LATEST',
  memoryLimitInMB: '512',
  logGroupName: '/aws/lambda/reeve-main-tidy',
  logStreamName: 'stream',
  callbackWaitsForEmptyEventLoop: false,
  getRemainingTimeInMillis: () => 300_000,
  done: () => {},
  fail: () => {},
  succeed: () => {},
  ...change,
});

export interface Seen {
  readonly signal: Signal;
  readonly place: Place;
}

/** A policy that finds one untidy resource wherever it looks, and notes where it looked and what it tidied. */
export function tidy(found: (place: Place) => Resource | undefined = untidy) {
  const seen: Seen[] = [];
  const tidied: string[] = [];
  const policy: Policy<Aws, { readonly word: string }, Resource, string, Change> = {
    name: 'tidy',
    title: 'All is tidy',
    kind: 'security',
    async *find(signal, _settings, { place }) {
      seen.push({ signal, place });
      const resource = found(place);
      yield { resources: resource === undefined ? [] : [resource], missing: [] };
    },
    gather: async (resources, { word }) => new Map(resources.map(({ id }) => [id, word])),
    judge: (resource, word) => {
      if (tidied.includes(resource.id)) {
        return { verdict: 'compliant', reasonCode: 'tidy', reason: 'It is tidy', evidence: [] };
      }
      const remedy: Change = {
        action: 'tidy',
        summary: `Tidy ${resource.id}`,
        fingerprint: resource.id,
        before: { word },
        undo: 'Make a mess',
        parameters: {},
      };
      const reason = `${resource.id} is a mess`;
      const violation = { reasonCode: 'untidy', reason, evidence: [], severity: 'high', advice: [] } as const;
      return { verdict: 'violation', ...violation, remedy };
    },
    act: async (_change, resource) => {
      tidied.push(resource.id);
      return { result: 'done', after: {}, requestId: undefined };
    },
  };
  return { policy, seen, tidied };
}

export function untidy({ region }: Place): Resource {
  const id = `thing-${region}`;
  return {
    type: 'AWS::Test::Thing',
    id,
    arn: `arn:aws:test:${region}:${ACCOUNT}:${id}`,
    name: undefined,
    tags: new Map(),
  };
}

export const ownTags = new Map([['aws:cloudformation:stack-id', STACK]]);

/** What the build embeds, for `tidy`. */
export const embedded = (change: object = {}): unknown => ({
  version: 1,
  policy: 'tidy',
  guard: {
    mode: 'enforce',
    caps: { count: 10, percent: 100, window: { minutes: 60, count: 100 } },
    exemption: { tag: 'reeve:exempt', maxDays: 90, setBy: [] },
    protect: { ids: [], names: [], tags: [] },
    breaker: { escalateAt: 3, openAt: 10 },
    accounts: [],
  },
  settings: { word: 'mess' },
  regions: 'own',
  killSwitch: '/reeve/kill-switch',
  notify: {},
  ...change,
});
