import { seedBucket, seedObjects } from '../../../sandbox/services/s3/seed.ts';
import { allBuckets, dropBucket } from '../../../sandbox/services/s3/state.ts';
import type { Account } from '../stage/account.ts';
import type { Meddling, Scenario, Subject } from '../stage/scenario.ts';

const DAY = 86_400_000;

interface Wish {
  readonly objectDays?: number;
  readonly tags?: Readonly<Record<string, string>>;
}

/** A versioned bucket of three years ago, with a few objects of that age. */
function bucket(
  account: Account,
  id: string,
  due: Subject['due'],
  { objectDays = 700, tags = {} }: Wish = {},
): Subject {
  const daysAgo = (days: number) => new Date(account.now().getTime() - days * DAY);
  const { account: owner, region } = account.place;
  seedBucket(account.world, {
    name: id,
    account: owner,
    region,
    createdAt: daysAgo(1100),
    versioning: 'Enabled',
    tags,
  });
  seedObjects(account.world, id, 3, { at: daysAgo(objectDays) });
  return {
    id,
    due,
    allows: () => true,
    isRemedied: () => allBuckets(account.world).every(({ name }) => name !== id),
    isUnderWay: () => {
      const tagged = allBuckets(account.world).find(({ name }) => name === id)?.tags;
      return new Date(tagged?.get('reeve:delete-after') ?? '') > account.now();
    },
  };
}

const meddlings: readonly Meddling[] = [
  {
    name: 'gone',
    shownBy: /^(ListBuckets|GetBucketTagging)$/,
    async meddle({ world }, [first]) {
      const found = allBuckets(world).find(({ name }) => name === first?.id);
      if (first === undefined || found === undefined) return;
      dropBucket(world, found);
      first.due = 'leave';
    },
  },
  {
    name: 'changed',
    shownBy: /^GetBucketTagging$/,
    async meddle({ world }, [first]) {
      const found = allBuckets(world).find(({ name }) => name === first?.id);
      if (first === undefined || found === undefined) return;
      found.tags.set('reeve:exempt', 'T-1 until 2026-12-24');
      first.due = 'leave';
    },
  },
];

/** From the mark to the end: two sweeps, a fortnight apart. */
export const bucketsEnd: Scenario = {
  name: 'delete-stale-buckets: from the mark to the end',
  policy: 'delete-stale-buckets',
  settings: `version: 1
policies:
  delete-stale-buckets: { mode: enforce, caps: { count: 10, percent: 100 } }
`,
  cap: 10,
  cadenceMs: DAY,
  meddlings,
  async set(account) {
    return [
      bucket(account, 'old-logs', 'remedy', { tags: { team: 'a' } }),
      bucket(account, 'live-data', 'leave', { objectDays: 3 }),
    ];
  },
  async play(runtime) {
    runtime.sweep('delete-stale-buckets');
    await runtime.pass(15 * DAY);
    runtime.sweep('delete-stale-buckets');
    await runtime.pass(DAY);
  },
};
