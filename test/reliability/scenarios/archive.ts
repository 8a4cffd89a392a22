import { seedBucket, seedObjects } from '../../../sandbox/services/s3/seed.ts';
import { addBucket, dropBucket } from '../../../sandbox/services/s3/state.ts';
import type { Account } from '../stage/account.ts';
import { bucketOf, contentsOf, type Kept, lackOf, versionsOf, wrongDeletion } from '../stage/archives.ts';
import { journalOf } from '../stage/journal.ts';
import type { Runtime } from '../stage/runtime.ts';
import type { Meddling, Scenario, Subject } from '../stage/scenario.ts';
import { isReeve } from '../stage/witness.ts';
import { askBack } from './undo.ts';

const DAY = 86_400_000;
const VAULT = 'vault';
const TAGS = { team: 'a' };

/** A versioned bucket of three years ago with so many objects, one of them in two versions, and an empty archive. */
function attic(account: Account, id: string, objects: number): Kept {
  const { account: owner, region } = account.place;
  const daysAgo = (days: number) => new Date(account.now().getTime() - days * DAY);
  const own = { account: owner, region, createdAt: daysAgo(1100) };
  seedBucket(account.world, { ...own, name: id, versioning: 'Enabled', tags: TAGS });
  seedObjects(account.world, id, 1, { at: daysAgo(800), size: 7 });
  seedObjects(account.world, id, objects, { at: daysAgo(700) });
  seedBucket(account.world, { ...own, name: VAULT });
  return { vault: VAULT, id, was: contentsOf(account, id), versions: versionsOf(account, id) };
}

const hasMark = (account: Account, id: string) => bucketOf(account, id)?.tags.has('reeve:marked') === true;
const NEW = 'new';
const isUsed = (account: Account, id: string) => contentsOf(account, id).has(NEW);

/** Once somebody writes to it, only its mark may go. */
function subject(account: Account, kept: Kept): Subject {
  const { id, was } = kept;
  return {
    id,
    due: 'remedy',
    allows: ({ operation }) => !isUsed(account, id) || operation === 'UntagResource',
    never: (call) => wrongDeletion(account, call, kept),
    isRemedied: () =>
      isUsed(account, id)
        ? !hasMark(account, id)
        : bucketOf(account, id) === undefined && lackOf(account, VAULT, id, was) === undefined,
  };
}

const meddlings: readonly Meddling[] = [
  {
    name: 'gone',
    shownBy: /^(ListBuckets|GetBucketTagging)$/,
    async meddle(account, [first]) {
      const found = first && bucketOf(account, first.id);
      if (first === undefined || found === undefined) return;
      dropBucket(account.world, found);
      first.due = 'leave';
    },
  },
  {
    name: 'changed',
    shownBy: /^GetBucketTagging$/,
    async meddle(account, [first]) {
      const found = first && bucketOf(account, first.id);
      if (first === undefined || found === undefined) return;
      found.tags.set('reeve:exempt', 'T-1 until 2026-12-24');
      first.due = 'leave';
    },
  },
  {
    name: 'used',
    shownBy: /^ListObject(Versions|sV2)$/,
    async meddle(account, [first]) {
      if (first === undefined || bucketOf(account, first.id) === undefined) return;
      seedObjects(account.world, first.id, 1, { key: () => NEW });
    },
  },
];

const sweep = async (runtime: Runtime, ms: number) => {
  runtime.sweep('delete-stale-buckets');
  await runtime.pass(ms);
};

/** Marked, and its wait over: from the first copy to the deletion. */
export const bucketsArchive: Scenario = {
  name: 'delete-stale-buckets: archive, then delete',
  policy: 'delete-stale-buckets',
  settings: `version: 1
policies:
  delete-stale-buckets:
    mode: enforce
    caps: { count: 10, percent: 100 }
    archiveBucket: ${VAULT}
    archiveClass: GLACIER_IR
`,
  cap: 10,
  cadenceMs: DAY,
  meddlings,
  set: async (account) => [subject(account, attic(account, 'old-logs', 3))],
  before: (runtime) => sweep(runtime, 15 * DAY),
  play: (runtime) => sweep(runtime, DAY),
  // What holds it up is gone by then, so that the next sweep has to end it.
  recover: async () => {},
};

