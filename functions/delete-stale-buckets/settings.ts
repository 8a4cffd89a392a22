import * as z from 'zod';
import { STORAGE_CLASSES } from '../../shared/aws/s3/storage-classes.ts';
import { pattern } from '../../shared/config/schema.ts';

const days = (from: number, to: number) => z.int().min(from).max(to);

const bucketName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
  .describe('the name of a bucket');

/** Settings of delete-stale-buckets in `reeve.yml`; unknown keys are mistakes. */
export const settings = z.strictObject({
  /** Every known sign of life has to be older than so many days. Default: 180. */
  windowDays: days(30, 1095).default(180),
  /**
   * The same where nobody can tell whether anything was read: S3 keeps no trace of reads unless request metrics are on.
   * Never less than `windowDays`. Default: 365.
   */
  unknownAccessDays: days(30, 1095).default(365),
  /** The same for a bucket that holds nothing at all. Default: 30. */
  emptyDays: days(7, 1095).default(30),
  /** Between the mark and the deletion, for the owner to object. Default: 14. */
  waitDays: days(1, 365).default(14),
  /** Names that are never touched, beside Reeve's own list (names.ts): `*` and `?`. */
  protectNames: z.array(pattern).default([]),
  /** Names on Reeve's own list that may be touched all the same. */
  unprotectNames: z.array(pattern).default([]),
  /**
   * Keep the emptied bucket, shut for everybody, so that no stranger can take its name. `referenced` (default): where
   * something may still refer to the name; `always`; `never`.
   */
  tombstone: z.enum(['referenced', 'always', 'never']).default('referenced'),
  /** Tag keys by which code or people say that they refer to a bucket. */
  referenceTags: z.array(z.string().min(1).max(128)).default(['reeve:referenced-by']),
  /** A bucket that sends notifications: `protect` (default), or `allow` them to fire for every deletion. */
  notifications: z.enum(['protect', 'allow']).default('protect'),
  /**
   * Buckets that server access logs of others go to, and that may be read: a use in them is a sign of life. Without,
   * nobody knows what was read. Default: none.
   */
  logBuckets: z.array(bucketName).max(50).default([]),
  /** Log objects read for one bucket that seems stale; of more it is not known, so it stays. Default: 2000. */
  logObjects: z.int().min(1).max(100_000).default(2000),
  /** Pages of 1,000 versions read to find the newest one; of a larger bucket the metrics have to tell. Default: 100. */
  listPages: z.int().min(1).max(100_000).default(100),
  /**
   * From so many objects on, a lifecycle rule empties the bucket instead of calls. The rule works inside S3, also while
   * the kill switch is on or the mode is another one. Default: never, calls empty buckets of any size.
   */
  giantObjects: z.int().min(1000).optional(),
  /** A bucket of the same account to which all objects (newest versions) are copied before anything is deleted. */
  archiveBucket: bucketName.optional(),
  /** Where in it. Ends in `/`, or is empty. Default: `reeve/`. */
  archivePrefix: z
    .string()
    .regex(/^([\w.=-]{1,100}\/){0,3}$/)
    .default('reeve/')
    .describe('a prefix that ends in /, or nothing'),
  /** Storage class of the copies. Default: DEEP_ARCHIVE, the cheapest; brought back within two days. */
  archiveClass: z.enum(STORAGE_CLASSES).default('DEEP_ARCHIVE'),
  /** A bucket whose objects are more than so many GB together is left to a person. Default: 500. */
  archiveLimitGb: z.int().min(1).max(1_000_000).default(500),
});

export type Settings = z.infer<typeof settings>;
