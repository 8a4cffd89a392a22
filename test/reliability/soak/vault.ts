import { allBuckets } from '../../../sandbox/services/s3/state.ts';
import type { Account } from '../stage/account.ts';
import { contentsOf, type Kept, versionsOf, wrongDeletion } from '../stage/archives.ts';
import type { Seen } from '../stage/witness.ts';

/** Where everything of a bucket is kept before it is deleted. */
export const VAULT = 'vault';

/** What is archived, and what each bucket held when its deletion began. */
export class Vault {
  readonly #account: Account;
  readonly #begun = new Map<string, Kept>();

  constructor(account: Account) {
    this.#account = account;
  }

  /** Why a bucket, or some of it, is not to be deleted: the archive has to hold all that was in it, and what counts it. */
  againstDeleting(call: Seen, id: string): string | undefined {
    const kept = this.#begun.get(id) ?? this.#begin(id);
    this.#begun.set(id, kept);
    const why = wrongDeletion(this.#account, call, kept);
    return why && `${id}: ${why}`;
  }

  #begin(id: string): Kept {
    const [was, versions] = [contentsOf(this.#account, id), versionsOf(this.#account, id)];
    return { vault: VAULT, id, was, versions };
  }
}

/** The bucket that a copy into the archive, or a manifest there, is of; undefined where it is none of an existing one. */
export function archivedBy(account: Account, { operation, input }: Seen): string | undefined {
  if (operation !== 'CopyObject' && operation !== 'PutObject') return undefined;
  const { Bucket, Key, CopySource }: Readonly<Record<'Bucket' | 'Key' | 'CopySource', unknown>> =
    Object(input);
  const [, name = '', rest = ''] = /^reeve\/([^/]+)\/\d{8}T\d{6}Z\/(.+)$/.exec(String(Key)) ?? [];
  const isOwn =
    operation === 'PutObject' ? rest === 'manifest.json' : rest === `objects/${keyIn(CopySource, name)}`;
  const isThere = allBuckets(account.world).some((bucket) => bucket.name === name);
  return Bucket === VAULT && isOwn && isThere ? name : undefined;
}

function keyIn(source: unknown, bucket: string): string | undefined {
  const text = String(source);
  return text.startsWith(`${bucket}/`) ? text.slice(bucket.length + 1) : undefined;
}
