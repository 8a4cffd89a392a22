import { day } from './life.ts';
import type { BucketChange } from './remedy.ts';

/** Every version is looked at once more before it goes: none that is young (B4.25) or somebody's memory (B4.22). */
export function keptFor(
  { bucket, writtenBefore, anyMarker }: Pick<BucketChange, 'bucket' | 'writtenBefore' | 'anyMarker'>,
  {
    key,
    at,
    isMarker,
  }: { readonly key: string | undefined; readonly at: Date | undefined; readonly isMarker: boolean },
): string | undefined {
  if (key?.endsWith('.tfstate')) return `${bucket} holds Terraform state`;
  if (isMarker && anyMarker) return undefined;
  if (at === undefined) return `${bucket} holds something of unknown age`;
  return at < writtenBefore ? undefined : `somebody used ${bucket} on ${day(at)}`;
}
