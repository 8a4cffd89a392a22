import * as z from 'zod';

/** Twelve digits in quotes: YAML would make a number of them, and numbers lose leading zeros (B5.40, B6.29). */
export const accountId = z
  .string()
  .regex(/^\d{12}$/)
  .describe('an account id of twelve digits');

export const region = z
  .string()
  .regex(/^[a-z]{2,5}(-[a-z]{2,12}){1,2}-\d{1,2}$/)
  .describe('a region, e.g. eu-west-1');

/**
 * A pattern in which `*` and `?` are wild and nothing else is. Brackets and braces mean something elsewhere, so they are
 * refused rather than taken literally (B6.28); a pattern of stars alone would mean everything (B6.9).
 */
export const pattern = z
  .string()
  .min(1)
  .max(1024)
  .regex(/^[^[\]{}]*$/)
  .regex(/[^*?]/)
  .describe('a pattern with * and ?, no brackets or braces, and more than wildcards');

const text = z.string().regex(/\S/).max(1024).describe('text that is not empty');

const caps = z.strictObject({
  count: z.int().min(1).max(1000).optional(),
  percent: z.int().min(1).max(100).optional(),
  window: z
    .string()
    .regex(/^([1-9]\d{0,3}m|[1-9]\d{0,2}h|[1-7]d)$/)
    .optional()
    .describe('a time, e.g. 30m, 1h or 1d'),
  perWindow: z.int().min(1).max(1000).optional(),
});

const exemption = z.strictObject({
  tag: z
    .string()
    .regex(/^(?!aws:).{1,128}$/iu)
    .optional()
    .describe('a tag key, not beginning with aws:'),
  maxDays: z.int().min(1).max(90).optional(),
  requireOwner: z.boolean().optional(),
  remindDays: z.int().min(0).max(30).optional(),
  notice: z
    .string()
    .regex(/^(off|[1-9]\d{0,2}h|[1-7]d)$/)
    .optional()
    .describe('a time of 1h to 999h or 1d to 7d, or "off"'),
  setBy: z.array(pattern.describe('an ARN, with * and ? as wildcards, not just wildcards')).optional(),
});

const protect = z.strictObject({
  ids: z.array(text).optional(),
  names: z.array(pattern).optional(),
  tags: z
    .array(
      z
        .string()
        .regex(/^[^=\s][^\n]*$/)
        .max(385)
        .describe('key or key=value'),
    )
    .optional(),
});

const breaker = z.strictObject({
  escalateAt: z.int().min(1).max(1000).optional(),
  openAt: z.int().min(1).max(1000).optional(),
});

const guard = {
  caps: caps.optional(),
  exemption: exemption.optional(),
  protect: protect.optional(),
  breaker: breaker.optional(),
};

const SCHEDULE = /^(off|rate\([1-9]\d* (minute|hour|day)s?\)|cron\(([^\s()]+ ){5}[^\s()]+\))$/;

/** What every policy has beside its own keys. */
export const policyCommon = z
  .strictObject({
    mode: z.enum(['report', 'enforce']).default('report'),
    ...guard,
    schedule: z.string().regex(SCHEDULE).optional().describe('rate(…), cron(…) of six fields, or "off"'),
    reconcile: z.string().regex(SCHEDULE).optional().describe('rate(…), cron(…) of six fields, or "off"'),
    grace: z
      .string()
      .regex(/^([1-9]\d{0,2}h|([1-9]|[1-8]\d|90)d)$/)
      .optional()
      .describe('a time of 1h to 999h or 1d to 90d, e.g. 2d'),
    reservedConcurrency: z
      .union([z.int().min(1).max(1000), z.literal('off')])
      .optional()
      .describe('a whole number from 1 to 1000, or "off"'),
  })
  .refine(({ grace, schedule }) => grace === undefined || schedule !== 'off', {
    path: ['grace'],
    error: 'expected a schedule that is not "off" beside it: only a sweep comes back when the grace is over',
  });

const roleName = z
  .string()
  .regex(/^([\w+=,.@-]{1,64}\/){0,4}[\w+=,.@-]{1,64}$/)
  .describe('the name of a role, not its ARN');

const accounts = z
  .strictObject({
    allow: z.array(accountId).default([]),
    role: roleName.optional(),
    externalId: z
      .string()
      .regex(/^[\w+=,.@:/-]{2,1224}$/)
      .optional()
      .describe('an external id of 2 to 1224 letters, digits and +=,.@:/-'),
  })
  .refine(({ allow, role }) => allow.length === 0 || role !== undefined, {
    path: ['role'],
    error: 'expected the role by which the accounts of accounts.allow are entered',
  })
  .refine(({ allow }) => new Set(allow).size === allow.length, {
    path: ['allow'],
    error: 'expected each account once',
  });

const parameter = z
  .string()
  .regex(/^\/[\w./-]{1,1010}$/)
  .describe('the name of an SSM parameter, beginning with /');

/** Everything but the policies' own keys. */
export const topLevel = z.strictObject({
  version: z.literal(1),
  accounts: accounts.prefault({}),
  regions: z
    .union([z.enum(['own', 'all-enabled']), z.array(region).min(1)])
    .default('own')
    .describe('own, all-enabled or a list of regions'),
  notify: z
    .strictObject({
      topic: z
        .string()
        .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/)
        .optional()
        .describe('the ARN of an SNS topic'),
      ownerTag: z
        .string()
        .regex(/^(?!aws:).{1,128}$/iu)
        .optional()
        .describe('a tag key, not beginning with aws:'),
      chat: z
        .strictObject({ kind: z.enum(['slack', 'teams']), parameter })
        .optional()
        .describe('kind (slack or teams) and parameter, the SSM parameter that holds the webhook'),
    })
    .default({}),
  killSwitch: parameter.default('/reeve/kill-switch'),
  defaults: z.strictObject(guard).default({}),
  policies: z.record(z.string(), z.unknown()).describe('a policy per key'),
});

export type TopLevel = z.output<typeof topLevel>;
export type PolicyCommon = z.output<typeof policyCommon>;
