import type * as s3 from '@aws-sdk/client-s3';

/** What most versions of a big bucket do not have; kept apart so that a million of them stay small. */
export interface Details {
  readonly etag?: string;
  /** Absent: the content is `size` zero bytes (seeded objects). */
  readonly body?: Uint8Array;
  readonly parts?: readonly number[];
  /** What GetObject gives back as it was put: content type, metadata, encryption, checksums. */
  readonly given?: Readonly<Partial<s3.GetObjectOutput>>;
  readonly tags?: readonly s3.Tag[];
  readonly retention?: s3.ObjectLockRetention;
  readonly legalHold?: boolean;
  /** Epoch ms between which the content of an archived object can be read. */
  readonly restored?: { readonly from: number; readonly until: number };
  /** MD5 of the customer's own key: without it nobody reads the object. */
  readonly customerKeyMd5?: string;
}

/** One version of a key, or a delete marker. The newest of a key leads to the older ones. */
export interface Version {
  readonly key: string;
  /** Counts up within the bucket; the version id is made from it. */
  readonly serial: number;
  /** Written while versioning was off or suspended: its id is `null`. */
  readonly isNull: boolean;
  readonly isMarker: boolean;
  /** Epoch seconds, as S3 keeps no finer time. */
  readonly at: number;
  readonly size: number;
  readonly storageClass: s3.ObjectStorageClass;
  details: Details | undefined;
  older: Version | undefined;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._';

/** The id by which S3 names a version: 32 characters, or the word `null`. */
export function versionIdOf({ isNull, serial }: Pick<Version, 'isNull' | 'serial'>): string {
  return isNull ? 'null' : idText(serial);
}

/** Ids of 32 characters that differ in many places, though they only count. */
function idText(serial: number): string {
  let text = '';
  let state = mixed(serial);
  for (let index = 0; index < 23; index++) {
    text += LETTERS[state & 63];
    state = index % 5 === 4 ? mixed(state ^ serial) : state >>> 6;
  }
  return `${text}${serial.toString(36).padStart(9, '0')}`;
}

/** The serial in a version id; undefined when no such id was ever given out. */
export function serialOf(versionId: string): number | undefined {
  const serial = Number.parseInt(versionId.slice(23), 36);
  return Number.isSafeInteger(serial) && idText(serial) === versionId ? serial : undefined;
}

/** The entity tag, in the quotes that belong to it. */
export function etagOf({ details, serial }: Version): string {
  if (details?.etag !== undefined) return details.etag;
  const hex = [1, 2, 3, 4].map((salt) =>
    mixed(serial * 4 + salt)
      .toString(16)
      .padStart(8, '0'),
  );
  return `"${hex.join('')}"`;
}

function mixed(value: number): number {
  let state = Math.imul(value ^ (value >>> 16) ^ 0x9e3779b9, 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}
