import type { BusEvent } from '../../../sandbox/core/world.ts';
import type { EmbeddedSettings } from '../../../shared/config/embedded.ts';
import type { Log } from '../../../shared/engine/ports.ts';
import type { Answer } from '../../../shared/lambda/answer.ts';
import type { UndoAnswer } from '../../../shared/lambda/answer-undo.ts';
import type { Account } from './account.ts';
import { Containers, type Ended, type Lived } from './containers.ts';
import type { DeadLetter, Try } from './dead-letters.ts';
import { type FunctionName, functions, type Sabotage } from './functions.ts';
import { invoke } from './invocation.ts';
import type { Letter } from './letters.ts';
import { receive } from './work-queue.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html: a minute, then two. */
const RETRY_AFTER_MS = [60_000, 120_000];

interface Pending {
  readonly fn: FunctionName;
  readonly event: unknown;
  readonly due: number;
  readonly tries: readonly Try[];
  /** Somebody waits for the answer: he asks again himself, Lambda does not. */
  readonly hear?: (lived: Lived<Answer | UndoAnswer>) => void | Promise<void>;
}

/** What Lambda, EventBridge and SQS do with the functions: deliver, try again, give up into the dead-letter queue. */
export class Runtime extends Containers {
  /** What is deployed: an invocation keeps what it began with. */
  settings: ReadonlyMap<FunctionName, EmbeddedSettings>;
  /** Told of each invocation, by what its calls are signed with. */
  onStart: (accessKeyId: string, fn: FunctionName, event: unknown) => void = () => {};
  /** Told how each ended, by the same. */
  onEnd: (accessKeyId: string, lived: Lived<unknown>) => void = () => {};
  /** Events that were given up. */
  readonly dead: DeadLetter[] = [];
  /** Messages to people that were lost, of invocations that said so by the metric that an alarm watches. */
  readonly undelivered: Letter[] = [];
  /** When copies of an event arrive, as delays from now; by default one, at once. */
  arrivals: () => readonly number[] = () => [0];
  /** What is due together runs together. */
  parallel = 1;
  /** What people who asked for something were answered. */
  readonly answers: string[] = [];
  /** Answers that were not so. */
  readonly untrue: string[] = [];
  /** Logged as errors, for whoever looks into a violation. */
  readonly errors: string[] = [];
  /** What is spoilt in all that runs. */
  readonly sabotage: Sabotage | undefined;
  #pending: Pending[] = [];
  /** Of messages in the work queues, by their ids. */
  readonly #tries = new Map<string, Try[]>();

  constructor(account: Account, settings: ReadonlyMap<FunctionName, EmbeddedSettings>, sabotage?: Sabotage) {
    super(account);
    this.sabotage = sabotage;
    this.settings = settings;
  }

