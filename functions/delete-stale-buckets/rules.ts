import type { LifecycleRule } from '@aws-sdk/client-s3';
import type { Aws } from '../../shared/aws/access.ts';
import { lifecycleRules, putLifecycleRules } from '../../shared/aws/s3/lifecycle.ts';

/** Rights of everything that is called here. */
export const ruleRights = [...lifecycleRules.rights, ...putLifecycleRules.rights];

/** The beginning of the ids of our own rules. */
const OURS = 'reeve-empty';

/** Markers have a rule of their own: S3 refuses both kinds of expiration in one (B4.39). */
const EMPTY: readonly LifecycleRule[] = [
  {
    ID: `${OURS}-objects`,
    Status: 'Enabled',
    Filter: { Prefix: '' },
    Expiration: { Days: 1 },
    NoncurrentVersionExpiration: { NoncurrentDays: 1 },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
  },
  {
    ID: `${OURS}-markers`,
    Status: 'Enabled',
    Filter: { Prefix: '' },
    Expiration: { ExpiredObjectDeleteMarker: true },
  },
];

/** Lets S3 empty the bucket within days; the rules that there are stay beside ours. */
export async function setRules(aws: Aws, bucket: string): Promise<void> {
  const others = (await lifecycleRules(aws, bucket)).filter(isOthers);
  await putLifecycleRules(aws, bucket, [...others, ...EMPTY]);
}

/** Takes our rules away again, and nothing else. */
export async function dropRules(aws: Aws, bucket: string): Promise<void> {
  const rules = await lifecycleRules(aws, bucket);
  const others = rules.filter(isOthers);
  if (others.length < rules.length) await putLifecycleRules(aws, bucket, others);
}

function isOthers({ ID = '' }: LifecycleRule): boolean {
  return !ID.startsWith(OURS);
}
