import type { Configuration } from '../../shared/aws/s3/configuration.ts';
import type { Begun } from './begun.ts';

/** What was asked, or why there is no answer. */
export type Reading<T> =
  | { readonly state: 'read'; readonly value: T }
  | { readonly state: 'unreadable'; readonly why: string };

/** What a listing of a bucket shows, in sums: never the keys. */
export interface Contents {
  /** The listing came to its end. Otherwise the sums are of what was read. */
  readonly complete: boolean;
  /** Current versions; in a bucket without versioning, all objects. */
  readonly objects: number;
  readonly noncurrent: number;
  readonly markers: number;
  readonly uploads: number;
  readonly bytes: number;
  /** By storage class. */
  readonly classes: ReadonlyMap<string, number>;
  /** By storage class: bytes times the days that are still charged when deleted today (B4.40). */
  readonly earlyByteDays: ReadonlyMap<string, number>;
  /** LastModified of the newest version, and when the newest upload was begun. */
  readonly newest: Date | undefined;
  readonly newestMarker: Date | undefined;
  readonly newestUpload: Date | undefined;
  /** Terraform keeps its memory here. */
  readonly stateFiles: boolean;
  /** AWS services write their logs below `AWSLogs/`. */
  readonly serviceLogs: boolean;
  /** Manifests or copies of buckets that were archived here, by the settings of now or of then. */
  readonly archives: boolean;
}

/** NumberOfObjects, a value a day, up to two days late; counts versions and parts too (B4.4). */
export interface Trend {
  readonly days: readonly { readonly at: Date; readonly objects: number }[];
  /** How far back was asked. */
  readonly since: Date;
}

export interface Signs {
  readonly contents: Reading<Contents>;
  readonly trend: Reading<Trend>;
  /** When an object was last read or written by request metrics; `off`: nobody counts them (B4.3). */
  readonly requests: Reading<{ readonly last: Date | undefined }> | { readonly state: 'off' };
  /** When an object was last asked for by server access logs; `off`: none that may be read. */
  readonly logs: Reading<{ readonly last: Date | undefined }> | { readonly state: 'off' };
}

/** Where else a bucket is named, in the whole account. */
export interface References {
  /** Sentences, e.g. "the trail audit writes to it". Any of them protects. */
  readonly uses: readonly string[];
  /** Something may still refer to the name, though nothing uses the bucket: reason for a tombstone (B4.46). */
  readonly mentions: readonly string[];
  /** What could not be looked up, with the reason: that protects too (B4.18). */
  readonly unread: readonly string[];
}

/** What is known about one bucket. What is absent was not looked at, because the verdict is settled without it. */
export interface Facts {
  readonly signs?: Signs;
  /** Rules of ours are in its lifecycle configuration; asked only where there ever were enough objects for them. */
  readonly ourRule?: boolean;
  readonly configuration?: Configuration;
  readonly references?: References;
  /** Asked only once the wait is over. */
  readonly begun?: Reading<Begun>;
}
