import { DescribeInstancesCommand, EC2Client, type Instance } from '@aws-sdk/client-ec2';
import { calls } from '../../../functions/stop-idle-instances/calls.ts';
import type { Facts } from '../../../functions/stop-idle-instances/facts.ts';
import { policy } from '../../../functions/stop-idle-instances/policy.ts';
import type { Power } from '../../../functions/stop-idle-instances/remedy.ts';
import { createSandbox, type Sandbox } from '../../../sandbox/sandbox.ts';
import { type Measures, QUIET, seedMeasures } from '../../../sandbox/services/ec2/instances/measures.ts';
import { type InstanceWish, seedInstances } from '../../../sandbox/services/ec2/instances/seed.ts';
import type { Aws } from '../../../shared/aws/access.ts';
import { createAws } from '../../../shared/aws/factory.ts';
import { PatientRetry } from '../../../shared/aws/retry.ts';
import type { RunReport } from '../../../shared/engine/outcome.ts';
import type { Found, Surroundings } from '../../../shared/engine/policy.ts';
import type { GuardSettings, Ports } from '../../../shared/engine/ports.ts';
import { run } from '../../../shared/engine/run.ts';
import type { Place, ResourceRef, Signal } from '../../../shared/engine/signal.ts';
import type { Verdict } from '../../../shared/engine/verdict.ts';
import { readEvent } from '../../../shared/events/read.ts';
import { enforcing } from '../../support/lamps.ts';
import { MemoryJournal } from '../../support/memory-journal.ts';
import { portsWith } from '../../support/ports.ts';
import { set } from './builders.ts';

export const ref = (id: string): ResourceRef => ({ type: 'AWS::EC2::Instance', id });

/** A simulated account full of machines, and the policy as it would be run there. */
export class Lab {
  readonly sandbox: Sandbox;
  readonly ec2: EC2Client;
  readonly place: Place;
  readonly journal: MemoryJournal;
  readonly told: RunReport[] = [];
  readonly postponed: Signal[] = [];
  readonly aws: Aws;
  settings: object = {};
  guard: Partial<GuardSettings> = {};
  #ids = 0;

  constructor(options: { now?: Date } = {}) {
    // A Monday at noon, on the hour.
    this.sandbox = createSandbox({ now: new Date('2026-11-02T12:00:00Z'), ...options });
    const { world, account, region } = this.sandbox;
    this.place = { partition: 'aws', account, region };
    this.ec2 = new EC2Client({ ...this.sandbox.clientConfig({ user: 'ana' }), maxAttempts: 1 });
    this.journal = new MemoryJournal(() => this.now());
    const { credentials, endpoint, requestHandler } = this.sandbox.clientConfig({ user: 'reeve' });
    this.aws = createAws(this.place, {
      credentials: async () => credentials,
      endpoint,
      requestHandler,
      retryStrategy: new PatientRetry({
        attempts: 3,
        now: () => this.now(),
        sleep: (ms) => world.clock.advance(ms),
        random: () => 0.5,
      }),
    });
  }

  now(): Date {
    return new Date(this.sandbox.world.clock.now());
  }

  get inside() {
    return { ...this.place, world: this.sandbox.world };
  }

  get around(): Surroundings<Aws> {
    return {
      place: this.place,
      aws: this.aws,
      now: () => this.now(),
      sleep: (ms) => this.sandbox.world.clock.advance(ms),
      random: () => 0.5,
      history: (arn, since) => this.journal.recent(arn, since),
    };
  }

  /** Machines that have run for a month, and measure what is asked for in the last two weeks and more. */
  machines(count: number, wish: InstanceWish = {}, measures: Measures = {}, period = 300): readonly string[] {
    const ids = seedInstances(this.inside, count, { instanceType: 'm5.large', ...wish });
    const from = new Date(this.now().getTime() - 16 * 86_400_000);
    for (const id of ids) seedMeasures(this.inside, id, { ...QUIET, ...measures }, { from, period });
    return ids;
  }

  machine(...given: Parameters<Lab['machines']> extends [number, ...infer Rest] ? Rest : never): string {
    return this.machines(1, ...given)[0] ?? '';
  }

  async described(id: string): Promise<Instance | undefined> {
    const command = new DescribeInstancesCommand({ InstanceIds: [id] });
    return (await this.ec2.send(command)).Reservations?.[0]?.Instances?.[0];
  }

  async state(id: string): Promise<string | undefined> {
    return (await this.described(id))?.State?.Name;
  }

  async facts(...ids: readonly string[]): Promise<ReadonlyMap<string, Facts>> {
    const { resources } = await this.found(...ids.map(ref));
    return policy.gather(resources, set(this.settings), this.around);
  }

  async verdict(id: string): Promise<Verdict<Power>> {
    const { resources } = await this.found(ref(id));
    const facts = await policy.gather(resources, set(this.settings), this.around);
    const [instance] = resources;
    const known = facts.get(id);
    if (instance === undefined || known === undefined) throw new Error(`${id} was not read`);
    return policy.judge(instance, known, set(this.settings), this.now());
  }

  /** `stop`, `start`, or verdict and code. */
  async fate(id: string): Promise<string> {
    const verdict = await this.verdict(id);
    if (verdict.verdict !== 'violation') return `${verdict.verdict} ${verdict.reasonCode}`;
    return verdict.remedy?.action.replace('-instances', '') ?? `told ${verdict.reasonCode}`;
  }

  async found(...resources: readonly ResourceRef[]): Promise<Found<Parameters<typeof policy.judge>[0]>> {
    return this.find(this.signal(resources));
  }

  async find(signal: Signal): Promise<Found<Parameters<typeof policy.judge>[0]>> {
    const pages: Found<Parameters<typeof policy.judge>[0]>[] = [];
    for await (const page of policy.find(signal, set(this.settings), this.around)) pages.push(page);
    return {
      resources: pages.flatMap((page) => page.resources),
      missing: pages.flatMap((page) => page.missing),
    };
  }

  signal(resources: readonly ResourceRef[], more: Partial<Signal> = {}): Signal {
    return {
      ...this.place,
      id: 'signal-1',
      scope: resources.length === 0 ? { kind: 'sweep' } : { kind: 'resources', resources },
      cause: { kind: 'schedule', name: 'sweep' },
      actor: undefined,
      time: this.now(),
      delivery: 'live',
      ...more,
    };
  }

  sweep(): Promise<RunReport> {
    return this.run(this.signal([]));
  }

  async handle(event: unknown): Promise<readonly RunReport[]> {
    const reading = readEvent(event, { ...this.place, now: this.now(), requestId: 'r-1' }, calls);
    const reports: RunReport[] = [];
    for (const signal of reading.kind === 'signals' ? reading.signals : [])
      reports.push(await this.run(signal));
    return reports;
  }

  run(signal: Signal): Promise<RunReport> {
    return this.runIn(signal, [this.place]);
  }

  runIn(signal: Signal, places: readonly Place[]): Promise<RunReport> {
    const guard = { ...enforcing, ...this.guard };
    return run(policy, signal, places, set(this.settings), guard, this.#ports());
  }

  /** The AWS calls that the policy itself made since the sandbox forgot them. */
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
        postpone: async (signal) => void this.postponed.push(signal),
      },
      this.told,
    );
  }
}
