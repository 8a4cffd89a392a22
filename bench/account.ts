import { AuthorizeSecurityGroupIngressCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { deploy } from '../sandbox/cloudformation/deploy.ts';
import { createSandbox, type Sandbox } from '../sandbox/sandbox.ts';
import { shareSecurityGroup } from '../sandbox/services/ec2/seed.ts';
import type { Contender } from './contenders.ts';
import { placeOf } from './jobs/job.ts';
import { FINE } from './jobs/ssh.ts';
import { JOBS, type JobName } from './jobs/table.ts';

/** What the benchmark asks of the simulated account, one request at a time. */
export type Request =
  | {
      readonly ask: 'open';
      readonly contender: Pick<Contender, 'functionName' | 'deployment'>;
      readonly latencyMs: number;
      readonly throttling: boolean;
    }
  | { readonly ask: 'seed'; readonly job: JobName; readonly size: number }
  | { readonly ask: 'event' }
  | { readonly ask: 'calls' }
  | { readonly ask: 'flaws'; readonly job: JobName; readonly size: number; readonly found: number };

/** `event`: real milliseconds from the call that opened the port to the one that closed it, and the calls it took. */
export interface Replies {
  readonly open: { readonly environment: Readonly<Record<string, string>>; readonly arn: string };
  readonly seed: Record<string, never>;
  readonly event: { readonly revokedMs: number; readonly calls: readonly string[] };
  readonly calls: readonly string[];
  readonly flaws: readonly string[];
}

/** As whom a measured program calls: the deployed functions go on with their own work under other names. */
const SESSION = 'bench';

/** Serves an account over HTTP with a contender deployed in it, for as long as its parent lives. */
class Account {
  readonly #sandbox: Sandbox;
  #groups = 0;
  #role = '';

  constructor(throttling: boolean) {
    this.#sandbox = createSandbox({ now: new Date(), clock: 'running', behaviour: { throttling } });
  }

  async open(request: Extract<Request, { ask: 'open' }>): Promise<Replies['open']> {
    const { contender, latencyMs } = request;
    const { endpoint } = await this.#sandbox.listen();
    await deploy(this.#sandbox, contender.deployment);
    const lambda = new LambdaClient(this.#sandbox.clientConfig());
    const {
      Environment,
      Role,
      FunctionArn = '',
    } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: contender.functionName }));
    const role = Role?.split('/').at(-1) ?? '';
    const {
      accessKeyId,
      secretAccessKey,
      sessionToken = '',
    } = this.#sandbox.credentials({ role, session: SESSION });
    const environment = {
      ...Environment?.Variables,
      AWS_REGION: this.#sandbox.region,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    };
    this.#role = role;
    this.#sandbox.world.behaviour.latencyMs = latencyMs;
    return { environment, arn: FunctionArn };
  }

  seed({ job, size }: Extract<Request, { ask: 'seed' }>): Replies['seed'] {
    JOBS[job].seed(this.#sandbox, size);
    this.#sandbox.world.forgetCalls();
    return {};
  }

  async event(): Promise<Replies['event']> {
    const { world, account: owner } = this.#sandbox;
    this.#groups += 1;
    const GroupId = shareSecurityGroup(placeOf(this.#sandbox), {
      owner,
      name: `event-${this.#groups}`,
      inbound: [FINE],
    });
    world.forgetCalls();
    await this.#ana().send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId,
        IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
      }),
    );
    await world.clock.settle();
    const ours = `:assumed-role/${this.#role}/`;
    const at = (wanted: string) => world.calls.find(({ operation }) => operation === wanted)?.at;
    const [opened, revoked] = [at('AuthorizeSecurityGroupIngress'), at('RevokeSecurityGroupIngress')];
    if (opened === undefined || revoked === undefined) throw new Error('The port was not closed.');
    return { revokedMs: revoked - opened, calls: this.#callsOf((principal) => principal.includes(ours)) };
  }

  /** Read with the account's own rights; only the programs' calls are slow. */
  flaws({ job, size, found }: Extract<Request, { ask: 'flaws' }>): Promise<Replies['flaws']> {
    this.#sandbox.world.behaviour.latencyMs = 0;
    return JOBS[job].flaws(this.#sandbox, size, found);
  }

  /** What the program called, throttled tries included. */
  calls(): Replies['calls'] {
    return this.#callsOf((principal) => principal.endsWith(`/${SESSION}`));
  }

  #callsOf(isOurs: (principal: string) => boolean): readonly string[] {
    const { calls } = this.#sandbox.world;
    return calls.filter(({ principal }) => isOurs(principal)).map(({ operation }) => operation);
  }

  #ana(): EC2Client {
    return new EC2Client(this.#sandbox.clientConfig({ user: 'ana' }));
  }
}

let account: Account | undefined;

async function answer(request: Request): Promise<unknown> {
  if (request.ask === 'open') {
    account = new Account(request.throttling);
    return account.open(request);
  }
  if (account === undefined) throw new Error('The account is not open.');
  if (request.ask === 'seed') return account.seed(request);
  if (request.ask === 'flaws') return account.flaws(request);
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
