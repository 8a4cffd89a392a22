/** What long work in a bucket needs to know, and to ask on its way. */
export interface Watched {
  now(): Date;
  /** What the invocation has left, ms; the work stops in time to be carried on (B4.38). */
  remainingMs(): number;
  /** Why nothing more may be done, asked every now and then, or undefined (B6.2). */
  halted(): Promise<string | undefined>;
}

/** Stop a minute before the end: a batch with its retries has to fit in (B4.38). */
const RESERVE_MS = 60_000;
/** How often the kill switch is asked, ms. */
const ASK_EVERY_MS = 15_000;

/** Looks at the time before each step, and asks every now and then whether work may go on. */
export class Watch {
  readonly #watched: Watched;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(watched: Watched) {
    this.#watched = watched;
  }

  /** Why no further step may be taken, or undefined. */
  async objection(): Promise<{ readonly code: 'time' | 'halted'; readonly reason: string } | undefined> {
    const { now, remainingMs, halted } = this.#watched;
    if (remainingMs() < RESERVE_MS) return { code: 'time', reason: 'No time is left in this run.' };
    const moment = now().getTime();
    if (moment - this.#askedAt < ASK_EVERY_MS) return undefined;
    this.#askedAt = moment;
    const reason = await halted();
    return reason === undefined ? undefined : { code: 'halted', reason };
  }
}
