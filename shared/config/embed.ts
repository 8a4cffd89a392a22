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
