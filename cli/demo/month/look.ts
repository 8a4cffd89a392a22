import { randomUUID } from 'node:crypto';
import type { Sandbox } from '../../../sandbox/sandbox.ts';
import type { Aws } from '../../../shared/aws/access.ts';
import { createAws } from '../../../shared/aws/factory.ts';
import type { Result } from '../../../shared/engine/outcome.ts';
import type { Ports } from '../../../shared/engine/ports.ts';
import { run } from '../../../shared/engine/run.ts';
import type { Place, Signal } from '../../../shared/engine/signal.ts';
import { dryRunBrakes } from '../../account/brakes.ts';
import { loadConfig, loadPolicy } from '../../policies.ts';
import { watch } from '../../watch.ts';

/** What a dry run of every policy says about every resource now, by policy: also about those that are in order. */
export async function lookAt(
  sandbox: Sandbox,
  configFile: string,
): Promise<ReadonlyMap<string, readonly Result[]>> {
  const place: Place = { partition: 'aws', account: sandbox.account, region: sandbox.region };
  const { credentials, endpoint, requestHandler } = sandbox.clientConfig({ user: 'ops' });
  const connection = { credentials: async () => credentials, endpoint, requestHandler };
  const now = () => new Date(sandbox.world.clock.now());
  const ports = dryRunPorts(now, async (other) => createAws(other, connection));
  const seen = new Map<string, readonly Result[]>();
  for (const [name, { guard, settings }] of (await loadConfig(configFile)).policies) {
    const watched = watch(await loadPolicy(name), () => {});
    const report = await run(
      watched.policy,
      signalAt(place, now()),
      [place],
      settings,
      { ...guard, mode: 'report', accounts: [place.account] },
      ports,
    );
    seen.set(name, [...report.results, ...watched.inOrder(report)]);
  }
  return seen;
}

function signalAt(place: Place, time: Date): Signal {
  return {
    ...place,
    id: randomUUID(),
    scope: { kind: 'sweep' },
    cause: { kind: 'command-line', name: 'demo' },
    actor: undefined,
    time,
    delivery: 'live',
  };
}

function dryRunPorts(now: () => Date, enter: (place: Place) => Promise<Aws>): Ports<Aws> {
  const quiet = () => {};
  return {
    now,
    sleep: async () => {},
    random: Math.random,
    newId: randomUUID,
    enter,
    ...dryRunBrakes,
    whoTagged: async () => undefined,
    firstTold: async () => true,
    noteTold: async () => {},
    postpone: () => Promise.reject(new Error('a look ends when it ends')),
    notify: async () => [],
    remainingMs: () => Number.MAX_SAFE_INTEGER,
    log: { info: quiet, warn: quiet, error: quiet },
    isOurs: ({ tags }) => tags.get('aws:cloudformation:stack-name')?.startsWith('reeve-') ?? false,
  };
}
