import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Aws } from '../shared/aws/access.ts';
import { entering } from '../shared/aws/entering.ts';
import type { Connection } from '../shared/aws/factory.ts';
import { placesFor } from '../shared/aws/places.ts';
import { PatientRetry } from '../shared/aws/retry.ts';
import { whoTagged } from '../shared/aws/who-tagged.ts';
import type { Regions } from '../shared/config/embedded.ts';
import type { Config } from '../shared/config/load.ts';
import type { RunReport } from '../shared/engine/outcome.ts';
import type { Log, Ports } from '../shared/engine/ports.ts';
import { run } from '../shared/engine/run.ts';
import type { Place, Signal } from '../shared/engine/signal.ts';
import { type Brakes, brakesFor, dryRunBrakes } from './account/brakes.ts';
import { type Caller, identify } from './account/caller.ts';
import { isSimulated } from './account/endpoint.ts';
import { BadInput, EXIT, type ExitCode } from './exit.ts';
import { knownPolicy, loadConfig, loadPolicy } from './policies.ts';
import { type Format, printFindings } from './render/findings.ts';
import { printSummary } from './render/summary.ts';
import type { Terminal } from './terminal.ts';
import { watch } from './watch.ts';

export interface SweepOptions {
  readonly enforce: boolean;
  readonly regions: readonly string[];
  readonly allRegions: boolean;
  readonly profile: string | undefined;
  readonly config: string;
  readonly format: Format;
  /** A DynamoDB table, or a file whose name ends in `.jsonl`. Default: the deployed stack's table. */
  readonly journal: string | undefined;
  /** Aborted when the user wants to stop: what is begun is finished, nothing more is begun. */
  readonly stop: AbortSignal;
}

/** `reeve sweep`: look at everything a policy watches, in each region, and with `--enforce` put it in order. */
export async function sweep(name: string, options: SweepOptions, terminal: Terminal): Promise<ExitCode> {
  const config = await loadConfig(options.config);
  const own = config.policies.get(knownPolicy(name));
  if (own === undefined) throw new BadInput(`${options.config}: policies.${name} is missing`);
  if (options.allRegions && options.regions.length > 0) {
    throw new BadInput('--region and --all-regions exclude each other');
  }
  const connection: Connection = {
    retryStrategy: new PatientRetry({ attempts: 5, sleep: wait, random: Math.random }),
  };
  const [region] = options.regions;
  const caller = await identify(process.env, { profile: options.profile, region, connection });
  const { account } = caller.home;
  const enter = entering({
    home: caller.home,
    accounts: own.guard.accounts,
    role: config.role,
    connection: { ...connection, credentials: caller.credentials },
    time: { now: () => new Date(), sleep: (ms) => wait(ms) },
  });
  const accounts = [...new Set([account, ...own.guard.accounts])];
  const scope = { regions: regionsOf(options, config), accounts };
  const { places, refused } = await placesFor(scope, caller.home, enter);
  introduce(name, caller, places, options, terminal);
  for (const { place, refusal } of refused) terminal.err(`account ${place.account}: ${refusal.message}`);

  const brakes = options.enforce
    ? await brakesFor(options.journal, await enter(caller.home), config.killSwitch, process.env)
    : dryRunBrakes;
  try {
    const watched = watch(await loadPolicy(name), (text) => terminal.progress(text));
    const guard = {
      ...own.guard,
      mode: options.enforce ? ('enforce' as const) : ('report' as const),
      accounts,
    };
    const ports = portsFor(enter, brakes, options.stop, terminal);
    const report = await run(watched.policy, signalFor(caller), places, own.settings, guard, ports);
    terminal.progress('');
    printFindings(name, [...report.results, ...watched.inOrder(report)], options.format, terminal);
    printSummary(report, terminal);
    return exitCodeOf(report, refused.length > 0);
  } finally {
    brakes.close();
  }
}

function regionsOf({ regions, allRegions }: SweepOptions, config: Config): Regions {
  if (allRegions) return 'all-enabled';
  return regions.length > 0 ? regions : config.regions;
}

/** What a mistake in credentials or region would look like has to be seen before anything is read. */
function introduce(
  name: string,
  { arn, home, source, endpoint }: Caller,
  places: readonly Place[],
  { enforce }: SweepOptions,
  { err, colors }: Terminal,
): void {
  const mode = enforce ? colors.bold(colors.red('enforce')) : 'dry run: nothing is changed';
  const regions = [...new Set(places.map(({ region }) => region))].join(', ');
  err(`${colors.bold(name)}  ${mode}`);
  err(`as ${arn} (${source})`);
  err(`account ${home.account}, regions ${regions || 'none'}`);
  if (endpoint !== undefined) err(`at ${endpoint}${isSimulated(endpoint) ? ', a simulated account' : ''}`);
}

function signalFor({ home, arn }: Caller): Signal {
  const name = arn.split('/').at(-1) ?? arn;
  return {
    ...home,
    id: randomUUID(),
    scope: { kind: 'sweep' },
    cause: { kind: 'command-line', name: 'reeve sweep' },
    actor: { type: 'Unknown', arn, name, sourceIp: undefined, invokedBy: undefined },
    time: new Date(),
    delivery: 'live',
  };
}

function portsFor(
  enter: (place: Place) => Promise<Aws>,
  { journal, killSwitch }: Brakes,
  stop: AbortSignal,
  terminal: Terminal,
): Ports<Aws> {
  return {
    now: () => new Date(),
    sleep: (ms) => wait(ms),
    newId: randomUUID,
    enter,
    journal,
    killSwitch,
    whoTagged: async (resource, key, place) => whoTagged(await enter(place), resource.id, key),
    firstTold: async () => true,
    postpone: () => Promise.reject(new Error('the command line keeps no queue; run the sweep again')),
    // The one who runs the sweep reads its answer.
    notify: async () => {},
    remainingMs: () => (stop.aborted ? 0 : Number.MAX_SAFE_INTEGER),
    log: quietLog(terminal),
    isOurs: ({ tags }) => tags.get('aws:cloudformation:stack-name')?.startsWith('reeve-') ?? false,
  };
}

/** The report says how everything ended; the log would say it twice. */
function quietLog(terminal: Terminal): Log {
  const nothing = () => {};
  return {
    info: nothing,
    warn: nothing,
    error: process.env.REEVE_DEBUG
      ? (text, fields) => terminal.err(`${text} ${JSON.stringify(fields)}`)
      : nothing,
  };
}

function exitCodeOf({ counts, state }: RunReport, accountsRefused: boolean): ExitCode {
  if (counts.violations > counts.done) return EXIT.findings;
  return state !== 'complete' || accountsRefused || counts.unknown > 0 ? EXIT.partial : EXIT.ok;
}
