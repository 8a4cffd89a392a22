import type { GuardSettings } from '../engine/ports.ts';
import type { Chat } from '../notify/chat.ts';

/** Where a sweep looks: the function's own region, every region that the account has enabled, or these. */
export type Regions = 'own' | 'all-enabled' | readonly string[];

/** The settings of one policy as plain JSON: checked and completed at build, embedded in the handler's bundle. */
export interface EmbeddedSettings<S = unknown> {
  readonly version: 1;
  readonly policy: string;
  readonly guard: GuardSettings;
  /** The policy's own settings. */
  readonly settings: S;
  readonly regions: Regions;
  /** How other accounts are entered; without it only the own one is. */
  readonly role?: { readonly roleName: string; readonly externalId?: string };
  /** SSM parameter. */
  readonly killSwitch: string;
  readonly notify: {
    readonly topic?: string;
    /** Tag by whose value each owner gets a message of his own. */
    readonly ownerTag?: string;
    /** A chat that is told too, by the webhook whose address this SSM parameter holds. */
    readonly chat?: { readonly kind: Chat; readonly parameter: string };
  };
}

/**
 * Looks at what the build embedded, cheaply: a bundle that was put together wrongly must not start to act (B5.42). The
 * values themselves were checked when they were written; `S` is what the policy's own schema promised then.
 */
export function readEmbedded<S>(embedded: unknown, policy: string): EmbeddedSettings<S> {
  const wrong = SHAPE.find(([path, fits]) => !fits(at(embedded, path)));
  if (wrong) throw new Error(`embedded settings of ${policy}: ${wrong[0]} is missing or of the wrong kind`);
  // The typed boundary: the shape was just checked, the settings by the build.
  const settings = embedded as EmbeddedSettings<S>;
  if (settings.policy !== policy)
    throw new Error(`embedded settings of ${policy}: they are for ${settings.policy}`);
  return settings;
}

type Fits = (value: unknown) => boolean;

const isText: Fits = (value) => typeof value === 'string' && value !== '';
const isNumber: Fits = (value) => typeof value === 'number' && Number.isFinite(value);
const isTexts: Fits = (value) => Array.isArray(value) && value.every(isText);
const isObject: Fits = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

const SHAPE: readonly (readonly [path: string, fits: Fits])[] = [
  ['version', (value) => value === 1],
  ['policy', isText],
  ['guard.mode', (value) => value === 'report' || value === 'enforce'],
  ['guard.caps.count', isNumber],
  ['guard.caps.percent', isNumber],
  ['guard.caps.window.minutes', isNumber],
  ['guard.caps.window.count', isNumber],
  ['guard.exemption.tag', isText],
  ['guard.exemption.maxDays', isNumber],
  ['guard.exemption.setBy', isTexts],
  ['guard.exemption.remindMs', (value) => value === undefined || isNumber(value)],
  ['guard.exemption.noticeMs', (value) => value === undefined || isNumber(value)],
  ['guard.protect.ids', isTexts],
  ['guard.protect.names', isTexts],
  ['guard.protect.tags', isTexts],
  ['guard.breaker.escalateAt', isNumber],
  ['guard.breaker.openAt', isNumber],
  ['guard.accounts', isTexts],
  ['guard.graceMs', (value) => value === undefined || (isNumber(value) && Number(value) > 0)],
  ['settings', isObject],
  ['regions', (value) => value === 'own' || value === 'all-enabled' || isTexts(value)],
  ['role', (value) => value === undefined || isText(at(value, 'roleName'))],
  ['killSwitch', isText],
  ['notify', isObject],
];

function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((found, key) => Object.getOwnPropertyDescriptor(Object(found), key)?.value, value);
}
