import { allBuckets, type Bucket } from '../../../sandbox/services/s3/state.ts';
import { etagOf, type Version, versionIdOf } from '../../../sandbox/services/s3/versions/version.ts';
import type { Account } from './account.ts';
import type { Seen } from './witness.ts';

/** A bucket's newest versions by key, each as its size and its entity tag. */
export type Contents = ReadonlyMap<string, string>;

export function bucketOf(account: Account, name: string): Bucket | undefined {
  return allBuckets(account.world).find((one) => one.name === name);
}

/** What stands below a prefix; nothing where there is no such bucket. */
export function contentsOf(account: Account, name: string, prefix = ''): Contents {
  const standing = [...(bucketOf(account, name)?.versions.index.walk() ?? [])];
  return new Map(
    standing
      .filter(({ key, isMarker }) => !isMarker && key.startsWith(prefix))
      .map((version) => [version.key.slice(prefix.length), `${version.size} ${etagOf(version)}`]),
  );
}

/** The ids of all versions and markers of a bucket, each behind its key. */
export function versionsOf(account: Account, name: string): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const newest of bucketOf(account, name)?.versions.index.walk() ?? [])
    for (let one: Version | undefined = newest; one; one = one.older)
      ids.add(`${one.key} ${versionIdOf(one)}`);
  return ids;
}

/** Why an archive is not whole: its manifest, and each object that there was. Undefined where it is. */
export function lackOf(account: Account, vault: string, id: string, was: Contents): string | undefined {
  const keys = [...contentsOf(account, vault).keys()].filter((key) => key.includes(`/${id}/`));
  const manifests = keys.filter((key) => key.endsWith('/manifest.json'));
  const whys = manifests.map((manifest) => {
    const body = bucketOf(account, vault)?.versions.newest(manifest)?.details?.body;
    const told: unknown = JSON.parse(Buffer.from(body ?? []).toString() || 'null');
    const counts = typeof told === 'object' && told !== null && 'objects' in told ? told.objects : undefined;
    if (counts !== was.size) return `its manifest counts ${counts} of ${was.size} objects`;
    const copies = contentsOf(account, vault, manifest.replace(/manifest\.json$/, 'objects/'));
    const missing = [...was].find(([key, content]) => copies.get(key) !== content);
    return missing && `${missing[0]} is not in it`;
  });
  if (whys.length === 0) return 'there is no manifest';
  return whys.includes(undefined) ? undefined : whys.join('; ');
}

/** What a call would delete that it must not: from the archive, of what came since, or what the archive does not hold. */
export function wrongDeletion(
  account: Account,
  { operation, input }: Seen,
  { vault, id, was, versions }: Kept,
): string | undefined {
  if (!operation.startsWith('Delete')) return undefined;
  // The typed boundary to what the wire layer read: DeleteObjects', DeleteObject's and DeleteBucket's own input.
  const { Bucket, Delete, Key, VersionId } = input as Doomed;
  if (Bucket === vault) return 'it is the archive';
  if (!/^Delete(Objects?|Bucket)$/.test(operation)) return undefined;
  const doomed = [...(Delete?.Objects ?? []), ...(Key === undefined ? [] : [{ Key, VersionId }])];
  const since = doomed.find((one) => !versions.has(`${one.Key} ${one.VersionId}`));
  if (since !== undefined) return `${since.Key} was written since`;
  const lack = lackOf(account, vault, id, was);
  return lack && `the archive is not whole: ${lack}`;
}

/** A bucket as it was before anything was deleted, and where it has to be kept. */
export interface Kept {
  readonly vault: string;
  readonly id: string;
  readonly was: Contents;
  readonly versions: ReadonlySet<string>;
}

interface Doomed {
  readonly Bucket?: string;
  readonly Key?: string;
  readonly VersionId?: string;
  readonly Delete?: { readonly Objects?: readonly { readonly Key?: string; readonly VersionId?: string }[] };
}
