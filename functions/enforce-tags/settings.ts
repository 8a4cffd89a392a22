import * as z from 'zod';
import { pattern as glob } from '../../shared/config/schema.ts';
import { LONGEST_PATTERN, patternMistake } from './pattern.ts';
import { charactersOf, isReserved, isWritable, MOST } from './text.ts';
import { TYPE_NAMES } from './type-names.ts';
import { flawOf, type ValueRule } from './value.ts';

const key = z
  .string()
  .min(1)
  .refine((text) => charactersOf(text) <= MOST.key && !isReserved(text) && text === text.trim())
  .describe(`a tag key of at most ${MOST.key} characters, not beginning with aws:`);

const value = z
  .string()
  .min(1)
  .refine((text) => isWritable(text) && text === text.trim())
  .describe(`a tag value of at most ${MOST.value} letters, digits, spaces and _.:/=+-@`);

const placeholder = z
  .string()
  .min(1)
  .refine((text) => charactersOf(text) <= MOST.value)
  .describe(`a text of at most ${MOST.value} characters`);

const types = z
  .array(z.enum(TYPE_NAMES))
  .min(1)
  .describe('a list of resource types, each as AWS::EC2::Instance');

const PLACEHOLDERS = ['todo', 'tbd', 'n/a', 'none', '-', 'null', 'undefined', 'changeme'];

const rule = z
  .strictObject({
    /** The tag key, exactly as it has to be written. */
    key,
    /** Whether a resource has to carry it; `false`: only its case and value are looked at. Default: true. */
    required: z.boolean().default(true),
    /** The values that it may have. */
    values: z.array(value).min(1).optional(),
    /** A regular expression (RE2) for the whole value. */
    pattern: z
      .string()
      .min(1)
      .max(LONGEST_PATTERN)
      .refine((text) => patternMistake(text) === undefined)
      .optional()
      .describe(`a regular expression (RE2, no look-around) of at most ${LONGEST_PATTERN} characters`),
    /** The resource types that it is about. Default: all. */
    types: types.optional(),
    /** Only where another tag has one of these values, e.g. a CostCenter where Environment is prod. */
    when: z.strictObject({ key, in: z.array(value).min(1) }).optional(),
    /** Where a missing value may be taken from, in this order. */
    from: z.array(z.enum(['parent', 'creator'])).default([]),
    /** What a missing tag gets where nothing else is known. */
    default: value.optional(),
  })
  .refine(({ values, pattern }) => values === undefined || pattern === undefined, {
    path: ['pattern'],
    error: 'expected either values or a pattern',
  })
  .refine((one) => one.default === undefined || flawOf(one.default, one, []) === undefined, {
    path: ['default'],
    error: 'expected a value that the tag may have',
  });

const rules = z
  .array(rule)
  .min(1)
  .superRefine((all, context) => {
    for (const [index, one] of all.entries()) {
      const twin = all.slice(0, index).some((other) => sameKey(one.key, other.key) && overlap(one, other));
      if (twin)
        context.addIssue({
          code: 'custom',
          path: [index, 'key'],
          message: 'expected each key once per type',
        });
      // Conditions are looked at in order, after the fixes of the tags before (B2.11).
      const asks = one.when?.key;
      if (asks !== undefined && all.slice(index).some((other) => sameKey(asks, other.key))) {
        const message = 'expected a key that stands before this one in the list';
        context.addIssue({ code: 'custom', path: [index, 'when', 'key'], message });
      }
    }
  });

function sameKey(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function overlap(a: Typed, b: Typed): boolean {
  return a.types === undefined || b.types === undefined || a.types.some((type) => b.types?.includes(type));
}

interface Typed {
  readonly types?: readonly string[] | undefined;
}

/** Settings of enforce-tags in `reeve.yml`; unknown keys are mistakes. */
export const settings = z.strictObject({
  /** What resources have to be tagged with. */
  tags: rules,
  /** The resource types that are looked at. Default: all that Reeve knows. */
  types: types.default([...TYPE_NAMES]),
  /** Values that say nothing, whatever their case (B2.7). */
  placeholders: z.array(placeholder).default(PLACEHOLDERS),
  /** What to do about a tag that is right but for its case. */
  wrongCase: z
    .strictObject({
      /** `owner` for `Owner`. `add` (default): add the right key beside it; `move`: and remove the wrong one; `report`. */
      keys: z.enum(['add', 'move', 'report']).default('add'),
      /** `Prod` for `prod`. `report` (default); `fix`: write the allowed value over it. */
      values: z.enum(['report', 'fix']).default('report'),
    })
    .prefault({}),
  /** How long whoever creates a resource has to tag it, before anything is said or done. Default: 10. */
  graceMinutes: z.int().min(0).max(1440).default(10),
  /**
   * What follows when nobody fills what only people know. `report` (default): it is told again with every sweep. `stop`,
   * `quarantine`: instances are marked with a deadline, and stopped or cut off when it is over; all else is told.
   */
  onDeadline: z.enum(['report', 'stop', 'quarantine']).default('report'),
  /** Read the tag policy of the AWS organization with each run: its rules count too, and nothing is written against it. */
  organizationPolicy: z.boolean().default(false),
  deadline: z
    .strictObject({
      /** From the mark on the resource to the consequence. Default: 7. */
      days: z.int().min(1).max(90).default(7),
      /** Tag key of the mark, e.g. `stop@2026-12-01T00:00Z`. */
      mark: key.default('reeve:enforce-tags'),
    })
    .prefault({}),
  /** What to write as the creator of a resource. */
  creator: z
    .strictObject({
      /** Name to write for a user name, mail address, session, role or Identity Center user id. */
      names: z.record(z.string(), value).default({}),
      /** Sessions that stand for a machine, besides those that Reeve knows: the role's name is written instead. */
      automation: z.array(glob).default([]),
      /** A mail address is personal data. `keep` (default), `alias`: what is before the @, or `hash`. */
      mail: z.enum(['keep', 'alias', 'hash']).default('keep'),
      /** Written where nobody can be named; without it that is only told. */
      fallback: value.optional(),
    })
    .prefault({}),
});

type Written = z.infer<typeof settings>;
/** A rule as it is judged by: what the organization's tag policy adds to it is not written in `reeve.yml`. */
export type TagRule = Written['tags'][number] & Pick<ValueRule, 'patternToo'>;
export type Settings = Omit<Written, 'tags'> & { tags: TagRule[] };
