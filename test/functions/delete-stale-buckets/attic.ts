import { S3Client } from '@aws-sdk/client-s3';
import { calls } from '../../../functions/delete-stale-buckets/calls.ts';
import { policy } from '../../../functions/delete-stale-buckets/policy.ts';
import type { BucketChange } from '../../../functions/delete-stale-buckets/remedy.ts';
import type { BusEvent } from '../../../sandbox/core/world.ts';
import { createSandbox, type Sandbox } from '../../../sandbox/sandbox.ts';
import {
  type SeedOptions,
  seedBucket,
  seededBucket,
  seedObjects,
} from '../../../sandbox/services/s3/seed.ts';
import type { Aws } from '../../../shared/aws/access.ts';
import { createAws } from '../../../shared/aws/factory.ts';
import { PatientRetry } from '../../../shared/aws/retry.ts';
import { AccountS3Client } from '../../../shared/aws/s3/control-client.ts';
import type { RunReport } from '../../../shared/engine/outcome.ts';
import type { RemedyProgress, Surroundings } from '../../../shared/engine/policy.ts';
import type { GuardSettings, Ports } from '../../../shared/engine/ports.ts';
import { run } from '../../../shared/engine/run.ts';
import type { Place, ResourceRef, Signal } from '../../../shared/engine/signal.ts';
import type { Verdict } from '../../../shared/engine/verdict.ts';
import { readEvent } from '../../../shared/events/read.ts';
import { enforcing } from '../../support/lamps.ts';
import { MemoryJournal } from '../../support/memory-journal.ts';
import { portsWith } from '../../support/ports.ts';
import { set } from './builders.ts';

const DAY_MS = 86_400_000;

/** An account with old buckets in it, and the policy as it would be run there. */
export class Attic {
  readonly sandbox: Sandbox;
  readonly place: Place;
  readonly journal: MemoryJournal;
  readonly s3: S3Client;
  readonly control: AccountS3Client;
  readonly told: RunReport[] = [];
  readonly postponed: Signal[] = [];
  readonly progress: RemedyProgress[] = [];
  readonly events: BusEvent[] = [];
  settings: object = {};
  guard: Partial<GuardSettings> = {};
  remaining = () => 900_000;
  killSwitch: () => 'on' | 'off' = () => 'off';
  #ids = 0;
  /** The role whose rights the policy has; without it, all. */
  role: string | undefined;
  readonly #regions = new Map<string, Aws>();

  constructor() {
    this.sandbox = createSandbox();
    const { world, account, region } = this.sandbox;
    this.place = { partition: 'aws', account, region };
    this.journal = new MemoryJournal(() => this.now());
    this.s3 = new S3Client({ ...this.sandbox.clientConfig({ user: 'ana' }), maxAttempts: 1 });
    this.control = new AccountS3Client({ ...this.sandbox.clientConfig({ user: 'ana' }), maxAttempts: 1 });
    world.onEvent((event) => this.events.push(event));
  }

  get world() {
    return this.sandbox.world;
  }

  get aws(): Aws {
    return this.access(this.place.region);
  }

  access(region: string): Aws {
    const known = this.#regions.get(region);
    if (known !== undefined) return known;
    const { endpoint, requestHandler } = this.sandbox.clientConfig({ user: 'reeve' });
    const credentials = this.sandbox.credentials(
      this.role === undefined ? { user: 'reeve' } : { role: this.role },
    );
    const sleep = (ms: number) => this.world.clock.advance(ms);
    const made = createAws(
      { ...this.place, region },
      {
        credentials: async () => credentials,
        endpoint,
        requestHandler,
        retryStrategy: new PatientRetry({ attempts: 2, now: () => this.now(), sleep, random: () => 0.5 }),
      },
    );
    this.#regions.set(region, made);
    return made;
  }

  /** Whoever calls from now on does so with the role of now. */
  forgetAccess(): void {
    this.#regions.clear();
  }

  now(): Date {
    return new Date(this.world.clock.now());
  }

  daysAgo(days: number): Date {
    return new Date(this.world.clock.now() - days * DAY_MS);
  }

