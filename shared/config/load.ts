import type * as z from 'zod';
import type { GuardSettings } from '../engine/ports.ts';
import { check, lineFor, type Place } from './complain.ts';
import { complete } from './complete.ts';
import type { EmbeddedSettings, Regions } from './embedded.ts';
import { nearest } from './nearest.ts';
import { type PolicyCommon, policyCommon, type TopLevel, topLevel } from './schema.ts';
import { credentialsIn } from './secrets.ts';
import { type ConfigText, readYaml } from './yaml.ts';

/** `reeve.yml`, checked and completed. */
export interface Config {
  readonly regions: Regions;
  readonly role: EmbeddedSettings['role'];
  readonly notify: EmbeddedSettings['notify'];
  readonly killSwitch: string;
  /** By name; a policy that the file does not mention is not enabled. */
  readonly policies: ReadonlyMap<string, PolicyConfig>;
}

export interface PolicyConfig {
  readonly guard: GuardSettings;
  /** The policy's own keys, as its schema returned them. */
  readonly settings: unknown;
  /** Undefined: the policy's default; `off`: no sweep. */
  readonly schedule: string | undefined;
  /** Undefined: the policy's default; `off`: none is reserved. */
  readonly reservedConcurrency: number | 'off' | undefined;
}

export type Loaded =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly errors: readonly string[] };

/**
 * Reads the text of a `reeve.yml`: the settings of every policy that it mentions, or one line for every mistake. Each
 * policy brings the schema of its own keys.
 */
export function loadConfig(text: string, fileName: string, policies: ReadonlyMap<string, z.ZodType>): Loaded {
  const credentials = credentialsIn(text, fileName);
  if (credentials.length > 0) return { ok: false, errors: credentials };
  const yaml = readYaml(text);
  if (!('value' in yaml)) {
    return { ok: false, errors: yaml.map(({ line, message }) => `${fileName}:${line}: ${message}`) };
  }
  if (yaml.value === null || yaml.value === undefined) {
    return {
      ok: false,
      errors: [`${fileName}:1: the file is empty; it needs at least version and policies`],
    };
  }

  const file = { fileName, text: yaml };
  const top = check(topLevel, yaml.value, { ...file, base: [], moreKeys: [] });
  const checked = policiesOf(yaml.value).map(([name, value]) => checkPolicy(name, value, file, policies));
  const errors = [top, ...checked].flatMap((part) => ('errors' in part ? part.errors : []));
  if ('errors' in top || errors.length > 0) return { ok: false, errors: errors.toSorted(byLine) };

  const sound = checked.flatMap((policy) => ('own' in policy ? [policy] : []));
  const read = sound.map(({ name, common, own }) => [name, complete(common, own, top.settings)] as const);
  return { ok: true, config: configOf(top.settings, new Map(read)) };
}

/** `reeve.yml:9: …` before `reeve.yml:12: …`; lines of one place keep their order. */
function byLine(a: string, b: string): number {
  const lineOf = (error: string): number => Number(/:(\d+): /.exec(error)?.[1] ?? 0);
  return lineOf(a) - lineOf(b);
}

/** The policies as they are written, also when something else in the file is wrong: one run shows every mistake. */
function policiesOf(file: unknown): readonly (readonly [string, unknown])[] {
  const { policies } = topLevel.shape;
  const written = policies.safeParse(Object.getOwnPropertyDescriptor(Object(file), 'policies')?.value);
  return Object.entries(written.success ? written.data : {});
}

function configOf(top: TopLevel, policies: Config['policies']): Config {
  const { role: roleName, externalId } = top.accounts;
  return {
    regions: top.regions,
    role:
      roleName === undefined ? undefined : { roleName, ...(externalId === undefined ? {} : { externalId }) },
    notify: {
      ...(top.notify.topic === undefined ? {} : { topic: top.notify.topic }),
      ...(top.notify.ownerTag === undefined ? {} : { ownerTag: top.notify.ownerTag }),
      ...(top.notify.chat === undefined ? {} : { chat: top.notify.chat }),
    },
    killSwitch: top.killSwitch,
    policies,
  };
}

type CheckedPolicy =
  | { readonly errors: readonly string[] }
  | { readonly name: string; readonly common: PolicyCommon; readonly own: unknown };

function checkPolicy(
  name: string,
  value: unknown,
  file: { fileName: string; text: ConfigText },
  policies: ReadonlyMap<string, z.ZodType>,
): CheckedPolicy {
  const place: Place = { ...file, base: ['policies', name], moreKeys: Object.keys(policyCommon.shape) };
  const schema = policies.get(name);
  if (!schema) {
    const meant = nearest(name, [...policies.keys()]);
    const hint = meant
      ? `did you mean "${meant}"?`
      : `there are ${[...policies.keys()].join(', ') || 'none'}`;
    return { errors: [lineFor([], `no such policy; ${hint}`, place)] };
  }
  const given = value ?? {};
  if (typeof given !== 'object' || Array.isArray(given)) {
    return { errors: [lineFor([], 'expected the settings of the policy, e.g. mode: report', place)] };
  }

  const isCommon = ([key]: readonly [string, unknown]): boolean => Object.hasOwn(policyCommon.shape, key);
  const entries = Object.entries(given);
  const common = check(policyCommon, Object.fromEntries(entries.filter(isCommon)), place);
  const own = check(schema, Object.fromEntries(entries.filter((entry) => !isCommon(entry))), place);
  const errors = [common, own].flatMap((part) => ('errors' in part ? part.errors : []));
  if ('errors' in common || 'errors' in own) return { errors };
  return { name, common: common.settings, own: own.settings };
}
