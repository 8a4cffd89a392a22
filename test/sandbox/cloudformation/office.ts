import {
  CloudFormationClient,
  CreateStackCommand,
  type CreateStackInput,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  type Stack,
  UpdateStackCommand,
  type UpdateStackInput,
} from '@aws-sdk/client-cloudformation';
import { createSandbox, type Sandbox } from '../../../sandbox/sandbox.ts';
import { seedUser } from '../../../sandbox/services/iam/store.ts';

export const topic = (properties: object = {}) => ({ Type: 'AWS::SNS::Topic', Properties: properties });
export const queue = (properties: object = {}) => ({ Type: 'AWS::SQS::Queue', Properties: properties });
/** A resource that SNS refuses to make. */
export const impossible = topic({ DisplayName: 'x'.repeat(101) });

export const template = (Resources: object, more: object = {}) => JSON.stringify({ Resources, ...more });

/** An account whose people work with CloudFormation through the real client. */
export class Office {
  readonly sandbox: Sandbox = createSandbox();
  readonly client = this.clientOf('ana');

  clientOf(user: string): CloudFormationClient {
    return new CloudFormationClient({ ...this.sandbox.clientConfig({ user }), maxAttempts: 1 });
  }

  /** Somebody who may do these things and nothing else. */
  guest(...Action: readonly string[]): CloudFormationClient {
    const allowed = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] };
    seedUser(this.sandbox.world, this.sandbox.account, { name: 'guest', policies: { allowed } });
    return this.clientOf('guest');
  }

  /** What a service answers to the account's root. */
  async ask(service: string, operation: string, input: object = {}): Promise<Record<string, unknown>> {
    const { world, account, region } = this.sandbox;
    const root = world.credential(this.sandbox.credentials().accessKeyId)?.principal;
    if (!root) throw new Error('the account has no root');
    const where = { partition: 'aws', account, region };
    return Object.fromEntries(
      Object.entries((await world.invoke(root, where, service, operation, input)) ?? {}),
    );
  }

  async create(input: Partial<CreateStackInput>, client = this.client): Promise<string> {
    const { StackId = '' } = await client.send(new CreateStackCommand({ StackName: 'shop', ...input }));
    await this.sandbox.world.clock.settle();
    return StackId;
  }

  async update(input: Partial<UpdateStackInput>): Promise<void> {
    await this.client.send(new UpdateStackCommand({ StackName: 'shop', ...input }));
    await this.sandbox.world.clock.settle();
  }

  async stack(StackName = 'shop'): Promise<Stack | undefined> {
    const { Stacks } = await this.client.send(new DescribeStacksCommand({ StackName }));
    return Stacks?.[0];
  }

  /** What each logical id stands for. */
  async refs(): Promise<Readonly<Record<string, string | undefined>>> {
    const { StackResources = [] } = await this.client.send(
      new DescribeStackResourcesCommand({ StackName: 'shop' }),
    );
    return Object.fromEntries(
      StackResources.map(({ LogicalResourceId = '', PhysicalResourceId }) => [
        LogicalResourceId,
        PhysicalResourceId,
      ]),
    );
  }

  /** `Topic CREATE_COMPLETE`, oldest first, since the stack's last beginning of an operation. */
  async story(StackName = 'shop', since = 'CREATE_IN_PROGRESS'): Promise<readonly string[]> {
    const { StackEvents = [] } = await this.client.send(new DescribeStackEventsCommand({ StackName }));
    const all = StackEvents.toReversed().map(
      ({ LogicalResourceId, ResourceStatus }) => `${LogicalResourceId} ${ResourceStatus}`,
    );
    return all.slice(all.lastIndexOf(`shop ${since}`));
  }

  /** Why things are as they are, as the stack's events tell it. */
  async reasons(): Promise<readonly (string | undefined)[]> {
    const { StackEvents = [] } = await this.client.send(
      new DescribeStackEventsCommand({ StackName: 'shop' }),
    );
    return StackEvents.map(({ ResourceStatusReason }) => ResourceStatusReason);
  }

  /** The ARNs of all topics that there are. */
  async topics(): Promise<readonly string[]> {
    const { Topics } = await this.ask('sns', 'ListTopics');
    return Array.isArray(Topics) ? Topics.map(({ TopicArn }) => String(TopicArn)) : [];
  }
}
