import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { deploy, type Stack } from '../../sandbox/cloudformation/deploy.ts';
import { createSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { inboxOf } from '../../sandbox/services/sns/state.ts';
import { grantsOf } from './grants.ts';
import { packaged } from './packaged.ts';

const DENIED = /^(UnauthorizedOperation|AccessDenied(Exception)?|AuthorizationError(Exception)?)$/;

interface Change {
  readonly action: string;
  readonly resource: string;
  readonly result: string | undefined;
}

/** An account in which one policy is deployed as packaged; the clock stands still until somebody turns it. */
export class Workplace {
  readonly sandbox: Sandbox;
  readonly stack: Stack;
  readonly #template: string | object;
  readonly #policy: string;

  private constructor(sandbox: Sandbox, stack: Stack, template: string | object, policy: string) {
    this.sandbox = sandbox;
    this.stack = stack;
    this.#template = template;
    this.#policy = policy;
  }

  static async open(policy: string, config: string, now: string): Promise<Workplace> {
    const sandbox = createSandbox({ now: new Date(now) });
    await sandbox.listen();
    const deployment = await packaged(config);
    const stack = await deploy(sandbox, deployment);
    const workplace = new Workplace(sandbox, stack, deployment.template, policy);
    await workplace
      .client(SNSClient)
      .send(
        new SubscribeCommand({ TopicArn: workplace.#topic, Protocol: 'email', Endpoint: 'ops@example.com' }),
      );
    await workplace.settle();
    return workplace;
  }

  get world() {
    return this.sandbox.world;
  }

  get place() {
    const { account, region, world } = this.sandbox;
    return { partition: 'aws', account, region, world };
  }

  get functionName(): string {
    return `reeve-main-${this.#policy}`;
  }

  get #topic(): string {
    return this.stack.outputs.AnnouncementsTopic ?? '';
  }

  ref(logicalId: string): string {
    const { physicalId } = this.stack.resources.get(logicalId) ?? {};
    if (physicalId === undefined) throw new Error(`The stack has no ${logicalId}`);
    return physicalId;
  }

  client<C>(
    Client: new (config: ReturnType<Sandbox['clientConfig']> & { maxAttempts: number }) => C,
    user = 'ana',
  ): C {
    return new Client({ ...this.sandbox.clientConfig({ user }), maxAttempts: 1 });
  }

  settle(): Promise<void> {
    return this.world.clock.settle();
  }

  advance(minutes: number): Promise<void> {
    return this.world.clock.advance(minutes * 60_000);
  }

  /** Calls the function directly, as somebody who may; its answer. */
  async invoke(event: unknown): Promise<unknown> {
    const told = await this.client(LambdaClient).send(
      new InvokeCommand({
        FunctionName: this.functionName,
        Payload: Buffer.from(JSON.stringify(event)),
      }),
    );
    const text = Buffer.from(told.Payload ?? []).toString();
    if (told.FunctionError !== undefined) throw new Error(text);
    return JSON.parse(text);
  }

  /** What people were mailed, oldest first. */
  mails(): readonly string[] {
    return inboxOf(this.world, this.#topic)
      .filter(({ error }) => error === undefined)
      .map(({ message }) => message);
  }

  /** The changes of the journal, oldest first. */
  async journal(): Promise<readonly Change[]> {
    const TableName = this.stack.outputs.JournalTable;
    const { Items = [] } = await this.client(DynamoDBClient).send(new ScanCommand({ TableName }));
    return Items.filter(({ intent }) => intent !== undefined)
      .map(({ intent, result }) => ({ ...JSON.parse(intent?.S ?? ''), result: result?.S }))
      .sort((one, other) => one.at.localeCompare(other.at))
      .map(({ action, resource, result }) => ({ action, resource: resource.id, result }));
  }

  /** What the function was refused. */
  denied(): readonly string[] {
    const own = `assumed-role/${this.ref(this.#role)}/`;
    return this.world.calls
      .filter(({ principal, error = '' }) => principal.includes(own) && DENIED.test(error))
      .map(({ operation, error }) => `${operation} ${error}`);
  }

  /** The role's grants, and those of them that were used so far. */
  grants(): { readonly given: readonly string[]; readonly used: readonly string[] } {
    const arn = `arn:aws:iam::${this.sandbox.account}:role/${this.ref(this.#role)}`;
    const used = this.world.grantsUsed.get(arn) ?? new Map();
    return { given: grantsOf(this.#template, this.#role), used: [...used.keys()].sort() };
  }

  get #role(): string {
    return `${this.#policy.replace(/(?:^|-)([a-z0-9])/g, (_, letter) => letter.toUpperCase())}Role`;
  }
}
