import type { Place } from '../engine/signal.ts';

/** An `@aws-sdk` client class, e.g. `EC2Client`. Each has its own configuration type; only the factory fills it. */
export type ClientClass = new (config: never) => { destroy(): void };

/** An `@aws-sdk` command, e.g. `new DescribeSecurityGroupsCommand({})`, seen as far as its output type can be told. */
export interface Command<O> {
  readonly input: object;
  resolveMiddleware(
    stack: never,
    configuration: never,
    options: never,
  ): (args: never) => Promise<{ output: O }>;
}

/** The right to call AWS in one account and region: what every verb of this folder takes first. */
export interface Aws {
  readonly place: Place;
  /**
   * Send one command by this place's client of that class: paced by our own rate limit, counted, retried by the
   * injected strategy. Rejects with an `AwsFailure` (errors.ts) for everything that AWS or the network answers.
   */
  send<O extends object>(client: ClientClass, command: Command<O>): Promise<O>;
}

/** A wrapped SDK call together with the IAM actions that it needs; a test compares them with the roles. */
export type Verb<F> = F & { readonly rights: readonly string[] };

/** `export const stopInstances = verb(['ec2:StopInstances'], async (aws: Aws, ids: readonly string[]) => …)` */
export function verb<F extends (aws: Aws, ...rest: never[]) => unknown>(
  rights: readonly string[],
  run: F,
): Verb<F> {
  return Object.assign(run, { rights });
}
