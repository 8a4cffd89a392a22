import { existsSync, readdirSync } from 'node:fs';
import type * as z from 'zod';
import type { Aws } from '../shared/aws/access.ts';
import { readConfigFile } from '../shared/config/file.ts';
import type { Config } from '../shared/config/load.ts';
import { nearest } from '../shared/config/nearest.ts';
import type { Policy } from '../shared/engine/policy.ts';
import type { Place } from '../shared/engine/signal.ts';
import type { Change, Resource } from '../shared/engine/verdict.ts';
import type { WayBack } from '../shared/engine/way-back.ts';
import { BadInput } from './exit.ts';

/** A policy whose own types are folded away: the command line treats all alike. */
export type AnyPolicy = Policy<Aws, unknown, Resource, unknown, Change>;

/** How a policy reads saved answers of the AWS CLI. */
export interface SavedReader {
  readonly saved: z.ZodType;
  readSaved(answer: unknown, place: Place): readonly { place: Place; resource: Resource; facts: unknown }[];
}

const FUNCTIONS = new URL('../functions/', import.meta.url);

/** Every folder under `functions/` with a policy in it. */
export function policyNames(): readonly string[] {
  return readdirSync(FUNCTIONS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(new URL(`${entry.name}/policy.ts`, FUNCTIONS)))
    .map(({ name }) => name)
    .sort();
}

/** The given name if there is such a policy; otherwise BadInput with the nearest one. */
export function knownPolicy(name: string): string {
  const names = policyNames();
  if (names.includes(name)) return name;
  const meant = nearest(name, names);
  throw new BadInput(
    `no policy ${JSON.stringify(name)}; ${meant ? `did you mean ${meant}?` : `there are ${names.join(', ')}`}`,
  );
}

export async function loadPolicy(name: string): Promise<AnyPolicy> {
  const module: { readonly policy: AnyPolicy } = await import(new URL(`${name}/policy.ts`, FUNCTIONS).href);
  return module.policy;
}

/** How the changes of a policy are taken back; undefined where there is no such policy (any more), or no way back. */
export async function loadWayBack(name: string): Promise<WayBack<Aws> | undefined> {
  const file = new URL(`${name}/way-back.ts`, FUNCTIONS);
  if (!policyNames().includes(name) || !existsSync(file)) return undefined;
  const module: { readonly wayBack: WayBack<Aws> } = await import(file.href);
  return module.wayBack;
}

/** BadInput where a policy cannot judge saved answers. */
export async function loadSavedReader(name: string): Promise<SavedReader> {
  const file = new URL(`${name}/saved.ts`, FUNCTIONS);
  if (!existsSync(file)) throw new BadInput(`${name} cannot judge saved answers; use reeve sweep ${name}`);
  const module: SavedReader = await import(file.href);
  return module;
}

/** The schema of each policy's own keys in `reeve.yml`. */
async function schemas(): Promise<ReadonlyMap<string, z.ZodType>> {
  const loaded = policyNames().map(async (name) => {
    const module: { readonly settings: z.ZodType } = await import(
      new URL(`${name}/settings.ts`, FUNCTIONS).href
    );
    return [name, module.settings] as const;
  });
  return new Map(await Promise.all(loaded));
}

/** The configuration, or BadInput with a line for every mistake in it. */
export async function loadConfig(path: string): Promise<Config> {
  const loaded = readConfigFile(path, await schemas());
  if (!loaded.ok) throw new BadInput(...loaded.errors);
  return loaded.config;
}
