import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSubnetsCommand,
  EC2Client,
  type Tag,
} from '@aws-sdk/client-ec2';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { deploy, type Stack } from '../../sandbox/cloudformation/deploy.ts';
import type { BusEvent } from '../../sandbox/core/world.ts';
import { logsOf } from '../../sandbox/lambda/logs.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/sandbox.ts';
import { inboxOf } from '../../sandbox/services/sns/state.ts';
import { messagesIn } from '../../sandbox/services/sqs/state.ts';
import { permission } from '../functions/revoke-open-ssh/office.ts';
import { packaged } from './packaged.ts';

const FUNCTION = 'reeve-main-revoke-open-ssh';
/** The first file of a run that needs a configuration packages it: seconds, more on a busy machine. */
export const PACKAGING_MS = 120_000;

const DENIALS =
  /^(UnauthorizedOperation|AccessDenied(Exception)?|AuthorizationError|AuthorizationErrorException)$/;

/** A line of the function's log that is its own, not Lambda's. */
export type LogLine = Readonly<Record<string, unknown>>;

/**
 * A company that has deployed Reeve, exactly as packaged, and whose people go on working. Everything people do goes
 * through real SDK clients; the clock stands still until somebody turns it.
 */
export class Company {
  readonly sandbox: Sandbox;
  readonly stack: Stack;
  /** What was deployed. */
  readonly template: string | object;
  readonly ec2: EC2Client;
  #groups = 0;

  private constructor(sandbox: Sandbox, stack: Stack, template: string | object) {
    this.sandbox = sandbox;
    this.stack = stack;
    this.template = template;
    this.ec2 = this.#client(EC2Client);
  }

