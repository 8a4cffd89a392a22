import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { progressText } from '../../cli/render/progress.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { seedBucket, seededBucket, seedObjects } from '../../sandbox/services/s3/seed.ts';
import { allBuckets } from '../../sandbox/services/s3/state.ts';
import { pointedAtSandbox, reeve } from './run.ts';

const DAY = 86_400_000;
let sandbox: Sandbox;
let restore: () => Promise<void>;
let folder: string;
let journal: string;
let words: readonly string[];

beforeEach(async () => {
  ({ sandbox, restore } = await pointedAtSandbox({ now: new Date(), clock: 'running' }));
  folder = mkdtempSync(join(tmpdir(), 'reeve-long-'));
  const config = join(folder, 'reeve.yml');
  writeFileSync(config, 'version: 1\npolicies:\n  delete-stale-buckets:\n    waitDays: 1\n');
  journal = join(folder, 'journal.jsonl');
  words = ['sweep', 'delete-stale-buckets', '--enforce', '--journal', journal, '--config', config];
});
afterEach(async () => {
  await restore();
  rmSync(folder, { recursive: true });
});

/** A bucket of so many old versions that was marked a month ago, and nobody objected. */
async function dueBucket(name: string, versions: number): Promise<void> {
  const { world, account, region } = sandbox;
  const ago = (days: number) => new Date(world.clock.now() - days * DAY);
  seedBucket(world, { name, account, region, createdAt: ago(900), versioning: 'Enabled' });
  seedObjects(world, name, versions, { at: ago(800) });
  expect((await reeve(words)).err).toContain('1 remedied');
  const { tags } = seededBucket(world, name);
  for (const [key, value] of tags) tags.set(key, monthEarlier(value));
  writeFileSync(journal, monthEarlier(readFileSync(journal, 'utf8')));
}

function monthEarlier(text: string): string {
  return text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (time) =>
    new Date(Date.parse(time) - 30 * DAY).toISOString(),
  );
}

const isThere = (name: string) => allBuckets(sandbox.world).some((bucket) => bucket.name === name);
const deletions = () => sandbox.world.calls.filter(({ operation }) => operation === 'DeleteObjects').length;

it('long work tells how much is gone, how fast, and how long it still takes', async () => {
  await dueBucket('attic', 5000);
  const { code, progress } = await reeve(words);

  expect(code).toBe(0);
  expect(isThere('attic')).toBe(false);
  const told = progress.filter((line) => line.includes('versions gone'));
  expect(told.at(-1)).toMatch(
    /^delete-stale-buckets {2}attic {2}5,000 versions gone, [\d,]+ a second, about \d+ s left$/,
  );
});

it.each([
  [{ perSecond: 3100.4, secondsLeft: 4.2 }, '12,000 versions gone, 3,100 a second, about 5 s left'],
  [{ perSecond: 3000, secondsLeft: 101 }, '12,000 versions gone, 3,000 a second, about 2 minutes left'],
  [{ perSecond: 1, secondsLeft: 360_000 }, '12,000 versions gone, 1 a second, about 100 hours left'],
  [{ perSecond: 0, secondsLeft: undefined }, '12,000 versions gone, 0 a second'],
])('%j reads %j', (speed, line) => {
  const progress = { resource: 'attic', unit: 'versions', done: 12_000, ...speed };

  expect(progressText('delete-stale-buckets', progress)).toBe(`delete-stale-buckets  attic  ${line}`);
});

it('B4.38 Ctrl-C ends what is begun, says how to go on, and the next sweep finishes it', async () => {
  await dueBucket('attic', 30_000);
  sandbox.world.behaviour.latencyMs = 20;
  const child = spawn(process.execPath, ['cli/reeve.mjs', ...words], { env: process.env });
  const said = text(child.stderr);
  const closed = once(child, 'close');
  while (deletions() < 3 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5));
  child.kill('SIGINT');
  const [code] = await closed;
  const left = seededBucket(sandbox.world, 'attic').versions.totals.get('STANDARD')?.count ?? 0;
  const err = await said;

  expect(err).toContain('Stopping after what is under way');
  expect(err).toMatch(
    /attic: \d+ versions and markers and 0 uploads of attic are deleted so far\. The next sweep goes on\./,
  );
  expect(err).toContain('Run the same command again');
  expect(code).toBe(1);
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThan(30_000);

  sandbox.world.behaviour.latencyMs = 0;
  expect((await reeve(words)).code).toBe(0);
  expect(isThere('attic')).toBe(false);
}, 60_000);
