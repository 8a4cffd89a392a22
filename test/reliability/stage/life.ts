import { NoAnswer } from '../../../sandbox/wire/message.ts';
import type { Outside } from '../../../shared/lambda/container.ts';
import type { Account } from './account.ts';

/** How long the SDK waits for an answer before it asks again: shared/aws/factory.ts. */
const REQUEST_TIMEOUT_MS = 20_000;

/** Who Reeve is in the account. */
export const REEVE = 'reeve';

/** An answer that never comes. */
const never = () => new Promise<never>(() => {});

/**
 * One container of a function from its start to its death. Once it is dead, nothing that it still had under way goes
 * on: no call is sent, no answer arrives, no sleep ends.
 */
export class Life {
  readonly outside: Outside;
  /** Resolves when it is killed, or when its time is up. */
  readonly death: Promise<void>;
  readonly #account: Account;
  readonly #deadline: number;
  readonly #diesOfSilence: () => boolean;
  /** Turns the clock, together with the others that wait. */
  readonly #wait: (ms: number) => Promise<void>;
  /** What its calls are signed with: its own, so that each call can be told to be its. */
  readonly accessKeyId: string;
  /** Calls that the account is at, and waits that have not ended. */
  #asking = 0;
  #waiting = 0;
  /** Faults that struck its calls. */
  struck = 0;
  #die: () => void = () => {};
  #dead = false;

  constructor(
    account: Account,
    timeoutMs: number,
    newId: () => string,
    diesOfSilence: () => boolean,
    wait: (ms: number) => Promise<void>,
  ) {
    this.#account = account;
    this.#wait = wait;
    this.#diesOfSilence = diesOfSilence;
    this.#deadline = account.world.clock.now() + timeoutMs;
    this.death = new Promise((resolve) => {
      this.#die = resolve;
    });
    const credentials = ownKeys(account);
    this.accessKeyId = credentials.accessKeyId;
    this.outside = {
      now: () => account.now(),
      sleep: (ms) => this.#sleep(ms),
      newId,
      random: () => account.world.random.int(1_000_000) / 1_000_000,
      connection: {
        credentials: async () => credentials,
        requestHandler: { handle: (request: unknown) => this.#send(request) },
      },
    };
  }

  kill(): void {
    this.#dead = true;
    this.#die();
  }

  get isDead(): boolean {
    return this.#dead;
  }

  /** Nothing of it goes on before the clock is turned. */
  get isStill(): boolean {
    return this.#dead || (this.#asking === 0 && this.#waiting > 0);
  }

  remainingMs(): number {
    return Math.max(0, this.#deadline - this.#account.world.clock.now());
  }

  async #send(request: unknown): Promise<unknown> {
    if (this.#isOver()) return never();
    let answer: unknown;
    try {
      answer = await this.#ask(request);
    } catch (error) {
      if (error instanceof NoAnswer && error.kind === 'timeout') await this.#silence();
      if (this.#isOver()) return never();
      throw error;
    }
    return this.#isOver() ? never() : answer;
  }

  async #ask(request: unknown): Promise<unknown> {
    this.#asking += 1;
    try {
      return await this.#account.sandbox.requestHandler.handle(request);
    } finally {
      this.#asking -= 1;
    }
  }

  async #silence(): Promise<void> {
    if (this.#diesOfSilence()) this.kill();
    await this.#sleep(REQUEST_TIMEOUT_MS);
  }

  async #sleep(ms: number): Promise<void> {
    if (this.#isOver()) return never();
    this.#waiting += 1;
    await this.#wait(Math.min(ms, this.remainingMs()));
    this.#waiting -= 1;
    if (this.#isOver()) return never();
  }

  /** Lambda ends what takes longer than it may. */
  #isOver(): boolean {
    if (!this.#dead && this.remainingMs() === 0) this.kill();
    return this.#dead;
  }
}

/** Keys of Reeve's that nobody else has. */
function ownKeys({ sandbox, world }: Account) {
  const reeve = world.credential(sandbox.credentials({ user: REEVE }).accessKeyId);
  if (reeve === undefined) throw new Error('the account does not know Reeve');
  const { accessKeyId, secretAccessKey } = world.issue(reeve.principal);
  return { accessKeyId, secretAccessKey };
}
