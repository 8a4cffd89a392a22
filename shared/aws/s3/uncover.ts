import { type Aws, verb } from '../access.ts';
import { deleteVersion, deleteVersions } from './deletion.ts';
import { Watch, type Watched } from './emptying/watch.ts';
import { carrierOf } from './keys.ts';
import { type Position, type Version, versionPage } from './versions.ts';

/** How many objects were uncovered, and whether the whole bucket was gone through. */
export interface Uncovered {
  readonly objects: number;
  /** What could not be uncovered, by S3's code. */
  readonly errors: ReadonlyMap<string, number>;
  /** Why it stopped before the end; undefined: it did not. */
  readonly stopped: string | undefined;
}

/**
 * Removes the delete markers that hide objects since a moment: what was deleted (by a rule or by anybody) in a bucket
 * with versioning is there again, as far as the versions below still are. Safe to repeat; a later call carries on.
 */
export const uncover = verb(
  [...versionPage.rights, ...deleteVersions.rights],
  async (
    aws: Aws,
    bucket: string,
    since: Date,
    watched: Pick<Watched, 'now' | 'remainingMs' | 'halted'>,
  ): Promise<Uncovered> => {
    const watch = new Watch(watched);
    const errors = new Map<string, number>();
    let objects = 0;
    let position: Position | undefined;
    do {
      const objection = await watch.objection();
      if (objection !== undefined) return { objects, errors, stopped: objection.reason };
      const { versions, next } = await versionPage(aws, bucket, position);
      const hiding = versions.filter(
        ({ isMarker, isLatest, at }) => isMarker && isLatest && at !== undefined && at >= since,
      );
      const failed = await removeMarkers(aws, bucket, hiding);
      for (const code of failed) errors.set(code, (errors.get(code) ?? 0) + 1);
      objects += hiding.length - failed.length;
      position = next;
    } while (position !== undefined);
    return { objects, errors, stopped: undefined };
  },
);

/** The codes of those that could not go. */
async function removeMarkers(
  aws: Aws,
  bucket: string,
  markers: readonly Version[],
): Promise<readonly string[]> {
  const named = markers.flatMap(({ key, id }) => (key === undefined ? [] : [{ key, id }]));
  const batch = named.filter(({ key }) => carrierOf(key) === 'batch');
  const singles = named.filter(({ key }) => carrierOf(key) === 'single');
  const unnamed = markers.length - batch.length - singles.length;
  const { errors } = batch.length === 0 ? { errors: [] } : await deleteVersions(aws, bucket, batch);
  for (const one of singles) await deleteVersion(aws, bucket, one);
  return [...errors.map(({ code }) => code), ...Array.from({ length: unnamed }, () => 'unnameable')];
}
