import type { Aws } from '../../shared/aws/access.ts';
import type { Policy } from '../../shared/engine/policy.ts';
import { logRights } from './access-logs.ts';
import { act, actRights, archivingRights } from './act.ts';
import type { Bucket } from './bucket.ts';
import type { Facts } from './facts.ts';
import { find, findRights } from './find.ts';
import { gather, gatherRights } from './gather.ts';
import { judge } from './judge.ts';
import type { BucketChange } from './remedy.ts';
import type { Settings } from './settings.ts';
import { undo } from './undo.ts';

/** Buckets that nobody uses are marked, and, if nobody objects, emptied and deleted. */
export const policy: Policy<Aws, Settings, Bucket, Facts, BucketChange> = {
  name: 'delete-stale-buckets',
  title: 'No bucket is kept that nobody uses',
  kind: 'cost',
  find,
  gather,
  judge,
  act,
  // Of a bucket that was to be deleted there may be less, but it is there.
  shows: (_bucket, { action }) => (action === 'empty-and-delete' ? 'neither' : 'done'),
  undo: (before, _after, around) => undo(before, around),
};

const all: readonly string[] = [...new Set([...findRights, ...gatherRights, ...actRights])].sort();

/** The IAM actions that finding and judging needs: all that a function that only reports may do. */
export const reading: readonly string[] = all.filter((right) => /:(Describe|Get|List)/.test(right));

/** What marking, emptying and deleting needs besides. Undo is a person's, with his own rights. */
export const writing: readonly string[] = all.filter((right) => !reading.includes(right));

/** What reading access logs needs besides, where the settings name their buckets. */
export const readingLogs: readonly string[] = [...new Set(logRights)].sort();

/** What copying to an archive needs besides, where the settings name one. */
export const archiving: readonly string[] = [...new Set(archivingRights)]
  .filter((right) => !all.includes(right))
  .sort();
