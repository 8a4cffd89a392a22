import { PlaceRefused } from '../engine/ports.ts';
import type { Place } from '../engine/signal.ts';
import type { Aws } from './access.ts';
import { isAccountId } from './arn.ts';
import { assumedRole, type RoleSettings } from './assume.ts';
import { type Connection, type CredentialSource, createAws } from './factory.ts';
import { pacing, type Time } from './pace.ts';

export interface EnteringOptions {
  /** Where our own credentials belong. */
  readonly home: Place;
  /** Accounts that may be entered besides: the settings' list. Empty: only our own. */
  readonly accounts: readonly string[];
  /** Undefined: other accounts cannot be entered. */
  readonly role: RoleSettings | undefined;
  readonly connection: Omit<Connection, 'pace' | 'homeRegion'>;
  readonly time: Time;
}

/** Regions are lower-case words and digits; anything else would end up in a host name. */
const REGION = /^[a-z]{2,}(-[a-z]+)+-\d{1,2}$/;

/**
 * Makes the engine's `enter`: our own credentials in our own account, a role of the account's in any other on the list.
 *
 * Throws `PlaceRefused` for whatever may not or cannot be entered; one refused account says nothing about the next.
 */
export function entering(options: EnteringOptions): (place: Place) => Promise<Aws> {
  const { home, connection, time } = options;
  const pace = pacing(time);
  const homeAws = createAws(home, { ...connection, pace, homeRegion: home.region });
  const access = new Map<string, Aws>();
  const roles = new Map<string, CredentialSource>();

  function credentialsFor(account: string): CredentialSource | undefined {
    if (account === home.account) return connection.credentials;
    if (options.role === undefined) {
      throw refused('no-role', `settings name no role by which account ${account} could be entered`);
    }
    const known = roles.get(account) ?? assumedRole(homeAws, account, options.role, () => time.now());
    roles.set(account, known);
    return known;
  }

  return async (place) => {
    checkPlace(place, options);
    const key = `${place.account}/${place.region}`;
    const credentials = credentialsFor(place.account);
    // Asked for now, so that an account that cannot be entered is known before anything is read in it.
    if (place.account !== home.account) await credentials?.();
    const { credentials: _own, ...common } = connection;
    const known =
      access.get(key) ??
      createAws(place, {
        ...common,
        ...(credentials === undefined ? {} : { credentials }),
        pace,
        homeRegion: home.region,
      });
    access.set(key, known);
    return known;
  };
}

function checkPlace(place: Place, { home, accounts }: EnteringOptions): void {
  if (!isAccountId(place.account)) {
    throw refused('not-an-account', `${JSON.stringify(place.account)} is not an account id`);
  }
  if (!REGION.test(place.region)) {
    throw refused('not-a-region', `${JSON.stringify(place.region)} is not a region`);
  }
  if (place.partition !== home.partition) {
    throw refused('other-partition', `partition ${place.partition} cannot be entered from ${home.partition}`);
  }
  if (place.account !== home.account && !accounts.includes(place.account)) {
    throw refused('not-allowed', `account ${place.account} is not among the accounts of the settings`);
  }
}

function refused(code: string, sentence: string): PlaceRefused {
  return new PlaceRefused('failed', code, sentence);
}