  /** All that was given up, by Lambda or by SQS. */
  deadLetters(): readonly DeadLetter[] {
    const given = [...this.settings.keys()].flatMap((fn) =>
      this.account
        .waiting(fn, 'dead')
        .map(({ id, body }) => ({ fn, event: body, tries: this.#tries.get(id) ?? [] })),
    );
    return [...this.dead, ...given];
  }

  /** Hands an event to a function as an asynchronous invocation. */
  send(fn: FunctionName, event: unknown, due = this.account.world.clock.now()): void {
    this.#pending.push({ fn, event, due, tries: [] });
  }

  /** Invokes a function as somebody who waits for its answer. */
  ask(fn: FunctionName, event: unknown, due: number, hear: Pending['hear'] & object): void {
    this.#pending.push({ fn, event, due, tries: [], hear });
  }

  modeOf(fn: FunctionName): 'report' | 'enforce' {
    return this.settings.get(fn)?.guard.mode ?? 'report';
  }

  sweep(fn: FunctionName): void {
    this.send(fn, { reeve: 'sweep', time: this.account.now().toISOString() });
  }

  /** What closes what broken-off runs left open. */
  reconcile(fn: FunctionName): void {
    this.send(fn, { reeve: 'reconcile', time: this.account.now().toISOString() });
  }

  /** Lets time pass, and all that falls due in it happen in its order. */
  async pass(ms: number): Promise<void> {
    const { clock } = this.account.world;
    const end = clock.now() + ms;
    for (;;) {
      await clock.settle();
      this.#route(this.account.events.splice(0));
      const next = this.#next();
      if (next === undefined || next.due > end) break;
      if (next.due > clock.now()) await clock.advance(next.due - clock.now());
      await next.run();
    }
    if (clock.now() < end) await clock.advance(end - clock.now());
  }

  #route(events: readonly BusEvent[]): void {
    for (const event of events) {
      for (const fn of this.settings.keys()) {
        if (!functions[fn].isTriggeredBy(event)) continue;
        for (const delay of this.arrivals()) this.send(fn, event, this.account.world.clock.now() + delay);
      }
    }
  }

  #next(): { readonly due: number; run(): Promise<void> } | undefined {
    const events = this.#pending.toSorted((a, b) => a.due - b.due);
    const [event] = events;
    const messages = [...this.settings.keys()].flatMap((fn) =>
      this.account.waiting(fn, 'work').map(({ visibleAt }) => ({ fn, due: visibleAt })),
    );
    const [message] = messages.toSorted((a, b) => a.due - b.due);
    if (event !== undefined && (message === undefined || event.due <= message.due)) {
      const now = Math.max(event.due, this.account.world.clock.now());
      const together = events.filter(({ due }) => due <= now).slice(0, this.parallel);
      const run = async () => void (await Promise.all(together.map((each) => this.#handOver(each))));
      return { due: event.due, run };
    }
    return message && { due: message.due, run: () => this.#poll(message.fn) };
  }

  async #handOver(pending: Pending): Promise<void> {
    this.#pending = this.#pending.filter((each) => each !== pending);
    const lived = await this.#invoke(pending.fn, pending.event);
    if (pending.hear !== undefined) return await pending.hear(lived);
    const { ended, struck } = lived;
    if (typeof ended === 'object' && 'answer' in ended) return;
    const wait = RETRY_AFTER_MS[pending.tries.length];
    const tries = [...pending.tries, { why: whyOf(ended), struck }];
    if (wait === undefined) this.dead.push({ ...pending, tries });
    else this.#pending.push({ ...pending, due: this.account.world.clock.now() + wait, tries });
  }

  /** As the event source mapping does: one message an invocation, deleted once it is dealt with. */
  async #poll(fn: FunctionName): Promise<void> {
    const message = await receive(this.account, fn);
    if (message === undefined) return;
    const { ended, struck } = await this.#invoke(fn, message.event);
    const answered = typeof ended === 'object' && 'answer' in ended;
    if (answered && !hasFailures(ended.answer)) return await message.remove();
    const why = answered ? 'an item of its batch failed' : whyOf(ended);
    this.#tries.set(message.id, [...(this.#tries.get(message.id) ?? []), { why, struck }]);
  }

  /** One invocation in a container of its own. */
  async invoke(fn: FunctionName, event: unknown): Promise<Ended<Answer | UndoAnswer>> {
    return (await this.#invoke(fn, event)).ended;
  }

  async #invoke(fn: FunctionName, event: unknown): Promise<Lived<Answer | UndoAnswer>> {
    const settings = this.settings.get(fn);
    if (settings === undefined) throw new Error(`${fn} is not in the settings`);
    let by = '';
    const onStart = (accessKeyId: string) => {
      by = accessKeyId;
      this.onStart(accessKeyId, fn, event);
    };
    const deployment = { fn, settings, sabotage: this.sabotage, log: this.#log, onStart };
    const { undelivered, ...lived } = await invoke(this, deployment, event);
    this.undelivered.push(...undelivered);
    this.onEnd(by, lived);
    return lived;
  }

  readonly #log: Log = {
    info() {},
    warn() {},
    error: (message, fields) => {
      const { error } = { ...fields };
      this.errors.push(`${message}: ${error instanceof Error ? error.message : ''}`);
    },
  };
}

function hasFailures(answer: Answer | UndoAnswer): boolean {
  return 'batchItemFailures' in answer && answer.batchItemFailures.length > 0;
}

function whyOf(ended: Exclude<Ended<unknown>, { readonly answer: unknown }>): string {
  if (ended === 'died') return ended;
  return ended.error instanceof Error ? ended.error.name : String(ended.error);
}
