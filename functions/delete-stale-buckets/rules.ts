import type { LifecycleRule } from '@aws-sdk/client-s3';
import type { Aws } from '../../shared/aws/access.ts';
import { lifecycleRules, putLifecycleRules } from '../../shared/aws/s3/lifecycle.ts';
import type { Json } from '../../shared/engine/verdict.ts';

/** Rights of everything that is called here. */
export const ruleRights = [...lifecycleRules.rights, ...putLifecycleRules.rights];

/**
 * Days for which S3 keeps what the rule takes from a bucket with versioning, below a delete marker: time to take it
 * back. Somebody's newly replaced versions wait as long.
 */
export const NONCURRENT_DAYS = 7;

/** The beginning of the ids of our own rules. */
const OURS = 'reeve-empty';

/**
 * Only what is as old as the silence that was asked for: what is written from now on stays (B4.25). Markers have a rule
 * of their own: S3 refuses both kinds of expiration in one (B4.39).
 */
const emptying = (days: number): readonly LifecycleRule[] => [
  {
    ID: `${OURS}-objects`,
    Status: 'Enabled',
    Filter: { Prefix: '' },
    Expiration: { Days: days },
    NoncurrentVersionExpiration: { NoncurrentDays: NONCURRENT_DAYS },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: days },
  },
  {
    ID: `${OURS}-markers`,
    Status: 'Enabled',
    Filter: { Prefix: '' },
    Expiration: { ExpiredObjectDeleteMarker: true },
  },
];

/** Lets S3 empty the bucket within days; the rules that there are stay beside ours. */
export async function setRules(aws: Aws, bucket: string, days: number): Promise<void> {
  const others = (await lifecycleRules(aws, bucket)).filter(isOthers);
  await putLifecycleRules(aws, bucket, [...others, ...emptying(days)]);
}

/** Takes our rules away again, and nothing else. */
export async function dropRules(aws: Aws, bucket: string): Promise<void> {
  const rules = await lifecycleRules(aws, bucket);
  const others = rules.filter(isOthers);
  if (others.length < rules.length) await putLifecycleRules(aws, bucket, others);
}

/** Whether a lifecycle configuration, as it was read, holds rules of ours. */
export function hasOurRules(value: Json): boolean {
  return JSON.stringify(value).includes(`"ID":"${OURS}`);
}

/** A lifecycle configuration, as it was read, with only the rules of others; undefined where there are none. */
export function withoutOurRules(value: {
  readonly [key: string]: Json;
}): { readonly [key: string]: Json } | undefined {
  const rules: readonly Json[] = Array.isArray(value.Rules) ? value.Rules : [];
  const others = rules.filter((rule) => !hasOurRules(rule));
  return others.length === 0 ? undefined : { ...value, Rules: others };
}

function isOthers({ ID = '' }: LifecycleRule): boolean {
  return !ID.startsWith(OURS);
}
