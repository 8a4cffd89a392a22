import { Metrics } from '@aws-lambda-powertools/metrics';
import type { BusEvent } from '../../../sandbox/core/world.ts';
import type { EmbeddedSettings } from '../../../shared/config/embedded.ts';
import type { Log } from '../../../shared/engine/ports.ts';
import type { Answer } from '../../../shared/lambda/answer.ts';
import type { Account } from './account.ts';
import { type DeployedFunction, functions, type PolicyName, type Sabotage } from './functions.ts';
import { Life } from './life.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html: a minute, then two. */
const RETRY_AFTER_MS = [60_000, 120_000];

/** How an invocation ended. */
export type Ended = { readonly answer: Answer } | { readonly error: unknown } | 'died';

interface Pending {
  readonly fn: PolicyName;
  readonly event: unknown;
  readonly due: number;
  readonly tries: number;
}

/** What Lambda, EventBridge and SQS do with the functions: deliver, try again, give up into the dead-letter queue. */
export class Runtime {
  readonly account: Account;
  readonly settings: ReadonlyMap<PolicyName, EmbeddedSettings>;
  /** Events that were given up, with the function that they were for. */
  readonly dead: { readonly fn: PolicyName; readonly event: unknown; readonly why: string }[] = [];
  /** Messages to people that were lost and said so by a metric that an alarm watches. */
  undelivered = 0;
  invocations = 0;
  /** When copies of an event arrive, as delays from now; by default one, at once. */
  arrivals: () => readonly number[] = () => [0];
  /** What is due together runs together. */
  parallel = 1;
  /** A container dies over an answer that does not come: how a crash just after a call is staged. */
  silenceKills = false;
  /** Logged as errors, for whoever looks into a violation. */
  readonly errors: string[] = [];
  readonly #sabotage: Sabotage | undefined;
  #pending: Pending[] = [];
  #ids = 0;
  #alive = new Set<Life>();

  constructor(account: Account, settings: ReadonlyMap<PolicyName, EmbeddedSettings>, sabotage?: Sabotage) {
    this.account = account;
    this.#sabotage = sabotage;
    this.settings = settings;
  }

  /** Kills every container that runs now, as a crash of its host would. */
  kill(): void {
    for (const life of this.#alive) life.kill();
  }

  /** Hands an event to a function as an asynchronous invocation. */
  send(fn: PolicyName, event: unknown, due = this.account.world.clock.now()): void {
    this.#pending.push({ fn, event, due, tries: 0 });
  }

  sweep(fn: PolicyName): void {
    this.send(fn, { reeve: 'sweep', time: this.account.now().toISOString() });
  }

  /** What closes what broken-off runs left open. */
  reconcile(fn: PolicyName): void {
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
    const ended = await this.invoke(pending.fn, pending.event);
    if (typeof ended === 'object' && 'answer' in ended) return;
    const wait = RETRY_AFTER_MS[pending.tries];
    if (wait === undefined) this.dead.push({ fn: pending.fn, event: pending.event, why: whyOf(ended) });
    else {
      const due = this.account.world.clock.now() + wait;
      this.#pending.push({ ...pending, due, tries: pending.tries + 1 });
    }
  }

  /** As the event source mapping does: one message an invocation, deleted once it is dealt with. */
  async #poll(fn: PolicyName): Promise<void> {
    const QueueUrl = this.account.environment(fn).workQueueUrl;
    const received = await this.account.as('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 1 });
    const [message] = messagesOf(received);
    if (message === undefined) return;
    const record = {
      messageId: message.MessageId,
      receiptHandle: message.ReceiptHandle,
      body: message.Body,
      eventSource: 'aws:sqs',
      eventSourceARN: this.account.queueArn(`${fn}-work`),
      awsRegion: this.account.place.region,
    };
    const ended = await this.invoke(fn, { Records: [record] });
    const done = typeof ended === 'object' && 'answer' in ended && !ended.answer.batchItemFailures?.length;
    if (!done) return;
    await this.account.as('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle: message.ReceiptHandle });
  }

  /** One invocation in a container of its own. */
  async invoke(fn: PolicyName, event: unknown): Promise<Ended> {
    this.invocations += 1;
    const embedded = this.settings.get(fn);
    if (embedded === undefined) throw new Error(`${fn} is not in the settings`);
    const { timeoutMs, start }: DeployedFunction = functions[fn];
    const newId = () => `id-${++this.#ids}`;
    const life = new Life(this.account, timeoutMs, newId, () => this.silenceKills);
    this.#alive.add(life);
    const metrics = new Metrics({ namespace: 'Reeve', serviceName: fn });
    try {
      const handler = start(
        this.account.environment(fn),
        embedded,
        this.account.place,
        life.outside,
        this.#sabotage,
      );
      return await Promise.race([
        handler(event, {
          now: this.account.now(),
          requestId: newId(),
          remainingMs: () => life.remainingMs(),
          metrics,
          logFor: () => this.#log,
        }).then(
          (answer): Ended => ({ answer }),
          (error: unknown): Ended => ({ error }),
        ),
        life.death.then((): Ended => 'died'),
      ]);
    } finally {
      this.undelivered += lostIn(metrics);
      life.kill();
      this.#alive.delete(life);
    }
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

function whyOf(ended: Exclude<Ended, { readonly answer: Answer }>): string {
  if (ended === 'died') return ended;
  return ended.error instanceof Error ? ended.error.name : String(ended.error);
}

interface Message {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
}

/** The typed boundary to the sandbox's answer, which is ReceiveMessage's own. */
function messagesOf(answer: unknown): readonly Message[] {
  return (answer as { readonly Messages?: readonly Message[] }).Messages ?? [];
}

function lostIn(metrics: Metrics): number {
  const measured: Record<string, unknown> = { ...metrics.serializeMetrics() };
  metrics.clearMetrics();
  const { Undelivered } = measured;
  return typeof Undelivered === 'number'
    ? Undelivered
    : Array.isArray(Undelivered)
      ? Undelivered.filter(Boolean).length
      : 0;
}
