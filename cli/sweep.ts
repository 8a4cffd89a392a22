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
import type { Result, RunReport } from '../shared/engine/outcome.ts';
import type { Log, Ports } from '../shared/engine/ports.ts';
import { run } from '../shared/engine/run.ts';
import type { Place, Signal } from '../shared/engine/signal.ts';
import { type Brakes, brakesFor, dryRunBrakes } from './account/brakes.ts';
import { type Caller, identify } from './account/caller.ts';
import { isSimulated } from './account/endpoint.ts';
import { BadInput, EXIT, type ExitCode } from './exit.ts';
import { knownPolicy, loadConfig, loadPolicy } from './policies.ts';
import { type Format, printFindings } from './render/findings.ts';
import { progressText } from './render/progress.ts';
import { printStopped, printSummary } from './render/summary.ts';
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

/**
 * `reeve sweep`: look at everything the policies watch, in each region, and with `--enforce` put it in order. Without a
 * name, all policies that the configuration mentions.
 */
export async function sweep(
  name: string | undefined,
  options: SweepOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (options.allRegions && options.regions.length > 0) {
    throw new BadInput('--region and --all-regions exclude each other');
  }
  const config = await loadConfig(options.config);
  const names = name === undefined ? [...config.policies.keys()] : [knownPolicy(name)];
  const missing = names.find((each) => !config.policies.has(each));
  if (missing !== undefined) throw new BadInput(`${options.config}: policies.${missing} is missing`);

  const open = await openAccount(config, names, options, terminal);
  try {
    const swept: Swept[] = [];
    for (const each of names) {
      const one = await sweepOne(each, config, open, options, terminal);
      swept.push(one);
      if (options.format === 'table') {
        if (names.length > 1) terminal.out(terminal.colors.bold(`\n${each}: ${one.report.title}`));
        printFindings([one], options.format, terminal);
      }
      printSummary(one.report, terminal);
    }
    if (options.format !== 'table') printFindings(swept, options.format, terminal);
    if (options.stop.aborted)
      printStopped(
        swept.flatMap(({ results }) => results),
        terminal,
      );
    return exitCodeOf(swept, open.refused);
  } finally {
    open.brakes.close();
  }
}

/** What all policies of one sweep share: who we are, where to look, and what has to be in place before a change. */
interface OpenAccount {
  readonly caller: Caller;
  readonly accounts: readonly string[];
  readonly places: readonly Place[];
  readonly refused: boolean;
  readonly brakes: Brakes;
  enter(place: Place): Promise<Aws>;
}

interface Swept {
  readonly policy: string;
  readonly report: RunReport;
  readonly results: readonly Result[];
}

async function openAccount(
  config: Config,
  names: readonly string[],
  options: SweepOptions,
  terminal: Terminal,
): Promise<OpenAccount> {
  const connection: Connection = {
    retryStrategy: new PatientRetry({ attempts: 5, sleep: wait, random: Math.random }),
  };
  const [region] = options.regions;
  const caller = await identify(process.env, { profile: options.profile, region, connection });
  // The configuration allows accounts for all policies alike.
  const allowed = names.flatMap((each) => config.policies.get(each)?.guard.accounts ?? []);
  const accounts = [...new Set([caller.home.account, ...allowed])];
  const enter = entering({
    home: caller.home,
    accounts,
    role: config.role,
    connection: { ...connection, credentials: caller.credentials },
    time: { now: () => new Date(), sleep: (ms) => wait(ms) },
  });
  const scope = { regions: regionsOf(options, config), accounts };
  const { places, refused } = await placesFor(scope, caller.home, enter);
  introduce(names, caller, places, options, terminal);
  for (const { place, refusal } of refused) terminal.err(`account ${place.account}: ${refusal.message}`);
  const brakes = options.enforce
    ? await brakesFor(options.journal, await enter(caller.home), config.killSwitch, process.env)
    : dryRunBrakes;
  return { caller, accounts, places, refused: refused.length > 0, brakes, enter };
}

async function sweepOne(
  name: string,
  config: Config,
  { caller, accounts, places, brakes, enter }: OpenAccount,
  { enforce, stop }: SweepOptions,
  terminal: Terminal,
): Promise<Swept> {
  const own = config.policies.get(name);
  if (own === undefined) throw new BadInput(`policies.${name} is missing`);
  const watched = watch(await loadPolicy(name), (text) => terminal.progress(text));
  const guard = { ...own.guard, mode: enforce ? ('enforce' as const) : ('report' as const), accounts };
  const ports = portsFor(name, enter, brakes, stop, terminal);
  const report = await run(watched.policy, signalFor(caller), places, own.settings, guard, ports);
  terminal.progress('');
  const results = report.results.map(forNextSweep);
  return { policy: name, report: { ...report, results }, results: [...results, ...watched.inOrder(report)] };
}

/** There is no queue behind the command line: what this sweep leaves, the next one finds again. */
function forNextSweep(result: Result): Result {
  const { outcome } = result;
  if (outcome.outcome !== 'queued') return result;
  const reason = outcome.reason
    .replace('it is queued', 'the next sweep looks at it again')
    .replace('It goes on in another run', 'The next sweep goes on');
  return { ...result, outcome: { ...outcome, reason } };
}

function regionsOf({ regions, allRegions }: SweepOptions, config: Config): Regions {
  if (allRegions) return 'all-enabled';
  return regions.length > 0 ? regions : config.regions;
}

/** What a mistake in credentials or region would look like has to be seen before anything is read. */
function introduce(
  names: readonly string[],
  { arn, home, source, endpoint }: Caller,
  places: readonly Place[],
  { enforce }: SweepOptions,
  { err, colors }: Terminal,
): void {
  const mode = enforce ? colors.bold(colors.red('enforce')) : 'dry run: nothing is changed';
  const regions = [...new Set(places.map(({ region }) => region))].join(', ');
  err(`${colors.bold(names.join(', '))}  ${mode}`);
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
  policy: string,
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
    whoTagged: async ({ id, tags }, key, place) =>
      whoTagged(await enter(place), id, key, tags.get(key) ?? ''),
    firstTold: async () => true,
    noteTold: async () => {},
    async postpone() {
      if (!stop.aborted) throw new Error('the command line keeps no queue; run the sweep again');
    },
    // The one who runs the sweep reads its answer.
    notify: async () => {},
    onProgress: (progress) => terminal.progress(progressText(policy, progress)),
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

function exitCodeOf(swept: readonly Swept[], accountsRefused: boolean): ExitCode {
  const reports = swept.map(({ report }) => report);
  if (reports.some(({ counts }) => counts.violations > counts.done)) return EXIT.findings;
  const whole = reports.every(({ state, counts }) => state === 'complete' && counts.unknown === 0);
  return whole && !accountsRefused ? EXIT.ok : EXIT.partial;
}
