import type * as s3 from '@aws-sdk/client-s3';
import { KeyIndex } from './key-index.ts';
import { type Details, serialOf, type Version } from './version.ts';

/** What is known of a version before it is stored. */
export interface NewVersion {
  readonly key: string;
  readonly isNull: boolean;
  readonly isMarker: boolean;
  readonly at: number;
  readonly size: number;
  readonly storageClass?: s3.ObjectStorageClass;
  readonly details?: Details;
}

interface Total {
  count: number;
  bytes: number;
}

/** All versions of a bucket, by key and, within a key, from the newest to the oldest. */
export class VersionStore {
  readonly index = new KeyIndex<Version>();
  /** Objects and bytes by storage class; markers count as objects without a class. */
  readonly totals = new Map<string, Total>();
  #serial = 0;

  get isEmpty(): boolean {
    return this.index.first(() => false) === undefined;
  }

  newest(key: string): Version | undefined {
    return this.index.get(key);
  }

  /** One version of a key by its id. */
  find(key: string, versionId: string): Version | undefined {
    const serial = serialOf(versionId);
    for (let version = this.newest(key); version; version = version.older) {
      const isIt = versionId === 'null' ? version.isNull : !version.isNull && version.serial === serial;
      if (isIt) return version;
    }
    return undefined;
  }

  /** Stores a version as the newest of its key. There is only one null version: it takes the place of the one before. */
  add(wish: NewVersion): Version {
    if (wish.isNull) {
      const before = this.find(wish.key, 'null');
      if (before) this.remove(before);
    }
    this.#serial += 1;
    const version: Version = {
      key: wish.key,
      serial: this.#serial,
      isNull: wish.isNull,
      isMarker: wish.isMarker,
      at: wish.at,
      size: wish.size,
      storageClass: wish.storageClass ?? 'STANDARD',
      details: wish.details,
      older: this.newest(wish.key),
    };
    this.index.set(version);
    this.#count(version, 1);
    return version;
  }

  /** Takes one version away for good; the next older one becomes the newest. */
  remove(version: Version): void {
    const newest = this.newest(version.key);
    if (newest === version) {
      if (version.older) this.index.set(version.older);
      else this.index.delete(version.key);
    } else {
      let newer = newest;
      while (newer && newer.older !== version) newer = newer.older;
      if (!newer) return;
      newer.older = version.older;
    }
    this.#count(version, -1);
  }

  #count({ isMarker, storageClass, size }: Version, sign: 1 | -1): void {
    const kind = isMarker ? 'DELETE_MARKER' : storageClass;
    const total = this.totals.get(kind) ?? { count: 0, bytes: 0 };
    this.totals.set(kind, total);
    total.count += sign;
    total.bytes += sign * size;
  }
}
