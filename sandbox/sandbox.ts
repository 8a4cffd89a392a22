import { setTimeout as sleep } from 'node:timers/promises';
import { createWorld } from './core/create-world.ts';
import { createDispatch } from './core/dispatch.ts';
import { invokeThrough } from './core/invoke.ts';
import { keyRing } from './core/keys.ts';
import type { Behaviour, World } from './core/world.ts';
import { deliverEvents } from './events/deliver.ts';
import { onLogLine } from './lambda/logs.ts';
import { closeFunctions, setFunctionEndpoint } from './lambda/pool.ts';
import { ingestEmf } from './services/cloudwatch/emf.ts';
import { services } from './services/registry.ts';
import { setQueueEndpoint } from './services/sqs/queue-url.ts';
import { answer } from './wire/answer.ts';
import { inProcess } from './wire/in-process.ts';
import type { WireRequest } from './wire/message.ts';
import { httpServer } from './wire/server.ts';

/** Shape of an SDK `requestHandler`: hand it to a client and no socket is opened. */
export interface RequestHandler {
  handle(request: unknown): Promise<{ response: unknown }>;
}

export interface SandboxOptions {
  /** Default `111122223333`. */
  readonly account?: string;
  /** Default `eu-west-1`. */
  readonly region?: string;
  /** Start of simulated time. Default 2026-11-02T08:00:00Z, a Monday. */
  readonly now?: Date;
  /** Default `frozen`. */
  readonly clock?: 'frozen' | 'running';
  /** Default 1. */
  readonly seed?: number;
  readonly behaviour?: Partial<Behaviour>;
}

export interface SandboxCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** A simulated AWS account that real SDK clients, the AWS CLI and boto3 can talk to. */
export interface Sandbox {
  readonly world: World;
  readonly account: string;
  readonly region: string;
  /** In process, for `new EC2Client({ requestHandler })`. */
  readonly requestHandler: RequestHandler;
  /** Long-lived keys of the account's root (default), of an IAM user with AdministratorAccess (`user: 'ana'`), or of a role session. */
  credentials(who?: { user?: string; role?: string; session?: string; account?: string }): SandboxCredentials;
  /** What a client needs: `{ region, credentials, requestHandler, endpoint }`, ready to spread into its constructor. */
  clientConfig(who?: { user?: string; account?: string; region?: string }): {
    region: string;
    endpoint: string;
    credentials: SandboxCredentials;
    requestHandler: RequestHandler;
  };
  /** Serve HTTP on 127.0.0.1; port 0 picks a free one. `endpoint` is `http://127.0.0.1:PORT`. */
  listen(port?: number): Promise<{ readonly endpoint: string }>;
  close(): Promise<void>;
}

/** All callers are on this machine; to the account they come from an address that is set aside for documentation. */
const CALLER_IP = '198.51.100.7';
const IN_PROCESS = 'http://127.0.0.1';
const DEFAULT_START = new Date('2026-11-02T08:00:00Z');

/** Opens a simulated AWS account with its clock at the start and nothing in it. */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const { account = '111122223333', region = 'eu-west-1', seed = 1, behaviour = {} } = options;
  const dispatch = createDispatch();
  const world = createWorld({
    now: options.now ?? DEFAULT_START,
    clock: options.clock ?? 'frozen',
    seed,
    behaviour,
    invoke: invokeThrough(services, dispatch),
  });
  world.addAccount({ id: account, regions: [region] });
  const door = { world, services, dispatch };
  const reply = async (request: WireRequest) => {
    if (world.behaviour.latencyMs > 0) await sleep(world.behaviour.latencyMs);
    return answer(door, request, CALLER_IP);
  };
  const requestHandler = inProcess(reply);
  const server = httpServer(reply, () => world.clock.now());
  const keys = keyRing(world, account);
  let listening: Promise<{ readonly endpoint: string }> | undefined;
  const listen = (port?: number) => (listening ??= server.listen(port));
  deliverEvents(world);
  onLogLine(world, (where, { text }) => ingestEmf(world, where, text));
  setQueueEndpoint(world, () => server.endpoint());
  setFunctionEndpoint(world, async () => (await listen()).endpoint);

  return {
    world,
    account,
    region,
    requestHandler,
    credentials: keys,
    clientConfig: (who = {}) => ({
      region: who.region ?? region,
      endpoint: server.endpoint() ?? IN_PROCESS,
      credentials: keys(who),
      requestHandler,
    }),
    listen,
    async close() {
      await closeFunctions(world);
      await server.close();
    },
  };
}
