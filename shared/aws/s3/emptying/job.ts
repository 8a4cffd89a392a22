import type { Aws } from '../../access.ts';
import type { Version } from '../versions.ts';
import { Throttle } from './throttle.ts';
import { Watch, type Watched } from './watch.ts';

/** What emptying a bucket needs to know, and to ask on its way. */
export interface EmptyingOptions extends Watched {
  readonly bucket: string;
  /** Why this version, and with it all the rest, must not be deleted (a clause), or undefined. */
  keeps(version: Pick<Version, 'key' | 'at' | 'isMarker'>): string | undefined;
  sleep(ms: number): Promise<void>;
  /** From 0 to 1, for the jitter. */
  random(): number;
  onProgress?(progress: Progress): void;
  /** Versions that are expected, for the time left; undefined where nobody knows. */
  readonly expected?: number | undefined;
  /** Batches under way at once, at most. Default: 8. */
  readonly parallel?: number;
}

/** What has been deleted so far. */
export interface Deleted {
  readonly versions: number;
  readonly markers: number;
  readonly uploads: number;
  readonly bytes: number;
}

export interface Progress extends Deleted {
  /** Versions and markers a second since the start. */
  readonly perSecond: number;
  readonly secondsLeft: number | undefined;
}

/** Why emptying ended. Only after `empty` is nothing left of what was listed. */
export type EndCode =
  | 'empty'
  /** No time left, or S3 was too busy: to be carried on. */
  | 'time'
  | 'throttled'
  | 'halted'
  /** Something may not be deleted: it is new, or somebody else's memory. */
  | 'kept'
  | 'denied'
  /** What was deleted is listed again (B4.29). */
  | 'stuck'
  /** Keys that no request can name (B4.31). */
  | 'unnameable'
  | 'gone'
  | 'failed';

export interface End {
  readonly code: EndCode;
  /** A sentence. */
  readonly reason: string;
}

export interface Emptied extends End {
  readonly deleted: Deleted;
  /** What was not deleted, by S3's code (B4.34). */
  readonly errors: ReadonlyMap<string, number>;
  /** The first ten keys that it is about, for a person; may hold personal data (B4.51). */
  readonly keys: readonly string[];
}

const MOST_KEYS_TOLD = 10;
const PARALLEL = 8;

/** One emptying under way: its counts, its pace, and why it has to stop. Holds sums, never keys. */
export class Job {
  readonly aws: Aws;
  readonly options: EmptyingOptions;
  readonly throttle: Throttle;
  readonly counts = { versions: 0, markers: 0, uploads: 0, bytes: 0 };
  readonly errors = new Map<string, number>();
  readonly keys: string[] = [];
  /** The first reason to stop; later ones follow from it. */
  end: End | undefined;
  readonly #startedAt: number;
  readonly #watch: Watch;

  constructor(aws: Aws, options: EmptyingOptions) {
    this.aws = aws;
    this.options = options;
    this.throttle = new Throttle(options.parallel ?? PARALLEL);
    this.#startedAt = options.now().getTime();
    this.#watch = new Watch(options);
  }

  get bucket(): string {
    return this.options.bucket;
  }

  stop(code: EndCode, reason: string, keys: readonly string[] = []): void {
    if (this.end !== undefined) return;
    this.end = { code, reason };
    this.keys.push(...keys.slice(0, MOST_KEYS_TOLD));
  }

  /** Whether one more step may be taken: time is left, nobody pulled the switch, nothing stopped it. */
  async goesOn(): Promise<boolean> {
    if (this.end !== undefined) return false;
    const objection = await this.#watch.objection();
    if (objection !== undefined) this.stop(objection.code, objection.reason);
    return this.end === undefined;
  }

  count(code: string, keys: number): void {
    this.errors.set(code, (this.errors.get(code) ?? 0) + keys);
  }

  tell(): void {
    const { now, expected, onProgress } = this.options;
    if (onProgress === undefined) return;
    const seconds = Math.max(0.001, (now().getTime() - this.#startedAt) / 1000);
    const gone = this.counts.versions + this.counts.markers;
    const perSecond = gone / seconds;
    const left =
      expected === undefined || perSecond === 0 ? undefined : Math.max(0, expected - gone) / perSecond;
    onProgress({ ...this.counts, perSecond, secondsLeft: left });
  }

  result(): Emptied {
    const end = this.end ?? { code: 'empty', reason: 'Everything that was listed is deleted.' };
    return { ...end, deleted: { ...this.counts }, errors: this.errors, keys: this.keys };
  }
}