  async days(count: number): Promise<void> {
    await this.world.clock.advance(count * DAY_MS);
  }

  /** A bucket of three years ago. */
  bucket(name: string, wish: Partial<Parameters<typeof seedBucket>[1]> = {}): string {
    const { account, region } = this.sandbox;
    seedBucket(this.world, { name, account, region, createdAt: this.daysAgo(1100), ...wish });
    return name;
  }

  /** A bucket of three years ago with so many objects of two years ago. */
  stale(
    name: string,
    count = 3,
    options: SeedOptions = {},
    wish: Partial<Parameters<typeof seedBucket>[1]> = {},
  ): string {
    this.bucket(name, wish);
    this.fill(name, count, options);
    return name;
  }

  fill(name: string, count: number, options: SeedOptions = {}): void {
    seedObjects(this.world, name, count, { at: this.daysAgo(700), ...options });
  }

  tags(name: string): Readonly<Record<string, string>> {
    return Object.fromEntries(seededBucket(this.world, name).tags);
  }

  state(name: string) {
    return seededBucket(this.world, name);
  }

  /** Keys of newest versions, in order. */
  keysIn(name: string): readonly string[] {
    return [...this.state(name).versions.index.walk()]
      .filter(({ isMarker }) => !isMarker)
      .map(({ key }) => key);
  }

  exists(name: string): boolean {
    try {
      seededBucket(this.world, name);
      return true;
    } catch {
      return false;
    }
  }

  get around(): Surroundings<Aws> {
    return {
      place: this.place,
      aws: this.aws,
      now: () => this.now(),
      sleep: (ms) => this.world.clock.advance(ms),
      random: () => 0.5,
      elsewhere: async (region) => this.access(region),
    };
  }

  async verdict(name: string): Promise<Verdict<BucketChange>> {
    const settings = set(this.settings);
    for await (const { resources } of policy.find(this.signal([ref(name)]), settings, this.around)) {
      for (const one of resources) {
        const facts = (await policy.gather([one], settings, this.around)).get(one.id);
        if (facts !== undefined) return policy.judge(one, facts, settings, this.now());
      }
    }
    throw new Error(`no bucket ${name}`);
  }

  signal(resources: readonly ResourceRef[]): Signal {
    return {
      ...this.place,
      id: `signal-${++this.#ids}`,
      scope: resources.length === 0 ? { kind: 'sweep' } : { kind: 'resources', resources },
      cause: { kind: 'schedule', name: 'sweep' },
      actor: undefined,
      time: this.now(),
      delivery: 'live',
    };
  }

  sweep(): Promise<RunReport> {
    return this.run(this.signal([]));
  }

  async run(signal: Signal): Promise<RunReport> {
    const guard = { ...enforcing, ...this.guard };
    return run(policy, signal, [this.place], set(this.settings), guard, this.#ports());
  }

  /** Hands every event since the last time to the policy, as its handler would. */
  async react(): Promise<readonly RunReport[]> {
    await this.world.clock.settle();
    const reports: RunReport[] = [];
    for (const event of this.events.splice(0)) {
      const reading = readEvent(event, { ...this.place, now: this.now(), requestId: 'r-1' }, calls);
      if (reading.kind !== 'signals') continue;
      for (const signal of reading.signals) reports.push(await this.run(signal));
    }
    return reports;
  }

  /** The AWS calls that the policy itself made since `forgetCalls`. */
  calls(): readonly string[] {
    return this.world.calls
      .filter(({ principal }) => principal.endsWith('user/reeve'))
      .map(({ operation }) => operation);
  }

  #ports(): Ports<Aws> {
    return portsWith(
      {
        now: () => this.now(),
        sleep: this.around.sleep,
        newId: () => `id-${++this.#ids}`,
        enter: async ({ region }) => this.access(region),
        journal: this.journal,
        killSwitch: async () => this.killSwitch(),
        postpone: async (signal) => void this.postponed.push(signal),
        remainingMs: () => this.remaining(),
        onProgress: (progress) => void this.progress.push(progress),
      },
      this.told,
    );
  }
}

export function ref(id: string): ResourceRef {
  return { type: 'AWS::S3::Bucket', id };
}
