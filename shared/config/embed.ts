import type { EmbeddedSettings } from './embedded.ts';
import type { Config } from './load.ts';

/** What a handler's bundle carries of the configuration; throws for a policy that the file does not mention. */
export function embed(config: Config, policy: string): EmbeddedSettings {
  const found = config.policies.get(policy);
  if (!found)
    throw new Error(`${policy} is not in reeve.yml: add it under policies, in mode report to begin with`);
  const { regions, role, killSwitch, notify } = config;
  const { guard, settings } = found;
  return { version: 1, policy, guard, settings, regions, ...(role ? { role } : {}), killSwitch, notify };
}

/** What the bundle of a function carries that is no policy: how accounts are entered, and whom to tell. */
export function embedService(config: Config, name: string): EmbeddedSettings {
  const [any] = config.policies.values();
  if (any === undefined) throw new Error('reeve.yml names no policy');
  const { regions, role, killSwitch, notify } = config;
  // Accounts are allowed for all policies alike; nothing else of the guard is asked.
  const guard = { ...any.guard, mode: 'report' as const };
  const known = { guard, settings: {}, regions, ...(role ? { role } : {}), killSwitch, notify };
  return { version: 1, policy: name, ...known };
}
