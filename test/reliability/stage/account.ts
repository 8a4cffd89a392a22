import { readFileSync } from 'node:fs';
import { loadSharedConfigFiles } from '@smithy/core/config';
import { parse } from 'yaml';
import * as z from 'zod';
import type { Principal } from '../../../sandbox/core/principal.ts';
import type { BusEvent } from '../../../sandbox/core/world.ts';
import { createSandbox, type Sandbox } from '../../../sandbox/sandbox.ts';
import { inboxOf } from '../../../sandbox/services/sns/state.ts';
import { messagesIn } from '../../../sandbox/services/sqs/state.ts';
import type { Place } from '../../../shared/engine/signal.ts';
import type { Environment } from '../../../shared/lambda/environment.ts';
import type { FunctionName } from './functions.ts';

const ACCOUNT = '111122223333';
const REGION = 'eu-west-1';
const STACK = `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/reeve-main/1`;
const KILL_SWITCH = '/reeve/kill-switch';

/** As function-stack.yml has them. */
const WORK_VISIBILITY_SECONDS = 1800;
const WORK_RECEIVES = 3;

export interface AccountOptions {
  readonly seed: number;
  /** Default: a Monday at noon. */
  readonly now?: Date;
}

/** A simulated account with the parts that the stack brings, and people who work in it. */
export class Account {
  readonly sandbox: Sandbox;
  readonly place: Place = { partition: 'aws', account: ACCOUNT, region: REGION };
  /** What happened since somebody last took it from here. */
  readonly events: BusEvent[] = [];
  readonly #root: Principal;

  private constructor({ seed, now = new Date('2026-11-02T12:00:00Z') }: AccountOptions) {
    this.sandbox = createSandbox({ seed, now });
    this.#root = principalOf(this.sandbox);
    this.sandbox.world.onEvent((event) => this.events.push(event));
  }

  static async open(options: AccountOptions, policies: readonly FunctionName[]): Promise<Account> {
    // Once a process, and not while invocations take turns: a file is read as fast as the machine likes.
    await loadSharedConfigFiles();
    const account = new Account(options);
    await account.as('dynamodb', 'CreateTable', JOURNAL);
    const { TopicArn } = strings(await account.as('sns', 'CreateTopic', { Name: 'topic' }));
    await account.as('sns', 'Subscribe', { TopicArn, Protocol: 'email', Endpoint: 'people@example.com' });
    for (const name of new Set<FunctionName>([...policies, 'undo'])) {
      await account.as('sqs', 'CreateQueue', { QueueName: `${name}-dead` });
      const RedrivePolicy = JSON.stringify({
        deadLetterTargetArn: account.queueArn(`${name}-dead`),
        maxReceiveCount: WORK_RECEIVES,
      });
      const Attributes = { VisibilityTimeout: String(WORK_VISIBILITY_SECONDS), RedrivePolicy };
      await account.as('sqs', 'CreateQueue', { QueueName: `${name}-work`, Attributes });
    }
    await account.turn('off');
    await account.world.clock.settle();
    account.events.splice(0);
    return account;
  }

  get world() {
    return this.sandbox.world;
  }

  /** Where the sandbox's seeds put things. */
  get inside() {
    return { ...this.place, world: this.world };
  }

  now(): Date {
    return new Date(this.world.clock.now());
  }

  /** What the stack tells a function. */
  environment(policy: FunctionName): Environment {
    return {
      region: REGION,
      journalTable: 'journal',
      topicArn: this.topicArn,
      killSwitch: KILL_SWITCH,
      workQueueUrl: `http://127.0.0.1/${ACCOUNT}/${policy}-work`,
      stackId: STACK,
      endpoint: 'http://127.0.0.1',
    };
  }

  get topicArn(): string {
    return `arn:aws:sns:${REGION}:${ACCOUNT}:topic`;
  }

  queueArn(name: string): string {
    return `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
  }

  /** A call of somebody who may do everything, without the wire. */
  async as(service: string, operation: string, input: object): Promise<unknown> {
    return this.world.invoke(this.#root, this.place, service, operation, input);
  }

  async turn(Value: 'on' | 'off'): Promise<void> {
    await this.as('ssm', 'PutParameter', { Name: KILL_SWITCH, Value, Type: 'String', Overwrite: true });
  }

  /** What people were told, oldest first, each message with its findings. */
  messages(): readonly string[] {
    return inboxOf(this.world, this.topicArn)
      .filter(({ error }) => error === undefined)
      .map(({ subject = '', message }) => `${subject}\n${message}`);
  }

  waiting(policy: FunctionName, queue: 'work' | 'dead') {
    return messagesIn(this.world, this.queueArn(`${policy}-${queue}`));
  }
}

function principalOf(sandbox: Sandbox): Principal {
  const { accessKeyId } = sandbox.credentials();
  const held = sandbox.world.credential(accessKeyId);
  if (held === undefined) throw new Error('the account has no root');
  return held.principal;
}

/** The members of an answer that are texts. */
export function strings(answer: unknown): Readonly<Record<string, string>> {
  const members = Object.entries(Object(answer)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(members);
}

const template = z.object({ resources: z.array(z.unknown()) });
const withJournal = z.object({
  Resources: z.object({ Journal: z.object({ Properties: z.record(z.string(), z.unknown()) }) }),
});

/** The journal's table as the stack makes it, without what only CloudFormation sets by itself. */
function journalTable(): object {
  const text = readFileSync(new URL('../../../serverless.yml', import.meta.url), 'utf8');
  // CloudFormation's own tags (`!Sub`) are none of YAML's; the journal has none.
  const parts = template.parse(parse(text, { logLevel: 'silent' })).resources;
  const [found] = parts.flatMap((part) => withJournal.safeParse(part).data ?? []);
  if (found === undefined) throw new Error('serverless.yml has no Journal');
  const { Properties } = found.Resources.Journal;
  const { BillingMode, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = Properties;
  return { TableName: 'journal', BillingMode, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes };
}

const JOURNAL = journalTable();
