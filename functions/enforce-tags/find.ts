import type { Aws } from '../../shared/aws/access.ts';
import { AwsFailure } from '../../shared/aws/errors.ts';
import type { Found, Missing, Surroundings } from '../../shared/engine/policy.ts';
import type { ResourceRef, Signal } from '../../shared/engine/signal.ts';
import { announcedBy, isCreation } from './creation.ts';
import { completed } from './grace.ts';
import { organizationDoubt, organizationRules } from './organization.ts';
import type { Tagged } from './resource.ts';
import type { Settings } from './settings.ts';
import { sorted } from './sorted.ts';
import { readEach } from './types/read-each.ts';
import type { TagsByArn, TagType, Told } from './types/row.ts';
import { rowsOf, TYPES } from './types/table.ts';
import { tagsByArn } from './types/tags-by-arn.ts';

/** Rights of everything that `find` calls. */
export const findRights = [...TYPES.values()].flatMap(({ rights }) => rights.read);

/** AWS's reads catch up within seconds; what an older event announces and nobody knows has been deleted. */
const CATCHES_UP_MS = 5 * 60_000;

/** The resources that a signal points at, with what hangs on new ones, or all of every type, in their current state. */
export async function* find(
  signal: Signal,
  settings: Settings,
  around: Surroundings<Aws>,
): AsyncGenerator<Found<Tagged>> {
  const { aws, now } = around;
  yield await withoutPolicy(settings, around);
  const rows = rowsOf(settings.types);
  if (signal.scope.kind === 'sweep') {
    const tagged = tagsByArn(aws, rows);
    for (const row of rows) yield* everything(row, tagged, signal, settings, aws);
    return;
  }
  const { perRow, missing } = sorted(signal.scope.resources, rows, signal);
  yield { resources: [], missing };
  for (const [row, refs] of perRow) yield await named(row, refs, signal, settings, aws, now());
  if (!isCreation(signal)) return;
  const launched = signal.scope.resources.filter(
    ({ type, hint }) => type === 'AWS::EC2::Instance' && announcedBy(hint) !== undefined,
  );
  if (launched.length > 0) yield* attached(rows, launched, signal, settings, aws);
}

/** That the organization's policy cannot be read is told once, not with each resource alone. */
async function withoutPolicy(settings: Settings, around: Surroundings<Aws>): Promise<Found<Tagged>> {
  const reason = organizationDoubt(await organizationRules(settings, around));
  const ref = { type: 'AWS::Organizations::Policy', id: 'TAG_POLICY' };
  return { resources: [], missing: reason === undefined ? [] : [{ ref, why: 'unreadable', reason }] };
}

/** A type that cannot be listed is told about and does not stop the others. */
async function* everything(
  row: TagType,
  tagged: TagsByArn,
  signal: Signal,
  settings: Settings,
  aws: Aws,
): AsyncGenerator<Found<Tagged>> {
  try {
    for await (const page of row.list(aws, tagged)) {
      yield { resources: page.map((one) => completed(one, signal, settings)), missing: [] };
    }
  } catch (error) {
    yield { resources: [], missing: [unreadable({ type: row.type, id: 'all' }, error)] };
  }
}

async function named(
  row: TagType,
  refs: readonly ResourceRef[],
  signal: Signal,
  settings: Settings,
  aws: Aws,
  now: Date,
): Promise<Found<Tagged>> {
  const ids = refs.map(({ id }) => id);
  const { told, refused } = await readEach(row, aws, ids);
  const read = new Map(told.map((one) => [one.id, one]));
  const fresh = isCreation(signal) && now.getTime() - signal.time.getTime() < CATCHES_UP_MS;
  return {
    resources: refs.flatMap(({ id, hint }) => {
      const one = read.get(id);
      return one === undefined ? [] : [completed(withAnnounced(one, hint), signal, settings)];
    }),
    missing: refs
      .filter(({ id }) => !read.has(id))
      .map((ref): Missing => {
        const failure = refused.get(ref.id);
        if (failure !== undefined) return unreadable(ref, failure);
        const reason = `${ref.id} ${fresh ? 'is not visible yet' : 'does not exist any more'}.`;
        return { ref, why: fresh ? 'not-visible' : 'gone', reason };
      }),
  };
}

/** Volumes and interfaces of a launch get their tags at the same time as it (B2.16). */
async function* attached(
  rows: readonly TagType[],
  launched: readonly ResourceRef[],
  signal: Signal,
  settings: Settings,
  aws: Aws,
): AsyncGenerator<Found<Tagged>> {
  for (const row of rows) {
    try {
      const found = await row.ofInstances?.(
        aws,
        launched.map(({ id }) => id),
      );
      if (found) yield { resources: found.map((one) => completed(one, signal, settings)), missing: [] };
    } catch (error) {
      yield { resources: [], missing: launched.map((ref) => unreadable(ref, error)) };
    }
  }
}

/** What the creating call asked for counts as there until reads have caught up; grace ends before anything is done. */
function withAnnounced(one: Told, hint: unknown): Told {
  const announced = announcedBy(hint);
  return announced === undefined ? one : { ...one, tags: new Map([...announced.requested, ...one.tags]) };
}

function unreadable(ref: ResourceRef, error: unknown): Missing {
  if (!(error instanceof AwsFailure)) throw error;
  return {
    ref,
    why: 'unreadable',
    reason: `The tags of ${ref.type} ${ref.id} could not be read: ${error.message}`,
  };
}
