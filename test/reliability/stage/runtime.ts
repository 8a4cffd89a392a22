import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Call } from '../../../sandbox/core/service.ts';
import type { BusEvent } from '../../../sandbox/core/world.ts';
import type { Aws } from '../../../shared/aws/access.ts';
import type { EmbeddedSettings } from '../../../shared/config/embedded.ts';
import type { Log, Ports } from '../../../shared/engine/ports.ts';
import type { Answer } from '../../../shared/lambda/answer.ts';
import type { UndoAnswer } from '../../../shared/lambda/answer-undo.ts';
import { digest } from '../../../shared/notify/digest.ts';
import type { Account } from './account.ts';
import type { DeadLetter, Try } from './dead-letters.ts';
import { type DeployedFunction, type FunctionName, functions, type Sabotage } from './functions.ts';
import { type Letter, readLetter } from './letters.ts';
import { Life } from './life.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html: a minute, then two. */
const RETRY_AFTER_MS = [60_000, 120_000];

/** How an invocation ended. */
export type Ended = { readonly answer: Answer | UndoAnswer } | { readonly error: unknown } | 'died';

interface Pending {
  readonly fn: FunctionName;
  readonly event: unknown;
  readonly due: number;
  readonly tries: readonly Try[];
}

/** What Lambda, EventBridge and SQS do with the functions: deliver, try again, give up into the dead-letter queue. */
export class Runtime {
  readonly account: Account;
  readonly settings: ReadonlyMap<FunctionName, EmbeddedSettings>;
  /** Events that were given up. */
  readonly dead: DeadLetter[] = [];
  /** Messages to people that were lost, of invocations that said so by the metric that an alarm watches. */
  readonly undelivered: Letter[] = [];
  invocations = 0;
  /** When copies of an event arrive, as delays from now; by default one, at once. */
  arrivals: () => readonly number[] = () => [0];
  /** What is due together runs together. */
  parallel = 1;
  /** A container dies over an answer that does not come: how a crash just after a call is staged. */
  silenceKills = false;
  /** What people who asked for something were answered. */
  readonly answers: string[] = [];
  /** Answers that were not so. */
  readonly untrue: string[] = [];
  /** Logged as errors, for whoever looks into a violation. */
  readonly errors: string[] = [];
  readonly #sabotage: Sabotage | undefined;
  #pending: Pending[] = [];
  #ids = 0;
  #alive = new Set<Life>();
  /** Of messages in the work queues, by their ids. */
  readonly #tries = new Map<string, Try[]>();

  constructor(account: Account, settings: ReadonlyMap<FunctionName, EmbeddedSettings>, sabotage?: Sabotage) {
    this.account = account;
    this.#sabotage = sabotage;
    this.settings = settings;
  }

  /** Kills every container that runs now, as a crash of its host would. */
  kill(): void {
    for (const life of this.#alive) {
      life.struck += 1;
      life.kill();
    }
  }

  /** A fault struck this call: whatever becomes of its invocation is explained by it. */
  noteStrike({ principal }: Call): void {
    for (const life of this.#alive) if (life.accessKeyId === principal.accessKeyId) life.struck += 1;
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
    const { ended, struck } = await this.#invoke(pending.fn, pending.event);
    if (typeof ended === 'object' && 'answer' in ended) return;
    const wait = RETRY_AFTER_MS[pending.tries.length];
    const tries = [...pending.tries, { why: whyOf(ended), struck }];
    if (wait === undefined) this.dead.push({ ...pending, tries });
    else this.#pending.push({ ...pending, due: this.account.world.clock.now() + wait, tries });
  }

  /** As the event source mapping does: one message an invocation, deleted once it is dealt with. */
  async #poll(fn: FunctionName): Promise<void> {
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
    const { ended, struck } = await this.#invoke(fn, { Records: [record] });
    const answered = typeof ended === 'object' && 'answer' in ended;
    if (!answered || hasFailures(ended.answer)) {
      const why = answered ? 'an item of its batch failed' : whyOf(ended);
      this.#tries.set(message.MessageId, [...(this.#tries.get(message.MessageId) ?? []), { why, struck }]);
      return;
    }
    await this.account.as('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle: message.ReceiptHandle });
  }

  /** One invocation in a container of its own. */
  async invoke(fn: FunctionName, event: unknown): Promise<Ended> {
    return (await this.#invoke(fn, event)).ended;
  }

  async #invoke(
    fn: FunctionName,
    event: unknown,
  ): Promise<{ readonly ended: Ended; readonly struck: number }> {
    this.invocations += 1;
    const embedded = this.settings.get(fn);
    if (embedded === undefined) throw new Error(`${fn} is not in the settings`);
    const { timeoutMs, start }: DeployedFunction = functions[fn];
    const newId = () => `id-${++this.#ids}`;
    const life = new Life(this.account, timeoutMs, newId, () => this.silenceKills);
    this.#alive.add(life);
    const metrics = new Metrics({ namespace: 'Reeve', serviceName: fn });
    const lost: Letter[] = [];
    try {
      const handler = start(
        this.account.environment(fn),
        embedded,
        this.account.place,
        life.outside,
        this.#listening((letter) => lost.push(letter)),
      );
      const ended = await Promise.race([
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
      return { ended, struck: life.struck };
    } finally {
      if (saysLost(metrics)) this.undelivered.push(...lost);
      life.kill();
      this.#alive.delete(life);
    }
  }

  /** Keeps what a message would have said that could not be delivered. */
  #listening(onLost: (letter: Letter) => void): Sabotage {
    const { ports: spoil = (ports: Ports<Aws>) => ports, ...sabotage } = this.#sabotage ?? {};
    return {
      ...sabotage,
      ports(sound) {
        const ports = spoil(sound);
        const notify: Ports<Aws>['notify'] = async (report) => {
          try {
            return await ports.notify(report);
          } catch (error) {
            onLost(readLetter(digest(report).text, ports.now().getTime()));
            throw error;
          }
        };
        return { ...ports, notify };
      },
    };
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

function whyOf(ended: Exclude<Ended, { readonly answer: unknown }>): string {
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

/** Whether an invocation measured that a message was lost. */
function saysLost(metrics: Metrics): boolean {
  const measured: Record<string, unknown> = { ...metrics.serializeMetrics() };
  metrics.clearMetrics();
  const { Undelivered } = measured;
  return [Undelivered].flat().some(Boolean);
}
