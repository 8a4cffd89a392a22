import { drawer } from '../core/drawer.ts';
import { AwsError } from '../core/errors.ts';
import type { Where } from '../core/service.ts';
import type { World } from '../core/world.ts';

export interface FunctionConfiguration {
  readonly role: string;
  readonly handler: string;
  readonly runtime: string;
  readonly timeout: number;
  readonly memorySize: number;
  readonly description: string;
  readonly architecture: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly logFormat: 'Text' | 'JSON';
  readonly applicationLogLevel?: string;
  readonly systemLogLevel?: string;
  readonly logGroup: string;
  readonly deadLetterArn?: string;
  readonly tracing: 'Active' | 'PassThrough';
  readonly ephemeralStorage: number;
}

/** What can be invoked: the function as it is now (`$LATEST`) or as it was when it was published. */
export interface FunctionVersion {
  readonly name: string;
  readonly arn: string;
  readonly version: string;
  readonly configuration: FunctionConfiguration;
  readonly zip: Uint8Array;
  readonly sha256: string;
  readonly revisionId: string;
  readonly lastModified: string;
}

/** What happens to asynchronous invocations; absent limits are Lambda's defaults. */
export interface EventInvoke {
  readonly maximumEventAge?: number;
  readonly maximumRetryAttempts?: number;
  readonly onSuccess?: string;
  readonly onFailure?: string;
  readonly lastModified: Date;
}

export interface LambdaFunction {
  readonly name: string;
  readonly arn: string;
  latest: FunctionVersion;
  readonly published: FunctionVersion[];
  readonly tags: Map<string, string>;
  /** Statements of the function's policy by their id. */
  readonly statements: Map<string, object>;
  reservedConcurrency?: number;
  eventInvoke?: EventInvoke;
}

export const functions = drawer<Map<string, LambdaFunction>>(() => new Map());

/** A name, `name:qualifier`, a partial ARN or a whole ARN, taken apart. */
export function parseFunctionName(text: string): {
  name: string;
  qualifier?: string;
  region?: string;
  account?: string;
} {
  const [, region, account, tail = text] =
    /^(?:arn:[^:]+:lambda:([^:]+):)?(?:(\d{12}):)?(?:function:)?(.+)$/.exec(text) ?? [];
  const [name = '', qualifier] = tail.split(':');
  return { name, ...(qualifier && { qualifier }), ...(region && { region }), ...(account && { account }) };
}

/** The function, or Lambda's ResourceNotFoundException. */
export function findFunction(world: World, where: Where, text: string): LambdaFunction {
  const { name, region = where.region, account = where.account } = parseFunctionName(text);
  const found = functions.of({ ...where, account, region, world }).get(name);
  if (found) return found;
  const arn = `arn:${where.partition}:lambda:${region}:${account}:function:${name}`;
  throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404, { Type: 'User' });
}

/** The version that a qualifier names; without one, the newest state. */
export function findVersion(fn: LambdaFunction, qualifier = '$LATEST'): FunctionVersion {
  const found = [fn.latest, ...fn.published].find(({ version }) => version === qualifier);
  if (found) return found;
  const message = `Function not found: ${fn.arn}:${qualifier}`;
  throw new AwsError('ResourceNotFoundException', message, 404, { Type: 'User' });
}