  static async open(config = 'test/stack/reeve.yml', options: SandboxOptions = {}): Promise<Company> {
    const sandbox = createSandbox({ now: new Date('2026-11-20T09:15:00Z'), ...options });
    // The queue's address in the function's environment is the one that is served.
    await sandbox.listen();
    const deployment = await packaged(config);
    const company = new Company(sandbox, await deploy(sandbox, deployment), deployment.template);
    const TopicArn = company.topic;
    await company
      .#client(SNSClient)
      .send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'security@example.com' }));
    // The schedule's first sweep comes at once; it finds nothing, and the function is warm from here on.
    await company.settle();
    return company;
  }

  close(): Promise<void> {
    return this.sandbox.close();
  }

  get world() {
    return this.sandbox.world;
  }

  get place() {
    return { partition: 'aws', account: this.sandbox.account, region: this.sandbox.region };
  }

  get topic(): string {
    return this.stack.outputs.AnnouncementsTopic ?? '';
  }

  /** The `Ref` of one of the stack's resources. */
  ref(logicalId: string): string {
    const { physicalId } = this.stack.resources.get(logicalId) ?? {};
    if (physicalId === undefined) throw new Error(`The stack has no ${logicalId}`);
    return physicalId;
  }

  roleArn(logicalId: string): string {
    return `arn:aws:iam::${this.sandbox.account}:role/${this.ref(logicalId)}`;
  }

  /** A new group with these rules, in one call each, as `permission` writes them. */
  async group(rules: readonly string[] = [], tags: readonly Tag[] = [], ec2 = this.ec2): Promise<string> {
    const { GroupId = '' } = await ec2.send(
      new CreateSecurityGroupCommand({
        GroupName: `web-${++this.#groups}`,
        Description: 'web servers',
        ...(tags.length === 0
          ? {}
          : { TagSpecifications: [{ ResourceType: 'security-group', Tags: [...tags] }] }),
      }),
    );
    await this.open(GroupId, rules, ec2);
    return GroupId;
  }

  async open(groupId: string, rules: readonly string[], ec2 = this.ec2): Promise<void> {
    if (rules.length === 0) return;
    await ec2.send(
      new AuthorizeSecurityGroupIngressCommand({ GroupId: groupId, IpPermissions: rules.map(permission) }),
    );
  }

  /** A network interface of the default VPC that uses these groups. */
  async attach(...groupIds: readonly string[]): Promise<string> {
    const { Subnets: subnets = [] } = await this.ec2.send(new DescribeSubnetsCommand({}));
    const { NetworkInterface } = await this.ec2.send(
      new CreateNetworkInterfaceCommand({ SubnetId: subnets[0]?.SubnetId, Groups: [...groupIds] }),
    );
    return NetworkInterface?.NetworkInterfaceId ?? '';
  }

  /** The inbound rules that stand, in order, read back by another call than the function's first one. */
  async standing(groupId: string, ec2 = this.ec2): Promise<readonly string[]> {
    const { SecurityGroupRules: rules = [] } = await ec2.send(
      new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [groupId] }] }),
    );
    return rules
      .filter(({ IsEgress }) => !IsEgress)
      .map(({ IpProtocol, FromPort = -1, ToPort = -1, CidrIpv4, CidrIpv6, PrefixListId }) => {
        const ports = FromPort === -1 ? '' : ` ${FromPort === ToPort ? FromPort : `${FromPort}-${ToPort}`}`;
        return `${IpProtocol}${ports} ${CidrIpv4 ?? CidrIpv6 ?? PrefixListId}`;
      })
      .sort();
  }

  /** What people do while no event of it arrives, as in a region without a trail. */
  async unseen<T>(work: () => Promise<T>): Promise<T> {
    this.world.behaviour.eventDelayMs = 365 * 86_400_000;
    const done = await work();
    this.world.behaviour.eventDelayMs = 0;
    return done;
  }

  /** Lets everything happen that is due now: events arrive, functions run to their end. */
  settle(): Promise<void> {
    return this.world.clock.settle();
  }

  advance(minutes: number): Promise<void> {
    return this.world.clock.advance(minutes * 60_000);
  }

  /** Calls the function directly, as somebody who may. */
  async invoke(event: unknown): Promise<{ readonly answer: unknown; readonly error: string | undefined }> {
    const Payload = Buffer.from(JSON.stringify(event));
    const told = await this.#client(LambdaClient).send(
      new InvokeCommand({ FunctionName: FUNCTION, Payload }),
    );
    return { answer: JSON.parse(Buffer.from(told.Payload ?? []).toString()), error: told.FunctionError };
  }

  /** What the security team was mailed. */
  mails(): readonly { readonly subject?: string; readonly message: string }[] {
    return inboxOf(this.world, this.topic).filter(({ error }) => error === undefined);
  }

  /** The messages that wait in one of the stack's queues. */
  waiting(queue: 'RevokeOpenSshDeadLetters' | 'RevokeOpenSshWork'): readonly string[] {
    const name = this.ref(queue).split('/').at(-1);
    const arn = `arn:aws:sqs:${this.sandbox.region}:${this.sandbox.account}:${name}`;
    return messagesIn(this.world, arn).map(({ body }) => body);
  }

  /** The journal's entries, each with its intent and, once it is written, its outcome. */
  async journal(): Promise<readonly { readonly intent: LogLine; readonly result: string | undefined }[]> {
    const TableName = this.stack.outputs.JournalTable;
    const { Items = [] } = await this.#client(DynamoDBClient).send(new ScanCommand({ TableName }));
    // Counters are kept beside the entries.
    const entries = Items.filter(({ intent }) => intent !== undefined);
    return entries.map(({ intent, result }) => ({ intent: JSON.parse(intent?.S ?? ''), result: result?.S }));
  }

  /** The function's own log lines, oldest first. */
  logged(message?: string): readonly LogLine[] {
    const lines = logsOf(this.world, FUNCTION).filter(({ text }) => text.startsWith('{'));
    const own = lines.map(({ text }): LogLine => JSON.parse(text));
    return message === undefined ? own : own.filter((line) => line.message === message);
  }

  /** The calls that the function's role made since `forgetCalls`, those of its queue's poller aside. */
  calls(): readonly string[] {
    return this.#ownCalls().map(({ operation }) => operation);
  }

  /** What the stack's own roles were refused. */
  denied(): readonly string[] {
    return this.#ownCalls()
      .filter(({ error = '' }) => DENIALS.test(error))
      .map(({ operation, error }) => `${operation} ${error}`);
  }

  /** An event of another AWS service arrives on the account's bus. */
  emit(event: BusEvent): Promise<void> {
    this.world.emit(event);
    return this.settle();
  }

  #ownCalls() {
    const own = ['RevokeOpenSshRole', 'RevokeOpenSshSweepRole'].map(
      (role) => `assumed-role/${this.ref(role)}/`,
    );
    return this.world.calls.filter(({ principal }) => own.some((part) => principal.includes(part)));
  }

  #client<C>(Client: new (config: ReturnType<Sandbox['clientConfig']> & { maxAttempts: number }) => C): C {
    return new Client({ ...this.sandbox.clientConfig({ user: 'ana' }), maxAttempts: 1 });
  }
}
