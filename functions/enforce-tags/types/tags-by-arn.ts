import type { Aws } from '../../../shared/aws/access.ts';
import { taggedResources } from '../../../shared/aws/tagging/tagging-api.ts';
import type { Tags } from '../../../shared/aws/tagging/target.ts';
import type { TagsByArn, TagType } from './row.ts';

/**
 * One listing of the Tagging API for all of these types that need it, read when the first of them asks. One that failed
 * is read again for the next type, so that it costs no other its sweep.
 */
export function tagsByArn(aws: Aws, rows: readonly TagType[]): TagsByArn {
  const filters = rows.flatMap(({ filter }) => filter ?? []);
  let known: Promise<ReadonlyMap<string, Tags>> | undefined;
  return () => {
    known ??= taggedResources(aws, filters).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}
