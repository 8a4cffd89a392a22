import type { Call } from '../../../sandbox/core/service.ts';
import type { Account } from './account.ts';
import { Life } from './life.ts';
import { Turns } from './turns.ts';

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
  readonly turns: Turns;

  constructor(account: Account) {
    this.account = account;
    this.turns = new Turns(account.world.clock, account.world.random.int(2 ** 31));
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

  /** Lets this work run in a container of its own, for so long at most. */
  async live<T>(timeoutMs: number, work: (life: Life) => Promise<T>): Promise<Lived<T>> {
    this.invocations += 1;
    const life = new Life(this.account, this.turns, {
      number: this.invocations,
      timeoutMs,
      newId: () => this.newId(),
      diesOfSilence: () => this.silenceKills,
    });
    this.#alive.add(life);
    try {
      const ended = await Promise.race([
        life
          .begin(() => work(life))
          .then(
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
