import {
  AuthorizeSecurityGroupIngressCommand,
  EC2Client,
  paginateDescribeSecurityGroups,
  type SecurityGroup,
} from '@aws-sdk/client-ec2';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { deploy } from '../sandbox/cloudformation/deploy.ts';
import { createSandbox, type Sandbox } from '../sandbox/sandbox.ts';
import { shareSecurityGroup } from '../sandbox/services/ec2/seed.ts';
import type { Contender } from './contenders.ts';

/** What the benchmark asks of the simulated account, one request at a time. */
export type Request =
  | {
      readonly ask: 'open';
      readonly contender: Pick<Contender, 'functionName' | 'deployment'>;
      readonly latencyMs: number;
      readonly throttling: boolean;
    }
  | { readonly ask: 'seed'; readonly groups: number; readonly open: number }
  | { readonly ask: 'event' }
  | { readonly ask: 'calls' };

/** `event`: real milliseconds from the call that opened the port to the one that closed it, and the calls it took. */
export interface Replies {
  readonly open: { readonly environment: Readonly<Record<string, string>>; readonly arn: string };
  readonly seed: Record<string, never>;
  readonly event: { readonly revokedMs: number; readonly calls: readonly string[] };
  readonly calls: { readonly calls: readonly string[]; readonly stillOpen: number };
}

const OPEN = {
  protocol: 'tcp',
  fromPort: 22,
  toPort: 22,
  peer: { kind: 'ipv4', cidr: '0.0.0.0/0' },
} as const;
const FINE = { ...OPEN, fromPort: 443, toPort: 443 };
const OFFICE = { ...OPEN, peer: { kind: 'ipv4', cidr: '203.0.113.0/24' } } as const;

/** Serves an account over HTTP with a contender deployed in it, for as long as its parent lives. */
class Account {
  readonly #sandbox: Sandbox;
  #latencyMs = 0;
  #groups = 0;

  constructor(throttling: boolean) {
    this.#sandbox = createSandbox({ now: new Date(), clock: 'running', behaviour: { throttling } });
  }

  async open(request: Extract<Request, { ask: 'open' }>): Promise<Replies['open']> {
    const { contender, latencyMs } = request;
    this.#latencyMs = latencyMs;
    const { endpoint } = await this.#sandbox.listen();
    await deploy(this.#sandbox, contender.deployment);
    const lambda = new LambdaClient(this.#sandbox.clientConfig());
    const {
      Environment,
      Role,
      FunctionArn = '',
    } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: contender.functionName }));
    const role = Role?.split('/').at(-1) ?? '';
    const { accessKeyId, secretAccessKey, sessionToken = '' } = this.#sandbox.credentials({ role });
    const environment = {
      ...Environment?.Variables,
      AWS_REGION: this.#sandbox.region,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    };
    this.#sandbox.world.behaviour.latencyMs = latencyMs;
    return { environment, arn: FunctionArn };
  }

  /** Groups that are in order, with some among them that are not. */
  seed({ groups, open }: Extract<Request, { ask: 'seed' }>): Replies['seed'] {
    const { account: owner, region, world } = this.#sandbox;
    const place = { partition: 'aws', account: owner, region, world };
    const every = Math.floor(groups / open);
    for (let number = 0; number < groups; number++) {
      const isOpen = number % every === 0 && number < open * every;
      // As in most accounts: many groups have nothing to do with SSH.
      const inbound = isOpen ? [OPEN, FINE] : number % 4 === 1 ? [FINE, OFFICE] : [FINE];
      shareSecurityGroup(place, { owner, name: `group-${number}`, inbound });
    }
    world.forgetCalls();
    return {};
  }

  async event(): Promise<Replies['event']> {
    const { world, account: owner, region } = this.#sandbox;
    const place = { partition: 'aws', account: owner, region, world };
    this.#groups += 1;
    const GroupId = shareSecurityGroup(place, { owner, name: `event-${this.#groups}`, inbound: [FINE] });
    world.forgetCalls();
    await this.#ana().send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId,
        IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
      }),
    );
    await world.clock.settle();
    const at = (wanted: string) => world.calls.find(({ operation }) => operation === wanted)?.at;
    const [opened, revoked] = [at('AuthorizeSecurityGroupIngress'), at('RevokeSecurityGroupIngress')];
    if (opened === undefined || revoked === undefined) throw new Error('The port was not closed.');
    return { revokedMs: revoked - opened, calls: this.#calls() };
  }

  async calls(): Promise<Replies['calls']> {
    const calls = this.#calls();
    this.#sandbox.world.behaviour.latencyMs = 0;
    let stillOpen = 0;
    const listing = paginateDescribeSecurityGroups({ client: this.#ana(), pageSize: 1000 }, {});
    for await (const { SecurityGroups = [] } of listing) stillOpen += SecurityGroups.filter(isOpen).length;
    this.#sandbox.world.behaviour.latencyMs = this.#latencyMs;
    return { calls, stillOpen };
  }

  /** What the contender called, throttled tries included. */
  #calls(): readonly string[] {
    return this.#sandbox.world.calls
      .filter(({ principal }) => principal.includes(':assumed-role/'))
      .map(({ operation }) => operation);
  }

  #ana(): EC2Client {
    return new EC2Client(this.#sandbox.clientConfig({ user: 'ana' }));
  }
}

function isOpen({ IpPermissions = [] }: SecurityGroup): boolean {
  return IpPermissions.some(
    ({ FromPort, IpRanges = [] }) => FromPort === 22 && IpRanges.some(({ CidrIp }) => CidrIp === '0.0.0.0/0'),
  );
}

let account: Account | undefined;

async function answer(request: Request): Promise<unknown> {
  if (request.ask === 'open') {
    account = new Account(request.throttling);
    return account.open(request);
  }
  if (account === undefined) throw new Error('The account is not open.');
  if (request.ask === 'seed') return account.seed(request);
  return account[request.ask]();
}

process.on('message', async (request: Request) => {
  try {
    process.send?.({ reply: await answer(request) });
  } catch (error) {
    process.send?.({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
process.on('disconnect', () => process.exit());
