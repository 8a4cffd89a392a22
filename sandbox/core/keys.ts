import { iamOf, principalOfSession, principalOfUser, seedUser } from '../services/iam/store.ts';
import type { Principal } from './principal.ts';
import type { World } from './world.ts';

/** Whose keys: an IAM user's, a role session's, or, with neither, the account's root. */
export interface Holder {
  readonly user?: string;
  readonly role?: string;
  readonly session?: string;
  readonly account?: string;
}

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Hands out the same keys each time the same holder is asked for; users who do not exist yet become administrators. */
export function keyRing(world: World, home: string): (holder?: Holder) => Keys {
  const ring = new Map<string, Keys>();
  return (holder = {}) => {
    const { user = '', role = '', session = 'session', account = home } = holder;
    const key = [account, user, role, session].join('/');
    const known = ring.get(key);
    if (known) return known;
    const issued = world.issue(principalOf(world, { ...holder, session, account }));
    const { accessKeyId, secretAccessKey, sessionToken } = issued;
    const keys = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
    ring.set(key, keys);
    return keys;
  };
}

function principalOf(
  world: World,
  holder: Holder & { account: string; session: string },
): Omit<Principal, 'accessKeyId'> {
  const { user, role, session, account } = holder;
  const known = world.accounts.get(account);
  if (!known) throw new Error(`The sandbox has no account ${account}.`);
  const { users, roles } = iamOf(world, account);
  if (role !== undefined) {
    const found = roles.get(role);
    if (!found) throw new Error(`Account ${account} has no role ${role}.`);
    return principalOfSession(account, found, session);
  }
  if (user !== undefined) {
    const administrator = { name: user, attached: ['AdministratorAccess'] };
    return principalOfUser(account, users.get(user) ?? seedUser(world, account, administrator));
  }
  return { type: 'Root', arn: `arn:${known.partition}:iam::${account}:root`, account, principalId: account };
}
