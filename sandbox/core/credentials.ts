import type { Credential, Principal } from './principal.ts';
import type { World } from './world.ts';

type Credentials = Pick<World, 'issue' | 'credential'>;

/** Hands out access keys and finds whom they stand for. Keys that expire begin with `ASIA` and carry a session token. */
export function createCredentials(world: Pick<World, 'clock' | 'random'>): Credentials {
  const issued = new Map<string, Credential>();
  return {
    issue(principal, lifetimeMs) {
      const temporary = lifetimeMs !== undefined || principal.type === 'AssumedRole';
      const accessKeyId = `${temporary ? 'ASIA' : 'AKIA'}${world.random.hex(16).toUpperCase()}`;
      const holder: Principal = { ...principal, accessKeyId };
      const credential: Credential = {
        accessKeyId,
        secretAccessKey: world.random.hex(40),
        ...(temporary ? { sessionToken: `IQoJ${world.random.hex(200)}` } : {}),
        ...(lifetimeMs === undefined ? {} : { expiresAt: world.clock.now() + lifetimeMs }),
        issuedAt: world.clock.now(),
        principal: holder,
      };
      issued.set(accessKeyId, credential);
      return credential;
    },
    credential: (accessKeyId) => issued.get(accessKeyId),
  };
}
