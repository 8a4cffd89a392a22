import { type Aws, verb } from '../../access.ts';
import { AwsFailure } from '../../errors.ts';
import { Throttle } from '../emptying/throttle.ts';
import { Watch, type Watched } from '../emptying/watch.ts';
import { fitsPath } from '../keys.ts';
import { copyObject, type Listed, objectChecksums, objectPage } from '../objects.ts';
import type { StorageClass } from '../storage-classes.ts';
import { type Pair, pairs, type Side } from './listing.ts';

/** What copying all objects of one place to another needs to know, and to ask on its way. */
export interface MirrorOptions extends Watched {
  readonly from: Side;
  readonly to: Side;
  readonly storageClass: StorageClass;
  /** Why this object, and with it all the rest, must not be copied (a clause), or undefined. */
  refuses?(object: Listed): string | undefined;
  /** Bytes that may be copied at most. */
  readonly mostBytes?: number;
  /** Instead of stopping at another object of the same name at the destination: it stays as it is, and is told. */
  readonly keepsOthers?: boolean;
  /** Whether what stands at the destination is to be written over: something that this object replaced before. */
  replaces?(standing: Listed, object: Listed): boolean;
  /** Instead of stopping at an object whose content is in Glacier: asks for it back; it is left out this time. */
  fetch?(key: string): Promise<void>;
  onProgress?(copied: number): void;
  /** Copies under way at once, at most. Default: 32. */
  readonly parallel?: number;
}

export interface Mirrored {
  /** `same`: every object of the source stands at the destination, with its size, but for what was kept. */
  readonly code: 'same' | 'awaited' | 'time' | 'halted' | 'throttled' | 'refused' | 'gone' | 'failed';
  /** A sentence. */
  readonly reason: string;
  /** Of the source, in the last pass. */
  readonly objects: number;
  readonly bytes: number;
  /** In this invocation. */
  readonly copied: number;
  /** Asked back from Glacier, and not there yet. */
  readonly awaited: number;
  /** Other objects that stay under their names at the destination: how many, and the first of these names. */
  readonly kept: { readonly objects: number; readonly first: readonly string[] };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
const MOST_BYTES_A_COPY = 5 * 1024 ** 3;
const PARALLEL = 32;
/** A pass that copies is followed by one that looks; somebody who writes meanwhile is given up on. */
const PASSES = 3;
const MOST_NAMED = 3;

/**
 * Copies the objects (newest versions) of one place to another, and goes over both until a whole pass finds each there
 * with its size. What is there already is not copied again, so a later call carries on where an earlier one ended.
 */
export const mirror = verb(
  [...objectPage.rights, ...copyObject.rights, ...objectChecksums.rights],
  async (_aws: Aws, options: MirrorOptions): Promise<Mirrored> => {
    const work = new Mirror(options);
    try {
      for (let count = 0; count < PASSES; count++) {
        const before = work.copied;
        await work.pass();
        if (work.end !== undefined) break;
        if (work.copied === before) return work.result('same', 'Every object stands at the destination.');
      }
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error;
      work.stopFor(error);
    }
    const { code, reason } = work.end ?? { code: 'failed', reason: 'Somebody goes on writing to it.' };
    return work.result(code, reason);
  },
);

type Ending = { readonly code: Mirrored['code']; readonly reason: string };

/** One mirroring under way. Holds sums, and of keys just the few that are told. */
class Mirror {
  copied = 0;
  end: Ending | undefined;
  readonly #options: MirrorOptions;
  readonly #throttle: Throttle;
  readonly #watch: Watch;
  #sums = { objects: 0, bytes: 0, awaited: 0 };
  #kept: Mirrored['kept'] = { objects: 0, first: [] };

  constructor(options: MirrorOptions) {
    this.#options = options;
    this.#throttle = new Throttle(options.parallel ?? PARALLEL);
    this.#watch = new Watch(options);
  }

