import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Config, PolicyConfig } from '../../shared/config/load.ts';
import { canonicalJson, type PlannedItem } from '../../shared/engine/planned.ts';
import type { Json } from '../../shared/engine/verdict.ts';
import { jsonText } from '../../shared/notify/escape.ts';
import { BadInput } from '../exit.ts';
import { mistakesIn } from '../saved-answers.ts';

/** Raised whenever a plan means something else than before; a plan of another version is refused. */
const VERSION = 1;

/** More than ten thousand changes with their before-states: nobody reads such a plan. */
export const MOST_BYTES = 32 * 1024 * 1024;

const text = z.string().min(1);
const account = z.string().regex(/^\d{12}$/, 'expected twelve digits');
/** What `JSON.parse` made: kept as it is, a key `__proto__` too. */
const json = z.custom<Json>((value) => value !== undefined, 'expected a value');
const jsonObject = z.custom<{ readonly [key: string]: Json }>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'expected an object',
);
const place = { partition: text, account, region: text };

const item = z.strictObject({
  ...place,
  resource: z.strictObject({ type: text, id: text, arn: text, name: z.string().optional() }),
  reasonCode: text,
  reason: z.string(),
  severity: z.enum(['low', 'medium', 'high', 'critical']),
  change: z.strictObject({
    action: text,
    summary: z.string(),
    fingerprint: text,
    planKey: text.optional(),
    undo: z.string(),
    parameters: jsonObject,
    before: json,
  }),
  monthlySaving: z.union([z.number(), z.literal('unknown')]).optional(),
}) satisfies z.ZodType<PlannedItem>;

const content = z.strictObject({
  reeve: z.literal('plan'),
  version: z.literal(VERSION),
  createdAt: z.iso.datetime(),
  by: text,
  /** Whose credentials planned, and from where. */
  home: z.strictObject(place),
  /** Planned on a simulated account: two of them may have the same number as a real one. */
  simulated: z.boolean(),
  policies: z
    .array(
      z.strictObject({
        policy: z.string().regex(/^[a-z0-9-]+$/, 'expected the name of a policy'),
        settings: text,
        scanned: z.int().min(0),
        places: z.array(z.strictObject(place)),
        items: z.array(item),
      }),
    )
    // Each entry has the policy's cap for itself.
    .superRefine((entries, { addIssue }) => {
      for (const [index, { policy }] of entries.entries()) {
        if (entries.findIndex((entry) => entry.policy === policy) === index) continue;
        const message = `${policy} is named twice, expected each policy once`;
        addIssue({ code: 'custom', path: [index, 'policy'], message });
      }
    }),
});

/** A plan as its file holds it, without the hash. */
export type Plan = z.infer<typeof content>;
export type PolicyPlan = Plan['policies'][number];

/** The text of a plan file: what was planned, and the hash over it. */
export function planText(plan: Omit<Plan, 'reeve' | 'version'>): string {
  const whole: Plan = { reeve: 'plan', version: VERSION, ...plan };
  return `${jsonText({ ...whole, sha256: hashOf(whole) }, 2)}\n`;
}

/** Reads the text of a plan file; BadInput with one clear line for one that is no plan, altered, or of another version. */
export function readPlan(written: string, file: string): { readonly plan: Plan; readonly sha256: string } {
  const whole = parsed(written, file);
  const { sha256, ...rest } = whole;
  if (rest.reeve !== 'plan')
    throw new BadInput(`${file}: this is not a plan; reeve plan --out FILE writes one`);
  if (rest.version !== VERSION) {
    const found = jsonText(rest.version ?? null).slice(0, 40);
    throw new BadInput(
      `${file}: a plan of version ${found}, this reeve reads version ${VERSION}; plan again`,
    );
  }
  if (typeof sha256 !== 'string' || !fits(sha256, rest)) {
    throw new BadInput(`${file}: it was altered after it was planned (its hash does not fit); plan again`);
  }
  const checked = content.safeParse(rest);
  if (!checked.success) throw new BadInput(...mistakesIn(file, checked.error));
  return { plan: checked.data, sha256 };
}

/** What a policy was told to do: with other settings, or other limits, a plan is another plan. The mode is not part of it. */
export function settingsHash(
  { guard: { mode: _mode, ...guard }, settings }: PolicyConfig,
  config: Config,
): string {
  return hashOf({ guard, settings, role: config.role ?? null });
}

function parsed(written: string, file: string): Readonly<Record<string, unknown>> {
  try {
    const whole: unknown = JSON.parse(written);
    if (typeof whole === 'object' && whole !== null && !Array.isArray(whole)) return { ...whole };
  } catch {
    // Told as whatever else is no plan.
  }
  throw new BadInput(`${file}: this is not a plan; reeve plan --out FILE writes one`);
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** What is nested a hundred thousand deep can be read, but not be gone through. */
function fits(sha256: unknown, rest: object): boolean {
  try {
    return sha256 === hashOf(rest);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
