import type { Aws } from '../../../shared/aws/access.ts';
import { AwsFailure } from '../../../shared/aws/errors.ts';
import { inParallel } from '../../../shared/engine/parallel.ts';
import type { TagType, Told } from './row.ts';

/** What could be read, and of each id that could not be, why. */
export interface ReadEach {
  readonly told: readonly Told[];
  readonly refused: ReadonlyMap<string, AwsFailure>;
}

const PARALLEL = 5;

/** Reads these resources; one that refuses to be read, as a bucket by its policy, costs no other its turn. */
export async function readEach(row: TagType, aws: Aws, ids: readonly string[]): Promise<ReadEach> {
  const parts = row.readsOneByOne === true ? ids.map((id) => [id]) : [ids];
  const refused = new Map<string, AwsFailure>();
  const told = await inParallel(parts, PARALLEL, async (part) => {
    try {
      return await row.read(aws, part);
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error;
      for (const id of part) refused.set(id, error);
      return [];
    }
  });
  return { told: told.flat(), refused };
}
