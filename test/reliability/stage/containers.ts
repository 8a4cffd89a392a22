import { setImmediate as immediate } from 'node:timers/promises';
import type { Call } from '../../../sandbox/core/service.ts';
import type { Account } from './account.ts';
import { Life } from './life.ts';

/** Of the event loop, more than any call takes that does not itself wait for the clock. */
const MOST_TURNS = 20_000;

/** How what ran in a container ended. */
export type Ended<T> = { readonly answer: T } | { readonly error: unknown } | 'died';

/** What came of one container, and how many faults struck its calls. */
export interface Lived<T> {
  readonly ended: Ended<T>;
  readonly struck: number;
}

/** The containers that run now, each for one piece of work; with it ends all that it still had under way. */
export class Containers {
  readonly account: Account;
  /** How many there have been, each for one invocation. */
  invocations = 0;
  /** One dies over an answer that does not come: how a crash just after a call is staged. */
  silenceKills = false;
  #ids = 0;
  readonly #alive = new Set<Life>();
  #turning: Promise<void> = Promise.resolve();

  constructor(account: Account) {
    this.account = account;
  }

  newId(): string {
    return `id-${++this.#ids}`;
  }

  /** Kills every container that runs now, as a crash of its host would. */
  kill(): void {
    for (const life of this.#alive) {
      life.struck += 1;
      life.kill();
    }
  }

  /** A fault struck this call: whatever becomes of its container is explained by it. */
  noteStrike({ principal }: Call): void {
    for (const life of this.#alive) if (life.accessKeyId === principal.accessKeyId) life.struck += 1;
  }

  /** Those that wait side by side wait out the same time, which does not pass while others are at work. */
  #wait(ms: number): Promise<void> {
    const { clock } = this.account.world;
    const until = clock.now() + ms;
    this.#turning = this.#turning.then(async () => {
      await this.#othersAreStill();
      await clock.advance(Math.max(0, until - clock.now()));
    });
    return this.#turning;
  }

  /** Each of them waits too: what is under way would otherwise last as long as the machine needs for it. */
  async #othersAreStill(): Promise<void> {
    for (let turn = 0; turn < MOST_TURNS && [...this.#alive].some(({ isStill }) => !isStill); turn++)
      await immediate();
  }

  /** Lets this work run in a container of its own, for so long at most. */
  async live<T>(timeoutMs: number, work: (life: Life) => Promise<T>): Promise<Lived<T>> {
    this.invocations += 1;
    const life = new Life(
      this.account,
      timeoutMs,
      () => this.newId(),
      () => this.silenceKills,
      (ms) => this.#wait(ms),
    );
    this.#alive.add(life);
    try {
      const ended = await Promise.race([
        work(life).then(
          (answer): Ended<T> => ({ answer }),
          (error: unknown): Ended<T> => ({ error }),
        ),
        life.death.then((): Ended<T> => 'died'),
      ]);
      return { ended, struck: life.struck };
    } finally {
      life.kill();
      this.#alive.delete(life);
    }
  }
}
