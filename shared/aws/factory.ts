import { PlaceRefused } from '../engine/ports.ts';
import type { Place } from '../engine/signal.ts';
import type { Aws, ClientClass, Command } from './access.ts';
import { failureFrom } from './error-kinds.ts';
import { AwsFailure } from './errors.ts';
import type { Pace } from './pace.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Gives credentials when asked; `refresh` throws the remembered ones away. */
export interface CredentialSource {
  (): Promise<Credentials>;
  refresh?(): void;
}

/** How clients connect. Everything absent is the SDK's own: standard credential chain, `AWS_ENDPOINT_URL`, sockets. */
export interface Connection {
  readonly credentials?: CredentialSource;
  readonly requestHandler?: object;
  readonly endpoint?: string;
  /** From retry.ts. */
  readonly retryStrategy?: object;
  readonly pace?: Pace;
  /** Told of every attempt, retries included: the API calls of the metrics. */
  readonly onCall?: (place: Place, client: string, action: string) => void;
  /** The region that the credentials are proven in; elsewhere an unknown key means "region not enabled". */
  readonly homeRegion?: string;
}

/** Goes out as user agent `reeve/VERSION`, so that Reeve's calls can be told apart in CloudTrail. */
export const VERSION = '0.1.0';

/** An answer that takes longer is asked for again. The SDK itself waits for ever. */
const SOCKETS = { connectionTimeout: 3_000, requestTimeout: 20_000, throwOnRequestTimeout: true };

/** Tries of one call in all; with the standard strategy's back-off that is about ten seconds. */
const MAX_ATTEMPTS = 5;

/** An SDK client as far as the factory handles it; the real types differ per client. */
interface Client {
  readonly middlewareStack: {
    addRelativeTo(
      middleware: (
        next: (args: { readonly input: object }) => Promise<unknown>,
        context: { readonly clientName?: string; readonly commandName?: string },
      ) => (args: { readonly input: object }) => Promise<unknown>,
      options: { name: string; relation: 'after'; toMiddleware: string },
    ): void;
    remove(name: string): boolean;
  };
  send(command: unknown): Promise<unknown>;
  destroy(): void;
}

/** `Aws` for one place: a client per class, made when first used and kept. */
export function createAws(place: Place, connection: Connection): Aws & { close(): void } {
  let clients = new Map<ClientClass, Client>();

  function clientOf(ClientType: ClientClass): Client {
    const known = clients.get(ClientType);
    if (known !== undefined) return known;
    // The one place where a client is built: every `@aws-sdk` client takes this configuration and has this surface.
    const client = new ClientType(configuration(place, connection) as never) as unknown as Client;
    watchAttempts(client, place, connection);
    // It copies every answer for a logger that there is not: a seventh of a large sweep.
    client.middlewareStack.remove('loggerMiddleware');
    clients.set(ClientType, client);
    return client;
  }

  function forget(): void {
    clients = new Map();
    connection.credentials?.refresh?.();
  }

  return {
    place,
    async send<O extends object>(ClientType: ClientClass, command: Command<O>): Promise<O> {
      const call = {
        action: actionOf(command),
        home: place.region === (connection.homeRegion ?? place.region),
      };
      const once = async (): Promise<O> => {
        try {
          // A command's output type is what its client's send resolves to.
          return (await clientOf(ClientType).send(command)) as O;
        } catch (error) {
          throw error instanceof PlaceRefused ? error : failureFrom(error, call);
        }
      };
      return once().catch((failure: unknown) => {
        if (!(failure instanceof AwsFailure) || failure.kind !== 'expired') throw failure;
        // Credentials can end before their stated time (B5.25): fresh ones, once.
        forget();
        return once();
      });
    },
    close() {
      for (const client of clients.values()) client.destroy();
      clients = new Map();
    },
  };
}

function configuration(place: Place, connection: Connection): object {
  const { credentials, endpoint, retryStrategy, requestHandler } = connection;
  return {
    region: place.region,
    customUserAgent: [['reeve', VERSION]],
    requestHandler: requestHandler ?? SOCKETS,
    ...(credentials === undefined ? {} : { credentials: () => credentials() }),
    // Bucket names are no host names of a machine of our own (B4.50); clients other than S3's do not know the second.
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(retryStrategy === undefined ? { maxAttempts: MAX_ATTEMPTS } : { retryStrategy }),
  };
}

/** Every attempt passes here, after the SDK's retry step and before signing. */
function watchAttempts(client: Client, place: Place, { pace, onCall }: Connection): void {
  client.middlewareStack.addRelativeTo(
    (next, context) => async (args) => {
      const name = context.clientName ?? 'UnknownClient';
      const action = (context.commandName ?? 'Unknown').replace(/Command$/, '');
      onCall?.(place, name, action);
      await pace?.(place, name, action, args.input);
      return next(args);
    },
    { name: 'reevePace', relation: 'after', toMiddleware: 'retryMiddleware' },
  );
}

/** The operation's name from the command's schema `[9, namespace, name, …]`; class names do not survive minifying. */
function actionOf(command: object): string {
  const schema: unknown = 'schema' in command ? command.schema : undefined;
  return Array.isArray(schema) && typeof schema[2] === 'string' ? schema[2] : command.constructor.name;
}
