import type { SandboxWorld } from '../core/create-world.ts';
import type { Credential } from '../core/principal.ts';
import { refusedCredential } from '../core/refusals.ts';
import { homeRegion } from '../core/regions.ts';
import type { Service, Where } from '../core/service.ts';
import type { ProtocolName } from './protocols.ts';
import type { Signature } from './signature.ts';

/** Whose keys these are: they have to be known, complete and still valid. */
export function holderOf(
  world: SandboxWorld,
  name: ProtocolName,
  signature: Signature | undefined,
): Credential {
  const credential = signature && world.credential(signature.accessKeyId);
  if (!credential || credential.sessionToken !== signature.sessionToken)
    throw refusedCredential(name, 'unknown');
  if (credential.expiresAt !== undefined && credential.expiresAt <= world.clock.now()) {
    throw refusedCredential(name, 'expired');
  }
  return credential;
}

/** Keys are not known in a region that the account has not opted into. */
export function whereOf(
  world: SandboxWorld,
  service: Service,
  { principal: { account } }: Credential,
  signature: Signature | undefined,
  name: ProtocolName,
): Where {
  const found = world.accounts.get(account);
  if (!found || !signature) throw refusedCredential(name, 'unknown');
  const { partition, regions } = found;
  const region = service.global ? homeRegion(partition) : signature.region;
  const state = regions.get(region);
  if (state === undefined || state === 'not-opted-in') throw refusedCredential(name, 'unknown');
  return { partition, account, region };
}