  async pass(): Promise<void> {
    this.#sums = { objects: 0, bytes: 0, awaited: 0 };
    this.#kept = { objects: 0, first: [] };
    const under = new Set<Promise<void>>();
    try {
      for await (const pair of pairs(this.#options.from, this.#options.to)) {
        this.#sums.objects += 1;
        this.#sums.bytes += pair.source.size;
        this.end ??= this.#objection(pair) ?? (await this.#watch.objection());
        if (this.end !== undefined) break;
        if (pair.copy !== undefined && !this.#replaces(pair)) continue;
        const leave = await this.#throttle.enter();
        const task = this.#copy(pair).finally(() => {
          leave();
          under.delete(task);
        });
        under.add(task);
      }
    } finally {
      await Promise.all(under);
    }
    if (this.end === undefined && this.#sums.awaited > 0) {
      const reason = `${this.#sums.awaited} objects are on their way back from Glacier.`;
      this.end = { code: 'awaited', reason };
    }
  }

  #objection({ name, source, copy }: Pair): Ending | undefined {
    const { refuses, mostBytes = Number.POSITIVE_INFINITY } = this.#options;
    const refusal = refuses?.(source) ?? unfit(name, source);
    if (refusal !== undefined) return { code: 'refused', reason: `Nothing more is copied: ${refusal}.` };
    if (this.#sums.bytes > mostBytes) {
      return { code: 'refused', reason: `It holds more than the ${mostBytes} bytes that may be copied.` };
    }
    if (copy === undefined || this.#replaces({ source, copy }) || copy.size === source.size) return undefined;
    if (this.#options.keepsOthers) {
      this.#keep(name ?? '');
      return undefined;
    }
    return { code: 'refused', reason: 'Another object stands under the same name at the destination.' };
  }

  #replaces({ source, copy }: Pick<Pair, 'source' | 'copy'>): boolean {
    return copy !== undefined && this.#options.replaces?.(copy, source) === true;
  }

  #keep(name: string): void {
    const { objects, first } = this.#kept;
    this.#kept = { objects: objects + 1, first: first.length < MOST_NAMED ? [...first, name] : first };
  }

  async #copy({ name = '', source }: Pair): Promise<void> {
    const { from, to, storageClass, onProgress } = this.#options;
    const [at, there] = [
      { bucket: from.bucket, key: from.prefix + name },
      { bucket: to.bucket, key: to.prefix + name },
    ];
    try {
      const { etag, checksums } = await copyObject(to.aws, at, there, storageClass);
      // Equal tags prove equal content; others prove nothing: they depend on encryption and parts.
      if (etag !== source.etag) {
        const known = await objectChecksums(from.aws, at);
        const differs = [...known].some(([algorithm, sum]) => (checksums.get(algorithm) ?? sum) !== sum);
        if (differs) this.end ??= { code: 'failed', reason: 'A copy has another checksum than its source.' };
      }
      this.copied += 1;
      onProgress?.(this.copied);
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error;
      if (error.code === 'InvalidObjectState' && this.#options.fetch !== undefined) {
        await this.#fetch(at.key);
      } else if (error.code !== 'NoSuchKey') this.stopFor(error, source);
    }
  }

  async #fetch(key: string): Promise<void> {
    try {
      await this.#options.fetch?.(key);
      this.#sums.awaited += 1;
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error;
      this.stopFor(error);
    }
  }

  stopFor(error: AwsFailure, object?: Listed): void {
    const { kind, code, message } = error;
    const which = object === undefined ? '' : ` an object of ${object.size} bytes in ${object.storageClass}`;
    if (code === 'NoSuchBucket') this.end ??= { code: 'gone', reason: message };
    else if (kind === 'throttled' || kind === 'retryable' || kind === 'timeout') {
      this.end ??= { code: 'throttled', reason: message };
    } else this.end ??= { code: 'refused', reason: `Nothing more is copied:${which} cannot be: ${message}.` };
  }

  result(code: Mirrored['code'], reason: string): Mirrored {
    return { code, reason, copied: this.copied, ...this.#sums, kept: this.#kept };
  }
}

/** What no request of ours can copy. */
function unfit(name: string | undefined, { size }: Listed): string | undefined {
  if (name === undefined || !fitsPath(name)) return 'a key cannot be named in a request';
  if (size <= MOST_BYTES_A_COPY) return undefined;
  return `an object of ${size} bytes is larger than the 5 GB that S3 copies in one call`;
}
