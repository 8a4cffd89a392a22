import type { Aws } from '../../shared/aws/access.ts';
import { AwsFailure } from '../../shared/aws/errors.ts';
import { expiringRule, lifecycleRules } from '../../shared/aws/s3/lifecycle.ts';
import { type Mirrored, mirror } from '../../shared/aws/s3/mirroring/mirror.ts';
import { putText, readText } from '../../shared/aws/s3/objects.ts';
import type { Acted, Surroundings } from '../../shared/engine/policy.ts';
import type { Json } from '../../shared/engine/verdict.ts';
import { plain } from '../../shared/notify/escape.ts';
import type { Bucket } from './bucket.ts';
import { keptFor } from './kept.ts';
import { whyTagsMoved } from './last-look.ts';
import { type Manifest, readManifest } from './manifest.ts';
import type { BucketChange } from './remedy.ts';
import {
  type ArchivePlan,
  addressOf,
  journaled,
  manifestKey,
  objectsPrefix,
  openVault,
  vaultRights,
} from './vault.ts';

/** Rights of everything that archiving calls. */
export const archiveRights = [
  ...vaultRights,
  ...lifecycleRules.rights,
  ...mirror.rights,
  ...putText.rights,
  ...readText.rights,
];

/**
 * Archived whole (or not asked for): what was written before that moment may go. Otherwise how far it came, and nothing
 * may go.
 */
export type Archived = { readonly kept: Json; readonly writtenBefore: Date } | { readonly acted: Acted };

/**
 * Before anything is deleted: all objects (newest versions) are copied, and found again by a whole pass over both
 * buckets; only then the manifest is written, and only with it a bucket is emptied. Older versions are not kept.
 */
export async function archive(
  change: BucketChange,
  as: Bucket,
  around: Surroundings<Aws>,
): Promise<Archived> {
  const { archive: plan, writtenBefore } = change;
  if (plan === undefined) return { kept: null, writtenBefore };
  const vault = await openVault(plan.bucket, around);
  if ('refusal' in vault) return { acted: notArchived(change, vault.refusal) };
  const expires = await whyNotKept(vault.aws, plan);
  if (expires !== undefined) return { acted: notArchived(change, expires) };
  const manifest = { bucket: plan.bucket, key: manifestKey(plan) };
  // Emptying may have begun: what is left by then would no longer be what was archived.
  const earlier = await readText(vault.aws, manifest);
  if (earlier !== undefined) return carriedOn(change, plan, earlier);
  if (plan.isWhole) {
    return { acted: notArchived(change, `The manifest ${manifestKey(plan)} in ${plan.bucket} is gone.`) };
  }
  const mirrored = await mirror(around.aws, {
    from: { aws: around.aws, bucket: change.bucket, prefix: '' },
    to: { aws: vault.aws, bucket: plan.bucket, prefix: objectsPrefix(plan) },
    storageClass: plan.storageClass,
    mostBytes: plan.mostBytes,
    refuses: (object) => keptFor(change, { ...object, isMarker: false }),
    now: around.now,
    remainingMs: () => around.remainingMs?.() ?? Number.POSITIVE_INFINITY,
    halted: async () => (await around.halted?.()) ?? (await whyTagsMoved(as, around.aws)),
    onProgress: (done) => tell(change, around, done),
  });
  if (mirrored.code !== 'same') return { acted: broken(change, plan, mirrored) };
  const { objects, bytes } = mirrored;
  const completedAt = around.now().toISOString();
  const whole: Manifest = { objects, bytes, writtenBefore };
  await putText(vault.aws, manifest, JSON.stringify({ bucket: change.bucket, ...whole, completedAt }));
  return { kept: { ...journaled(plan), objects, bytes }, writtenBefore };
}

const LONGEST_ID_TOLD = 80;

/** Why copies would not stay in the archive, in a sentence. */
async function whyNotKept(aws: Aws, { bucket, prefix }: ArchivePlan): Promise<string | undefined> {
  try {
    const rule = expiringRule(await lifecycleRules(aws, bucket), prefix);
    if (rule === undefined) return undefined;
    const name = JSON.stringify(plain(rule.ID ?? '', LONGEST_ID_TOLD));
    return `The lifecycle rule ${name} of the archive bucket ${bucket} would delete what is kept there.`;
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    return `The lifecycle rules of the archive bucket ${bucket} could not be read (${error.message}).`;
  }
}

/** What was written since is in no archive, however old it has become by now. */
function carriedOn(change: BucketChange, plan: ArchivePlan, text: string): Archived {
  const archivedBefore = readManifest(text, change.bucket)?.writtenBefore;
  if (archivedBefore === undefined) {
    const reason = `${manifestKey(plan)} in ${plan.bucket} is no manifest of ${change.bucket}.`;
    return { acted: notArchived(change, reason) };
  }
  const writtenBefore = archivedBefore < change.writtenBefore ? archivedBefore : change.writtenBefore;
  return { kept: journaled(plan), writtenBefore };
}

function broken(change: BucketChange, plan: ArchivePlan, { code, reason, copied }: Mirrored): Acted {
  const sofar = `${copied} objects of ${change.bucket} were copied to ${addressOf(plan)} in this run.`;
  if (code === 'time' || (code === 'throttled' && copied > 0)) {
    const after = { bucket: change.bucket, archive: { ...journaled(plan), copied } };
    return { result: 'unfinished', reason: `${sofar} It goes on in another run.`, after };
  }
  if (code === 'halted' || code === 'throttled') {
    return { result: 'failed', code, reason: `${reason} ${sofar}`, final: true };
  }
  return notArchived(change, reason);
}

function notArchived({ bucket }: BucketChange, reason: string): Acted {
  const text = `${reason} So ${bucket} is not archived whole, and nothing of it is deleted.`;
  return { result: 'failed', code: 'not-archived', reason: text, final: true };
}

function tell({ bucket }: BucketChange, { onProgress }: Surroundings<Aws>, done: number): void {
  if (done % 1000 !== 0) return;
  onProgress?.({ resource: bucket, unit: 'objects archived', done, perSecond: 0, secondsLeft: undefined });
}
