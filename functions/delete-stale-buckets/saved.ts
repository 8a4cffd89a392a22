import * as z from 'zod';
import type { Configuration, Part, PartName } from '../../shared/aws/s3/configuration.ts';
import { PARTS } from '../../shared/aws/s3/configuration.ts';
import type { Place } from '../../shared/engine/signal.ts';
import type { Json } from '../../shared/engine/verdict.ts';
import type { Bucket } from './bucket.ts';
import { Sums } from './contents.ts';
import type { Contents, Facts, Reading } from './facts.ts';
import { bucketFrom } from './find.ts';

/** A bucket out of saved answers, ready to be judged. */
export interface SavedBucket {
  readonly place: Place;
  readonly resource: Bucket;
  readonly facts: Facts;
}

const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const entry = z.looseObject({ Key: z.string(), LastModified: time, IsLatest: z.boolean().optional() });
const version = entry.extend({ Size: z.int().optional(), StorageClass: z.string().optional() });

/**
 * The answers of the AWS CLI about one bucket, merged into one object:
 *
 * - `Buckets`: `aws s3api list-buckets --query "{Buckets: Buckets[?Name=='NAME']}"`, exactly one
 * - `Versions`, `DeleteMarkers`: `list-object-versions`; `Uploads`: `list-multipart-uploads`
 * - `TagSet`: `get-bucket-tagging`
 * - the members of `get-bucket-policy`, `get-bucket-acl`, `get-bucket-versioning`, `get-object-lock-configuration`, …
 *
 * `null` in the place of a member says that nothing is set. What is absent was not asked, and protects; who refers to the
 * bucket no saved answer tells, so a stale bucket ends as `unknown` at best.
 */
export const saved = z.looseObject({
  Buckets: z.array(z.looseObject({ Name: z.string(), CreationDate: time.optional() })).length(1),
  Versions: z.array(version).nullish(),
  DeleteMarkers: z.array(entry).nullish(),
  Uploads: z.array(z.looseObject({ Initiated: time })).nullish(),
  TagSet: z.array(z.looseObject({ Key: z.string(), Value: z.string() })).nullish(),
  IsTruncated: z.boolean().nullish(),
});

type Answer = z.infer<typeof saved>;

/** The member by which each answer is known. */
const MEMBERS: Readonly<Partial<Record<PartName, string>>> = {
  acl: 'Grants',
  lifecycle: 'Rules',
  objectLock: 'ObjectLockConfiguration',
  policy: 'Policy',
  replication: 'ReplicationConfiguration',
  versioning: 'Status',
  website: 'IndexDocument',
};

const NOT_SAVED = { state: 'unreadable', why: 'it is not in the saved answers' } as const;

/** Turns checked saved answers into the bucket and what they tell about it. */
export function readSaved(answer: Answer, place: Place): readonly SavedBucket[] {
  const tags = new Map((answer.TagSet ?? []).map(({ Key, Value }) => [Key, Value]));
  const unread = answer.TagSet === undefined ? 'they are not in the saved answers' : undefined;
  return answer.Buckets.map(({ Name, CreationDate }) => ({
    place,
    resource: bucketFrom({ Name, CreationDate }, place, tags, unread),
    facts: {
      signs: { contents: contentsOf(answer), trend: NOT_SAVED, requests: NOT_SAVED, logs: { state: 'off' } },
      configuration: configurationOf(answer),
      references: { uses: [], mentions: [], unread: ['no saved answer tells'] },
    },
  }));
}

/** Ages count from the newest date of the answers, which makes early deletion look dearer, never cheaper. */
function contentsOf({ Versions, DeleteMarkers, Uploads, IsTruncated }: Answer): Reading<Contents> {
  if (Versions === undefined && DeleteMarkers === undefined) return NOT_SAVED;
  if (Uploads === undefined)
    return { state: 'unreadable', why: 'list-multipart-uploads is not in the saved answers' };
  const versions = (Versions ?? []).map((one) => ({ ...one, isMarker: false }));
  const markers = (DeleteMarkers ?? []).map((one) => ({
    ...one,
    isMarker: true,
    Size: 0,
    StorageClass: undefined,
  }));
  const times = [...versions, ...markers].map(({ LastModified }) => LastModified.getTime());
  const sums = new Sums(new Date(times.reduce((newest, one) => Math.max(newest, one), 0)));
  for (const { Key, LastModified, IsLatest, isMarker, Size, StorageClass } of [...versions, ...markers]) {
    sums.addVersion({
      key: Key,
      at: LastModified,
      isLatest: IsLatest === true,
      isMarker,
      size: Size ?? 0,
      storageClass: StorageClass ?? 'STANDARD',
    });
  }
  for (const { Initiated } of Uploads ?? []) sums.addUpload({ at: Initiated });
  return { state: 'read', value: sums.contents(IsTruncated !== true) };
}

function configurationOf(answer: Answer): Configuration {
  return new Map(PARTS.map((name): [PartName, Part] => [name, partOf(name, answer)]));
}

function partOf(name: PartName, answer: Answer): Part {
  const member = MEMBERS[name];
  if (member === undefined || !(member in answer) || answer[member] === undefined) return NOT_SAVED;
  if (answer[member] === null) return { state: 'unset' };
  // The whole answer: rules look at the members that they know. It was parsed from JSON.
  return { state: 'set', value: answer as { readonly [key: string]: Json } };
}
