import type { World } from '../../../core/world.ts';
import { notify, type ObjectEvent } from '../notifications/notify.ts';
import { type Deleted, deleteVersion } from '../objects/delete-version.ts';
import { allBuckets, type Bucket } from '../state.ts';
import { putStorageMetrics } from '../storage-metrics.ts';
import { dueWork } from './rules.ts';

const DAY = 86_400_000;
const started = new WeakSet<World>();

/** Once a simulated day, at midnight UTC, S3 measures its buckets and lets expire what is due. */
export function startDays(world: World): void {
  if (started.has(world)) return;
  started.add(world);
  const next = () => (Math.floor(world.clock.now() / DAY) + 1) * DAY;
  const day = () => {
    for (const bucket of allBuckets(world)) {
      putStorageMetrics(world, bucket);
      if (bucket.configurations.lifecycle) runLifecycle(world, bucket);
    }
    world.clock.at(next(), day);
  };
  world.clock.at(next(), day);
}

/** Asks no policy: a Deny does not hold lifecycle back. */
function runLifecycle(world: World, bucket: Bucket): void {
  const midnight = Math.floor(world.clock.now() / DAY) * DAY;
  const now = new Date(world.clock.now());
  const { expired, removed, aborted } = dueWork(bucket, midnight);
  for (const { id } of aborted) bucket.uploads.delete(id);
  for (const version of removed) bucket.versions.remove(version);
  const deleted = expired.map(({ key }) => deleteVersion(bucket, { key }, now, false));
  const events: ObjectEvent[] = [
    ...removed.map((version) => ({ name: 'LifecycleExpiration:Delete', version })),
    ...deleted.flatMap(lifecycleEvent),
  ];
  const requestId = world.random.uuid();
  const actor = {
    world,
    now,
    requestId,
    sourceIp: 's3.amazonaws.com',
    principal: { principalId: 's3.amazonaws.com' },
  };
  notify(actor, bucket, events);
}

function lifecycleEvent({ event }: Deleted): ObjectEvent[] {
  if (!event) return [];
  return [{ ...event, name: event.name.replace('ObjectRemoved', 'LifecycleExpiration') }];
}
