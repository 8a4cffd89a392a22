/** Calls that went well before one more is let in at once. */
const CALM = 16;

/**
 * Lets so many calls be under way at once: half as many when S3 says SlowDown, one more after a while of calm (B4.37).
 * Each key counts as a request for S3, so a few batches of a thousand are all that one prefix takes.
 */
export class Throttle {
  readonly #most: number;
  #limit: number;
  #running = 0;
  #calm = 0;
  #sinceHalved: number;
  readonly #waiting: (() => void)[] = [];

  constructor(most: number) {
    this.#most = most;
    this.#limit = most;
    this.#sinceHalved = most;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Waits for a place, and gives what hands it back. */
  async enter(): Promise<() => void> {
    while (this.#running >= this.#limit) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#running += 1;
    return () => {
      this.#running -= 1;
      for (const wake of this.#waiting.splice(0)) wake();
    };
  }

  /** The calls that were under way together are slowed down together: they halve only once. */
  strained(): void {
    this.#calm = 0;
    if (this.#sinceHalved < this.#limit) return;
    this.#limit = Math.max(1, Math.floor(this.#limit / 2));
    this.#sinceHalved = 0;
  }

  eased(): void {
    this.#sinceHalved += 1;
    this.#calm += 1;
    if (this.#calm < CALM) return;
    this.#calm = 0;
    this.#limit = Math.min(this.#most, this.#limit + 1);
  }
}
