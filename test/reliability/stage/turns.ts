import { setImmediate as immediate } from 'node:timers/promises';
import type { Clock } from '../../../sandbox/core/clock.ts';
import { createRandom } from '../../../sandbox/core/random.ts';

/** Turns of the event loop after which nothing more comes of an answer: the SDK and Reeve take one at most. */
const QUIET_TURNS = 3;

/** Turns that one gets in a row: sometimes it goes far ahead while the others are still at one call. */
const IN_A_ROW = [1, 1, 2, 4, 8, 16, 64];

/** Of so many turns, one in which a call lasts until somebody else has slept long enough, at most this long. */
const SLOW_ONE_IN = 24;
const SLOWEST_MS = 20_000;

interface Waiting {
  readonly who: number;
  rank(): string;
  go(): void;
}

interface Sleeper {
  readonly until: number;
  isOver(): boolean;
  go(): void;
}

/**
 * Lets what runs side by side go on one call at a time, in an order that is drawn, and time pass only when all of it
 * waits for that: how fast the machine is, and what it has in its caches, decides nothing.
 */
export class Turns {
  readonly #clock: Clock;
  readonly #random: ReturnType<typeof createRandom>;
  #waiting: Waiting[] = [];
  #sleepers: Sleeper[] = [];
  #isRunning = false;
  /** Under way at this moment. */
  #busy = 0;
  /** Turns that are over. */
  taken = 0;
  /** How many were over when the one that is taken now was asked for: what ended later, it could not know. */
  askedAt = 0;
  /** Whose turn it is, and how many more in a row. */
  #whose: number | undefined;
  #more = 0;
  /** How often something has begun to wait, or ended. */
  #stirs = 0;

  constructor(clock: Clock, seed: number) {
    this.#clock = clock;
    this.#random = createRandom(seed);
  }

  /** Does this when its turn comes. `rank`: what it is, in an order that does not depend on who came first by a hair. */
  async take<T>(who: number, rank: () => string, work: () => Promise<T>): Promise<T> {
    const asked = this.taken;
    await new Promise<void>((go) => {
      this.#waiting.push({ who, rank, go });
      this.#stir();
    });
    this.askedAt = asked;
    try {
      return await work();
    } finally {
      this.taken += 1;
      this.#busy -= 1;
      this.#stir();
    }
  }

  /** Resolves when so much time has passed; never, and without any passing for it, once it `isOver`. */
  async sleep(ms: number, isOver: () => boolean): Promise<void> {
    await new Promise<void>((go) => {
      this.#sleepers.push({ until: this.#clock.now() + ms, isOver, go });
      this.#stir();
    });
  }

  #stir(): void {
    this.#stirs += 1;
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    for (;;) {
      await this.#quiet();
      const next = this.#isSlow() ? await this.#woken() : (this.#drawn() ?? (await this.#woken()));
      if (next !== undefined) next.go();
      else if (this.#waiting.length + this.#sleepers.length === 0) break;
    }
    this.#isRunning = false;
  }

  /** All that is under way has come to where it waits for something. */
  async #quiet(): Promise<void> {
    for (let turn = 0, stirs = this.#stirs; turn < QUIET_TURNS || this.#busy > 0; turn++) {
      await immediate();
      if (stirs === this.#stirs) continue;
      stirs = this.#stirs;
      turn = 0;
    }
  }

  /** The call that is due takes so long that somebody who sleeps is woken before it. */
  #isSlow(): boolean {
    const latest = this.#clock.now() + SLOWEST_MS;
    const canWake =
      this.#waiting.length > 0 && this.#sleepers.some(({ until, isOver }) => !isOver() && until <= latest);
    return canWake && this.#random.int(SLOW_ONE_IN) === 0;
  }

  #drawn(): Waiting | undefined {
    const who = this.#drawnWho();
    const own = this.#waiting.filter((waiting) => waiting.who === who);
    const drawn = own.length > 1 ? this.#oneOf(inOrder(own)) : own[0];
    if (drawn === undefined) return undefined;
    this.#waiting.splice(this.#waiting.indexOf(drawn), 1);
    this.#busy += 1;
    return drawn;
  }

  #drawnWho(): number | undefined {
    const all = [...new Set(this.#waiting.map(({ who }) => who))].sort((a, b) => a - b);
    if (all.length <= 1) return all[0];
    this.#more -= 1;
    if (this.#whose !== undefined && this.#more >= 0 && all.includes(this.#whose)) return this.#whose;
    this.#whose = this.#oneOf(all);
    this.#more = this.#oneOf(IN_A_ROW) ?? 0;
    return this.#whose;
  }

  #oneOf<T>(all: readonly T[]): T | undefined {
    return all[this.#random.int(all.length)];
  }

  /** Whoever has to be woken next, at its time. */
  async #woken(): Promise<Sleeper | undefined> {
    this.#sleepers = this.#sleepers.filter((sleeper) => !sleeper.isOver()).sort((a, b) => a.until - b.until);
    const sleeper = this.#sleepers.shift();
    if (sleeper !== undefined) await this.#clock.advance(Math.max(0, sleeper.until - this.#clock.now()));
    return sleeper;
  }
}

function inOrder(waiting: readonly Waiting[]): readonly Waiting[] {
  return waiting
    .map((each) => ({ each, rank: each.rank() }))
    .sort((a, b) => Number(a.rank > b.rank) - Number(a.rank < b.rank))
    .map(({ each }) => each);
}
