import type { Aws } from '../../shared/aws/access.ts';
import { bucketNamed } from '../../shared/aws/s3/buckets.ts';
import { bucketTags } from '../../shared/aws/tagging/buckets.ts';
import type { JournalEntry } from '../../shared/engine/journal.ts';
import type { Surroundings } from '../../shared/engine/policy.ts';
import type { Tags } from '../../shared/engine/verdict.ts';
import type { Standing, WayBack } from '../../shared/engine/way-back.ts';
import { Field } from '../../shared/events/fields.ts';
import { DELETE_AFTER, EMPTYING, MARKED, TOMBSTONE, withoutMark } from './mark.ts';
import { isHalfway, RESTORING, tagsIn } from './restore.ts';
import { ruleRights } from './rules.ts';
import { tagRights } from './tags.ts';
import { undo } from './undo.ts';
import { addressOf } from './vault.ts';

/** Marks and rules are taken off; emptied and deleted buckets come back from their archive, where there is one. */
export const wayBack: WayBack<Aws> = {
  policy: 'delete-stale-buckets',
  kind: 'cost',
  standing,
  undo: ({ before }, around) => undo(before, around),
  byHand: ({ action }) =>
    ['mark', 'empty-by-rule'].includes(action)
      ? undefined
      : 'Bringing a bucket back takes rights over all buckets, which no role of Reeve’s has: use reeve undo.',
  rights: [...new Set([...bucketNamed.rights, ...tagRights, ...ruleRights])],
};

/** Our clock and the one that wrote the mark are the same; the outcome is written after it. */
const CLOCKS_MS = 10_000;

const DELETES: readonly string[] = ['empty-and-delete', 'empty-and-keep-name'];

async function standing(entry: JournalEntry, around: Surroundings<Aws>): Promise<Standing> {
  const { aws } = around;
  const before = new Field(entry.before, 'before');
  const bucket = before.at('bucket').text('a bucket');
  const isArchived = before.at('archive').isObject();
  if (entry.action === 'unmark' || entry.action === 'stop-rule') {
    return {
      state: 'lost',
      reason: `Nothing is lost by it: if ${bucket} is still stale, the next sweep looks at it again.`,
    };
  }
  const tags = (await bucketNamed(aws, bucket)) === undefined ? undefined : await bucketTags(aws, bucket);
  const halfway = tags && DELETES.includes(entry.action) && (await brokenOff(entry, tags, before, around));
  if (halfway) return halfway;
  switch (entry.action) {
    case 'mark':
      return tags === undefined ? gone(bucket) : marked(entry, bucket, tags);
    case 'empty-by-rule':
      return tags === undefined ? gone(bucket) : ruled(bucket, tags, isArchived);
    case 'empty-and-keep-name':
      return tags === undefined ? gone(bucket) : shut(bucket, tags, before, isArchived);
    default:
      return deleted(bucket, tags, before, isArchived);
  }
}

/** An emptying that came to no end, as far as anybody knows, and the bucket stands: some of it may be gone. */
async function brokenOff(
  { id, outcome, at, resource }: JournalEntry,
  tags: Tags,
  before: Field,
  { history }: Surroundings<Aws>,
): Promise<Standing | undefined> {
  if (outcome !== undefined && outcome.result !== 'failed') return undefined;
  if (tags.has(TOMBSTONE) || isRestoring(tags, before)) return undefined;
  const bucket = before.at('bucket').text('a bucket');
  if (!before.at('archive').isObject()) {
    return {
      state: 'lost',
      reason: `${bucket} still stands. There is no archive: what was deleted of it stays deleted.`,
    };
  }
  if (isHalfway(tags, before)) {
    const will = [`Copy back from its archive what was deleted of ${bucket}.`, 'Take its mark off.'];
    return { state: 'ours', will };
  }
  // The mark goes last.
  if ((await history?.(resource.arn, at))?.some(({ undoes }) => undoes === id)) return undefined;
  const [vault, prefix] = [before.at('archive', 'bucket'), before.at('archive', 'prefix')];
  const address = addressOf({ bucket: vault.text('a bucket'), prefix: prefix.text('a prefix') });
  const reason = `${bucket} stands and its mark is off, so it is left to its owner. What was deleted of it before, if anything, lies in ${address}objects/.`;
  return { state: 'lost', reason };
}

function gone(bucket: string): Standing {
  return { state: 'gone', reason: `${bucket} is gone.` };
}

/** The very mark that this entry set; another one, or part of one, is somebody else's or a later one. */
function marked({ at, outcome }: JournalEntry, bucket: string, tags: Tags): Standing {
  const [mark, date] = [tags.get(MARKED), tags.get(DELETE_AFTER)];
  if (mark === undefined && date === undefined)
    return { state: 'as-before', reason: `${bucket} has no mark.` };
  if (tags.has(EMPTYING))
    return { state: 'changed', differs: [`a rule empties ${bucket} by now: take that entry back first`] };
  if (mark === undefined || date === undefined)
    return { state: 'changed', differs: [`somebody took part of the mark of ${bucket} off`] };
  const time = new Date(mark.split(' ')[0] ?? '').getTime();
  const end = outcome?.at.getTime() ?? at.getTime() + 900_000;
  return time >= at.getTime() - CLOCKS_MS && time <= end + CLOCKS_MS
    ? { state: 'ours', will: [`Take the mark (${DELETE_AFTER} ${date}) off ${bucket}.`] }
    : { state: 'changed', differs: [`${bucket} has another mark by now (${mark})`] };
}

function ruled(bucket: string, tags: Tags, isArchived: boolean): Standing {
  if (!tags.has(EMPTYING)) return { state: 'as-before', reason: `No rule of Reeve’s empties ${bucket}.` };
  const back = isArchived ? 'Copy back from its archive what the rule took.' : 'What it took stays deleted.';
  return { state: 'ours', will: [`Take the rules that empty ${bucket} away.`, back] };
}

function shut(bucket: string, tags: Tags, before: Field, isArchived: boolean): Standing {
  const ours = tags.has(TOMBSTONE) || isRestoring(tags, before);
  if (!ours) return { state: 'as-before', reason: `${bucket} is no tombstone.` };
  const back = isArchived
    ? 'Copy its objects back from the archive.'
    : 'There is no archive: its objects stay deleted.';
  return { state: 'ours', will: [`Put the policy of ${bucket} back.`, back] };
}

function deleted(bucket: string, tags: Tags | undefined, before: Field, isArchived: boolean): Standing {
  if (tags !== undefined && !isRestoring(tags, before)) {
    return hasItsTags(tags, before)
      ? { state: 'as-before', reason: `${bucket} stands: it was brought back, made again, or never deleted.` }
      : {
          state: 'changed',
          differs: [`${bucket} stands with other tags: somebody made it again, or changed it`],
        };
  }
  if (!isArchived) {
    return {
      state: 'lost',
      reason: `There is no archive, so the objects of ${bucket} cannot be brought back. The journal holds its configuration.`,
    };
  }
  return {
    state: 'ours',
    will: [`Make ${bucket} again, with its settings and its objects from the archive.`],
  };
}

/** Those that an undo gives it back. */
function hasItsTags(tags: Tags, before: Field): boolean {
  const its = withoutMark(tagsIn(before.at('tags')));
  const now = withoutMark(tags);
  return now.size === its.size && [...its].every(([key, value]) => now.get(key) === value);
}

/** An undo of this very deletion was begun. */
function isRestoring(tags: Tags, before: Field): boolean {
  const markedAt = before.at('markedAt').optionalText();
  return markedAt !== undefined && tags.get(RESTORING) === markedAt;
}
