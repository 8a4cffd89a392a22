import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { PlaceRefused } from '../engine/ports.ts';
import { type Aws, verb } from './access.ts';
import { formatArn, isAccountId } from './arn.ts';
import { AwsFailure } from './errors.ts';
import type { CredentialSource, Credentials } from './factory.ts';

/** The role that an account lends to Reeve. */
export interface RoleSettings {
  /** Same name in every account, e.g. `ReeveRemediation`; with path: `reeve/ReeveRemediation`. */
  readonly roleName: string;
  /** Agreed secret of the trust policy, against confused deputies (B6.13). */
  readonly externalId?: string;
}

const EARLY_MS = 5 * 60_000;

/** One hour: the most that role chaining allows (B5.25). */
const DURATION_SECONDS = 3_600;

/** Assumes the account's role by the given access, and again five minutes before the credentials end. */
export function assumedRole(
  home: Aws,
  account: string,
  settings: RoleSettings,
  now: () => Date,
): CredentialSource {
  let current: Promise<Credentials> | undefined;
  const source = async (): Promise<Credentials> => {
    const held = await current?.catch(() => undefined);
    const until = held?.expiration?.getTime();
    if (held !== undefined && (until === undefined || until - EARLY_MS > now().getTime())) return held;
    current = assumeRole(home, account, settings);
    return current;
  };
  return Object.assign(source, {
    refresh() {
      current = undefined;
    },
  });
}

const assumeRole = verb(
  ['sts:AssumeRole'],
  async (home: Aws, account: string, { roleName, externalId }: RoleSettings): Promise<Credentials> => {
    if (!isAccountId(account)) {
      throw new PlaceRefused('failed', 'not-an-account', `${JSON.stringify(account)} is not an account id`);
    }
    const role = { partition: home.place.partition, service: 'iam', region: '', account };
    const command = new AssumeRoleCommand({
      RoleArn: formatArn({ ...role, resource: `role/${roleName}` }),
      RoleSessionName: 'reeve',
      DurationSeconds: DURATION_SECONDS,
      ...(externalId === undefined ? {} : { ExternalId: externalId }),
    });
    try {
      const { Credentials: given } = await home.send(STSClient, command);
      if (given?.AccessKeyId === undefined || given.SecretAccessKey === undefined) {
        throw new PlaceRefused('failed', 'no-credentials', `STS gave no credentials for account ${account}`);
      }
      return {
        accessKeyId: given.AccessKeyId,
        secretAccessKey: given.SecretAccessKey,
        ...(given.SessionToken === undefined ? {} : { sessionToken: given.SessionToken }),
        ...(given.Expiration === undefined ? {} : { expiration: given.Expiration }),
      };
    } catch (error) {
      throw error instanceof AwsFailure ? refusalOf(error, account, roleName) : error;
    }
  },
);

function refusalOf(failure: AwsFailure, account: string, roleName: string): PlaceRefused {
  if (/suspended|closed/i.test(failure.full)) {
    return new PlaceRefused('skipped', 'account-closed', `account ${account} is suspended or closed`);
  }
  if (failure.kind === 'not-enabled') {
    return new PlaceRefused(
      'skipped',
      'region-not-enabled',
      `STS is not enabled there for account ${account}`,
    );
  }
  const sentence = `role ${roleName} of account ${account} could not be assumed: ${failure.message}`;
  return new PlaceRefused('failed', `assume-role-${failure.kind}`, sentence);
}

/** The rights that entering another account takes. */
export const assumeRoleRights = assumeRole.rights;
