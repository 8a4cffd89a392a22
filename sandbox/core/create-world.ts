import { createCredentials } from './credentials.ts';
import { createFaults } from './faults.ts';
import { createRandom } from './random.ts';
import { regionsOf } from './regions.ts';
import { createClock } from './simulated-clock.ts';
import type { Account, Behaviour, BusEvent, CallRecord, World } from './world.ts';

export interface WorldOptions {
  readonly now: Date;
  readonly clock: 'frozen' | 'running';
  readonly seed: number;
  readonly behaviour?: Partial<Behaviour>;
  readonly invoke: (world: SandboxWorld, ...call: Parameters<World['invoke']>) => Promise<unknown>;
}

/** The world with what only the dispatcher may do to it. */
export interface SandboxWorld extends World {
  readonly faults: ReturnType<typeof createFaults>;
  record(call: CallRecord): void;
}

/** An empty simulation: no account yet, the clock at its start, all behaviour at its defaults. */
export function createWorld(options: WorldOptions): SandboxWorld {
  const clock = createClock(options.now.getTime(), options.clock);
  const random = createRandom(options.seed);
  const accounts = new Map<string, Account>();
  const calls: CallRecord[] = [];
  const grantsUsed = new Map<string, Map<string, number>>();
  const listeners: ((event: BusEvent) => void)[] = [];
  const world: SandboxWorld = {
    clock,
    random,
    accounts,
    calls,
    grantsUsed,
    faults: createFaults(),
    behaviour: {
      latencyMs: 0,
      consistencyMs: 0,
      throttling: false,
      eventDelayMs: 0,
      duplicateEvents: false,
      environmentMs: 6 * 3_600_000,
      keysAPage: 1000,
      ...options.behaviour,
    },
    ...createCredentials({ clock, random }),
    record: (call) => void calls.push(call),
    forgetCalls: () => void calls.splice(0),
    noteGrant(principal, action) {
      const used = grantsUsed.get(principal) ?? new Map<string, number>();
      used.set(action, (used.get(action) ?? 0) + 1);
      grantsUsed.set(principal, used);
    },
    addAccount({ id, partition = 'aws', regions = [] }) {
      const account: Account = { id, partition, regions: regionsOf(partition, regions), scps: [] };
      accounts.set(id, account);
      return account;
    },
    emit(event) {
      for (const listener of listeners) listener(event);
    },
    onEvent: (listener) => void listeners.push(listener),
    invoke: (...call) => options.invoke(world, ...call),
  };
  return world;
}
