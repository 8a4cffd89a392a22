import type { Aws } from '../../shared/aws/access.ts';
import { bucketNamed } from '../../shared/aws/s3/buckets.ts';
import { readText } from '../../shared/aws/s3/objects.ts';
import { STORAGE_CLASSES } from '../../shared/aws/s3/storage-classes.ts';
import type { JournalEntry } from '../../shared/engine/journal.ts';
import type { Surroundings } from '../../shared/engine/policy.ts';
import { brief } from '../../shared/engine/words.ts';
import { Field } from '../../shared/events/fields.ts';
import type { Bucket } from './bucket.ts';
import type { Reading } from './facts.ts';
import { readManifest } from './manifest.ts';
import type { Marked } from './mark.ts';
import { type ArchivePlan, addressOf, manifestKey, reachVault } from './vault.ts';

/** What the journal knows of an emptying under this mark that was begun with other settings of the archive. */
export interface Begun {
  /** It is whole, so the deletion may have begun: what is gone lies there, and nowhere else. */
  readonly archive: Omit<ArchivePlan, 'mostBytes'> | undefined;
  /** Entries that may have deleted something without any archive. */
  readonly unarchived: readonly string[];
}

/** An emptying under the same mark, and where it was to be archived before. */
export interface Other {
  readonly entry: JournalEntry;
  readonly archive: Omit<ArchivePlan, 'mostBytes'> | undefined;
}

/** Entries that empty the bucket under this mark, and name another archive, or none where this is one. */
export function othersUnder(
  entries: readonly JournalEntry[],
  mark: Pick<Marked, 'at'>,
  archive: Pick<ArchivePlan, 'bucket' | 'prefix'> | undefined,
): readonly Other[] {
  const address = archive && addressOf(archive);
  return entries
    .filter(({ policy, action }) => policy === 'delete-stale-buckets' && action.startsWith('empty-'))
    .filter(({ before }) => new Field(before, 'before').at('markedAt').value === mark.at.toISOString())
    .map((entry) => ({ entry, archive: archiveOf(entry) }))
    .filter((other) => (other.archive && addressOf(other.archive)) !== address);
}

function archiveOf({ before }: JournalEntry): Other['archive'] {
  const journaled = new Field(before, 'before').at('archive');
  if (journaled.isMissing()) return undefined;
  return {
    bucket: journaled.at('bucket').text('a bucket'),
    prefix: journaled.at('prefix').text('a prefix'),
    storageClass: STORAGE_CLASSES.find((one) => one === journaled.at('storageClass').value) ?? 'STANDARD',
  };
}

/** What was begun under this mark elsewhere than in this archive, as the journal has it now. */
export async function begunOf(
  { id, arn }: Pick<Bucket, 'id' | 'arn'>,
  mark: Pick<Marked, 'at'>,
  archive: Pick<ArchivePlan, 'bucket' | 'prefix'> | undefined,
  around: Surroundings<Aws>,
): Promise<Reading<Begun>> {
  let entries: readonly JournalEntry[];
  try {
    entries = (await around.history?.(arn, mark.at)) ?? [];
  } catch (error) {
    return { state: 'unreadable', why: `what the journal holds of it could not be read (${brief(error)})` };
  }
  return begunAmong(id, othersUnder(entries, mark, archive), around);
}

/**
 * Which of these may have begun to delete: no object goes before its manifest is there. What cannot be read is not the
 * same as not begun.
 */
export async function begunAmong(
  bucket: string,
  others: readonly Other[],
  around: Surroundings<Aws>,
): Promise<Reading<Begun>> {
  let whole: Begun['archive'];
  for (const { archive, entry } of others) {
    if (archive === undefined) continue;
    try {
      if (await isWhole(bucket, archive, around)) whole ??= archive;
    } catch (error) {
      const why = `whether its emptying has begun with the archive ${addressOf(archive)} (entry ${entry.id}) could not be read (${brief(error)})`;
      return { state: 'unreadable', why };
    }
  }
  const unarchived = others.flatMap(({ archive, entry }) => (archive === undefined ? [entry.id] : []));
  return { state: 'read', value: { archive: whole, unarchived } };
}

/** Whether its manifest is there. Throws what AWS answers, and where what is there cannot be told. */
async function isWhole(
  bucket: string,
  archive: Pick<ArchivePlan, 'bucket' | 'prefix'>,
  around: Surroundings<Aws>,
): Promise<boolean> {
  const told = await bucketNamed(around.aws, archive.bucket);
  // Mistyped, most likely; what lay in a bucket that is gone lies nowhere any more.
  if (told === undefined) return false;
  const reached = await reachVault(told, around);
  if ('refusal' in reached) throw new Error(reached.refusal);
  const text = await readText(reached.aws, { bucket: archive.bucket, key: manifestKey(archive) });
  if (text === undefined) return false;
  if (readManifest(text, bucket) === undefined) throw new Error('its manifest is none of this bucket');
  return true;
}