const isArchived = (account: Account) =>
  [...contentsOf(account, VAULT).keys()].some((key) => key.endsWith('/manifest.json'));

const KEYS_A_PAGE = 4;
/** So many pages at first take so long that a minute is left of 15: the rest is for another invocation. */
const SLOW = { times: 2, ms: 425_000 };

/** Three pages of versions, and S3 is slow with two of them: emptying goes on by way of the work queue. */
export const bucketsContinued: Scenario = {
  ...bucketsArchive,
  name: 'delete-stale-buckets: continued emptying',
  // Pages that do not hold what is new do not show it: what they list may still go. With one page: the scenario above.
  meddlings: meddlings.filter(({ name }) => name !== 'used'),
  async set(account) {
    account.world.behaviour.keysAPage = KEYS_A_PAGE;
    return [subject(account, attic(account, 'old-logs', 8))];
  },
  async play(runtime) {
    const { account } = runtime;
    const { clock, faults } = account.world;
    // Behind whatever goes wrong with the same call.
    faults.add({
      operation: 'ListObjectVersions',
      kind: 'run',
      times: SLOW.times,
      when: (_input, call) => isReeve(call) && isArchived(account),
      effect: () => clock.advance(SLOW.ms),
    });
    await sweep(runtime, DAY);
  },
};

/** All that a person sees of it: its tags, and what its keys hold. */
function isBack(account: Account, { id, was }: Kept): boolean {
  const bucket = bucketOf(account, id);
  const isWhole = [...was].every(([key, content]) => contentsOf(account, id).get(key) === content);
  return isWhole && bucket?.versioning === 'Enabled' && sameTags(bucket.tags);
}

function sameTags(tags: ReadonlyMap<string, string>): boolean {
  return JSON.stringify([...tags]) === JSON.stringify(Object.entries(TAGS));
}

/** A deleted bucket is made again from its archive, which nobody touches. */
export const bucketsUndo: Scenario = {
  ...bucketsArchive,
  name: 'undo: delete-stale-buckets',
  meddlings: [
    {
      name: 'changed',
      shownBy: /^(ListBuckets|GetBucketTagging)$/,
      async meddle(account, [first]) {
        if (first === undefined || bucketOf(account, first.id) !== undefined) return;
        const { account: owner, region, partition } = account.place;
        addBucket(account.world, { name: first.id, owner, region, partition });
        first.due = 'leave';
      },
    },
  ],
  async set(account) {
    const kept = attic(account, 'old-logs', 3);
    return [
      {
        id: kept.id,
        due: 'remedy',
        allows: () => true,
        never: ({ operation, input }) =>
          JSON.stringify(input).includes(`"Bucket":"${VAULT}"`) && /^(Delete|Put|Copy)/.test(operation)
            ? 'it is the archive'
            : undefined,
        isRemedied: () => isBack(account, kept),
      },
    ];
  },
  async before(runtime) {
    await sweep(runtime, 15 * DAY);
    await sweep(runtime, DAY);
  },
  play: (runtime, subjects) => takeBack(runtime, subjects),
  async recover(runtime, subjects) {
    await takeBack(runtime, subjects);
    await takeBack(runtime, subjects);
  },
};

/** With a person's own rights: no function has those that it takes. */
async function takeBack(runtime: Runtime, subjects: readonly Subject[]): Promise<void> {
  const entries = await journalOf(runtime.account);
  const deleted = entries.find(({ action }) => action === 'empty-and-delete');
  if (deleted === undefined) throw new Error('nothing was deleted');
  await askBack(runtime, subjects, { fn: 'undo-by-hand', run: deleted.run });
}
