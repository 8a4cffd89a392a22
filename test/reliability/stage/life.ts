import { NoAnswer } from '../../../sandbox/wire/message.ts';
import type { Outside } from '../../../shared/lambda/container.ts';
import type { Account } from './account.ts';
import type { Turns } from './turns.ts';

/** How long the SDK waits for an answer before it asks again: shared/aws/factory.ts. */
const REQUEST_TIMEOUT_MS = 20_000;

/** Who Reeve is in the account. */
export const REEVE = 'reeve';

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

export interface LifeOptions {
  /** The how-many-th container it is. */
  readonly number: number;
  readonly timeoutMs: number;
  newId(): string;
  /** Whether it dies over an answer that does not come. */
  diesOfSilence(): boolean;
}

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
  readonly #options: LifeOptions;
  readonly #turns: Turns;
  /** What its calls are signed with: its own, so that each call can be told to be its. */
  readonly accessKeyId: string;
  /** Faults that struck its calls. */
  struck = 0;
  #die: () => void = () => {};
  #dead = false;

  constructor(account: Account, turns: Turns, options: LifeOptions) {
    this.#account = account;
    this.#turns = turns;
    this.#options = options;
    this.#deadline = account.world.clock.now() + options.timeoutMs;
    this.death = new Promise((resolve) => {
      this.#die = resolve;
    });
    const credentials = ownKeys(account);
    this.accessKeyId = credentials.accessKeyId;
    this.outside = {
      now: () => account.now(),
      sleep: (ms) => this.#sleep(ms),
      newId: options.newId,
      random: () => account.world.random.int(1_000_000) / 1_000_000,
      connection: {
        credentials: async () => credentials,
        requestHandler: { handle: (request: unknown) => this.#send(request) },
      },
    };
  }

  /** Its first step, when its turn comes. */
  async begin<T>(work: () => Promise<T>): Promise<T> {
    await this.#turns.take(this.#options.number, String, async () => {});
    return await work();
  }

  kill(): void {
    this.#dead = true;
    this.#die();
  }

  get isDead(): boolean {
    return this.#dead;
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

  /** One call, when its turn comes. */
  async #ask(request: unknown): Promise<unknown> {
    const rank = () => textOf(request);
    return await this.#turns.take(this.#options.number, rank, async () =>
      this.#isOver()
        ? undefined
        : await Promise.race([this.#account.sandbox.requestHandler.handle(request), this.death]),
    );
  }

  async #silence(): Promise<void> {
    if (this.#options.diesOfSilence()) this.kill();
    await this.#sleep(REQUEST_TIMEOUT_MS);
  }

  async #sleep(ms: number): Promise<void> {
    if (this.#isOver()) return never();
    await this.#turns.sleep(Math.min(ms, this.remainingMs()), () => this.#dead);
    if (this.#isOver()) return never();
  }

  /** Lambda ends what takes longer than it may. */
  #isOver(): boolean {
    if (!this.#dead && this.remainingMs() === 0) this.kill();
    return this.#dead;
  }
}

/** What a request of the SDK asks for, but for what is drawn anew each time. */
function textOf(request: unknown): string {
  const {
    path,
    query,
    headers = {},
    body,
  }: Partial<Record<'path' | 'query' | 'headers' | 'body', unknown>> = Object(request);
  const target: unknown = Object(headers)['x-amz-target'];
  const said = body instanceof Uint8Array ? latin1(body) : String(body);
  return `${target} ${path} ${JSON.stringify(query)} ${said}`.replaceAll(UUID, '');
}

const latin1 = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
  Buffer.from(buffer, byteOffset, byteLength).toString('latin1');

/** Keys of Reeve's that nobody else has. */
function ownKeys({ sandbox, world }: Account) {
  const reeve = world.credential(sandbox.credentials({ user: REEVE }).accessKeyId);
  if (reeve === undefined) throw new Error('the account does not know Reeve');
  const { accessKeyId, secretAccessKey } = world.issue(reeve.principal);
  return { accessKeyId, secretAccessKey };
}
