import { CreateTagsCommand, DescribeTagsCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { calls } from '../../../functions/enforce-tags/calls.ts';
import { policy } from '../../../functions/enforce-tags/policy.ts';
import type { FixTags } from '../../../functions/enforce-tags/remedy.ts';
import type { Tagged } from '../../../functions/enforce-tags/resource.ts';
import type { BusEvent } from '../../../sandbox/core/world.ts';
import { createSandbox, type Sandbox } from '../../../sandbox/sandbox.ts';
import type { Aws } from '../../../shared/aws/access.ts';
import { createAws } from '../../../shared/aws/factory.ts';
import { PatientRetry } from '../../../shared/aws/retry.ts';
import type { RunReport } from '../../../shared/engine/outcome.ts';
import type { Surroundings } from '../../../shared/engine/policy.ts';
import type { GuardSettings, Ports } from '../../../shared/engine/ports.ts';
import { run } from '../../../shared/engine/run.ts';
import type { Place, ResourceRef, Signal } from '../../../shared/engine/signal.ts';
import type { Verdict } from '../../../shared/engine/verdict.ts';
import { decodeSignal, encodeSignal } from '../../../shared/events/continuation.ts';
import { readEvent } from '../../../shared/events/read.ts';
import { enforcing } from '../../support/lamps.ts';
import { MemoryJournal } from '../../support/memory-journal.ts';
import { portsWith } from '../../support/ports.ts';
import { set } from './builders.ts';
import { isTriggeredBy } from './triggers.ts';

/** A simulated account with somebody who works in it, and the policy as it would be run there. */
export class Office {
  readonly sandbox: Sandbox = createSandbox();
  readonly ec2: EC2Client;
  readonly place: Place;
  readonly journal: MemoryJournal;
  readonly told: RunReport[] = [];
  readonly queue: { readonly message: string; readonly due: number }[] = [];
  readonly events: BusEvent[] = [];
  readonly aws: Aws;
  settings: object;
  guard: Partial<GuardSettings> = {};
  #ids = 0;

  constructor(settings: object) {
    this.settings = settings;
    const { world, account, region } = this.sandbox;
    this.place = { partition: 'aws', account, region };
    this.ec2 = this.client(EC2Client);
    this.journal = new MemoryJournal(() => this.now());
    const { credentials, endpoint, requestHandler } = this.sandbox.clientConfig({ user: 'reeve' });
    const sleep = (ms: number) => world.clock.advance(ms);
    this.aws = createAws(this.place, {
      credentials: async () => credentials,
      endpoint,
      requestHandler,
      retryStrategy: new PatientRetry({ attempts: 3, now: () => this.now(), sleep, random: () => 0.5 }),
    });
    world.onEvent((event) => this.events.push(event));
  }

  /** A client of whoever works here. */
  client<T>(Client: new (config: never) => T, user = 'ana'): T {
    // Every SDK client takes this configuration; their types differ in what else they take.
    return new Client({ ...this.sandbox.clientConfig({ user }), maxAttempts: 1 } as never);
  }

  now(): Date {
    return new Date(this.sandbox.world.clock.now());
  }

  async pass(minutes: number): Promise<void> {
    await this.sandbox.world.clock.advance(minutes * 60_000);
  }

  get around(): Surroundings<Aws> {
    return {
      place: this.place,
      aws: this.aws,
      now: () => this.now(),
      sleep: (ms) => this.sandbox.world.clock.advance(ms),
      random: () => 0.5,
    };
  }

  /** Launches instances; the ids that they got. */
  async launch(
    tags: Readonly<Record<string, string>> = {},
    count = 1,
    ec2 = this.ec2,
  ): Promise<readonly string[]> {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    const { Instances = [] } = await ec2.send(
      new RunInstancesCommand({
        ImageId: 'ami-0abcdef1234567890',
        InstanceType: 't3.micro',
        MinCount: count,
        MaxCount: count,
        ...(Tags.length > 0 ? { TagSpecifications: [{ ResourceType: 'instance', Tags }] } : {}),
      }),
    );
    return Instances.flatMap(({ InstanceId }) => InstanceId ?? []);
  }

  async tag(id: string, tags: Readonly<Record<string, string>>): Promise<void> {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    await this.ec2.send(new CreateTagsCommand({ Resources: [id], Tags }));
  }

  /** The tags of something in EC2 that are not AWS's own. */
  async tagsOf(id: string): Promise<Readonly<Record<string, string>>> {
    const { Tags = [] } = await this.ec2.send(
      new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [id] }] }),
    );
    return Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
  }

  async found(...resources: readonly ResourceRef[]): Promise<readonly Tagged[]> {
    const found: Tagged[] = [];
    for await (const page of policy.find(this.signal(resources), set(this.settings), this.around)) {
      found.push(...page.resources);
    }
    return found;
  }

  async verdicts(...resources: readonly ResourceRef[]): Promise<ReadonlyMap<string, Verdict<FixTags>>> {
    const settings = set(this.settings);
    const found = await this.found(...resources);
    const facts = await policy.gather(found, settings, this.around);
    return new Map(
      found.flatMap((one) => {
        const known = facts.get(one.id);
        return known === undefined ? [] : [[one.id, policy.judge(one, known, settings, this.now())] as const];
      }),
    );
  }

  signal(resources: readonly ResourceRef[]): Signal {
    return {
      ...this.place,
      id: 'signal-1',
      scope: resources.length === 0 ? { kind: 'sweep' } : { kind: 'resources', resources },
      cause: { kind: 'schedule', name: 'sweep' },
      actor: undefined,
      time: this.now(),
      delivery: 'live',
    };
  }

  /** Hands every event since the last time to the policy, as its handler would. */
  async react(): Promise<readonly RunReport[]> {
    await this.sandbox.world.clock.settle();
    const reports: RunReport[] = [];
    const triggers = this.events.splice(0).filter(isTriggeredBy);
    for (const event of triggers) reports.push(...(await this.handle(event)));
    return reports;
  }

  async handle(event: unknown): Promise<readonly RunReport[]> {
    const reading = readEvent(event, { ...this.place, now: this.now(), requestId: 'r-1' }, calls);
    const signals = reading.kind === 'signals' ? reading.signals : [];
    const reports: RunReport[] = [];
    for (const signal of signals) reports.push(await this.run(signal));
    return reports;
  }

  /** Lets time pass as the work queue does: each message is handed over when its delay is over. */
  async drain(): Promise<readonly RunReport[]> {
    const reports: RunReport[] = [];
    for (let next = this.queue.shift(); next; next = this.queue.shift()) {
      const wait = next.due - this.now().getTime();
      if (wait > 0) await this.sandbox.world.clock.advance(wait);
      reports.push(await this.run(decodeSignal(JSON.parse(next.message))));
    }
    return reports;
  }

  sweep(): Promise<RunReport> {
    return this.run(this.signal([]));
  }

  run(signal: Signal): Promise<RunReport> {
    const guard = { ...enforcing, ...this.guard };
    return run(policy, signal, [this.place], set(this.settings), guard, this.#ports());
  }

  /** The AWS calls that the policy itself made since `forgetCalls`. */
  calls(): readonly string[] {
    return this.sandbox.world.calls
      .filter(({ principal }) => principal.endsWith('user/reeve'))
      .map(({ operation }) => operation);
  }

  #ports(): Ports<Aws> {
    return portsWith(
      {
        now: () => this.now(),
        sleep: this.around.sleep,
        newId: () => `id-${++this.#ids}`,
        enter: async () => this.aws,
        journal: this.journal,
        postpone: async (signal, delaySeconds) => {
          this.queue.push({ message: encodeSignal(signal), due: this.now().getTime() + delaySeconds * 1000 });
        },
      },
      this.told,
    );
  }
}
