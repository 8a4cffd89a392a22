import { day } from './life.ts';
import type { BucketChange } from './remedy.ts';
import { isArchived } from './vault.ts';

/** Every version is looked at once more before it goes: none that is young (B4.25), somebody's memory (B4.22) or archive. */
export function keptFor(
  { bucket, writtenBefore, anyMarker }: Pick<BucketChange, 'bucket' | 'writtenBefore' | 'anyMarker'>,
  {
    key,
    at,
    isMarker,
  }: { readonly key: string | undefined; readonly at: Date | undefined; readonly isMarker: boolean },
): string | undefined {
  if (key?.endsWith('.tfstate')) return `${bucket} holds Terraform state`;
  if (key !== undefined && isArchived(key)) return `${bucket} holds an archive that Reeve wrote`;
  if (isMarker && anyMarker) return undefined;
  if (at === undefined) return `${bucket} holds something of unknown age`;
  return at < writtenBefore ? undefined : `somebody used ${bucket} on ${day(at)}`;
}
