import { STSClient } from '@aws-sdk/client-sts';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { AwsFailure } from '../../shared/aws/errors.ts';
import { type Connection, type CredentialSource, createAws } from '../../shared/aws/factory.ts';
import { whoAmI } from '../../shared/aws/identity.ts';
import type { Place } from '../../shared/engine/signal.ts';
import { BadInput } from '../exit.ts';
import { clockOf } from './clock.ts';
import { endpointOf } from './endpoint.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Whose credentials the command line runs with, and where they point. */
export interface Caller {
  readonly home: Place;
  readonly arn: string;
  /** Where the credentials came from, for people. */
  readonly source: string;
  /** Set when calls do not go to AWS itself. */
  readonly endpoint: string | undefined;
  readonly credentials: CredentialSource;
  /** The account's time. */
  now(): Date;
}

export interface CallerOptions {
  readonly profile: string | undefined;
  /** The first of the regions asked for, if any was. */
  readonly region: string | undefined;
  readonly connection: Omit<Connection, 'credentials'>;
}

/** Finds region and credentials by the standard chain and asks STS who that is; BadInput when there are none. */
export async function identify(environment: Environment, options: CallerOptions): Promise<Caller> {
  const endpoint = endpointOf(environment);
  const { profile } = options;
  const region = options.region ?? (await defaultRegion(environment, profile));
  const chain = fromNodeProviderChain(profile === undefined ? {} : { profile });
  const credentials: CredentialSource = async () => {
    try {
      return await chain();
    } catch (error) {
      const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
      throw new BadInput(`no AWS credentials: ${why}; set AWS_PROFILE, give --profile or run aws configure`);
    }
  };
  await credentials();
  const aws = createAws({ partition: 'aws', account: '', region }, { ...options.connection, credentials });
  try {
    const { account, partition, arn } = await whoAmI(aws);
    const source = sourceOf(environment, profile);
    const now = await clockOf(endpoint);
    return { home: { partition, account, region }, arn, source, endpoint, credentials, now };
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    throw new BadInput(
      `these credentials are not accepted${endpoint ? ` at ${endpoint}` : ''}: ${error.message}`,
    );
  } finally {
    aws.close();
  }
}

async function defaultRegion(environment: Environment, profile: string | undefined): Promise<string> {
  const named = environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION;
  if (profile === undefined && named !== undefined) return named;
  const client = new STSClient(profile === undefined ? {} : { profile });
  try {
    return await client.config.region();
  } catch {
    if (named !== undefined) return named;
    throw new BadInput('no region: give --region or --all-regions, or set AWS_REGION');
  } finally {
    client.destroy();
  }
}

/** An earlier link of the chain hides the later ones: say which one spoke. */
function sourceOf(environment: Environment, profile: string | undefined): string {
  if (profile !== undefined) return `profile ${profile}`;
  if (environment.AWS_ACCESS_KEY_ID !== undefined && environment.AWS_SECRET_ACCESS_KEY !== undefined) {
    return environment.AWS_PROFILE === undefined
      ? 'environment variables'
      : `environment variables, which hide profile ${environment.AWS_PROFILE}`;
  }
  return environment.AWS_PROFILE === undefined ? 'the standard chain' : `profile ${environment.AWS_PROFILE}`;
}
