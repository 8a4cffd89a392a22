import type { Config } from '../shared/config/load.ts';
import { capOf } from '../shared/engine/caps.ts';
import type { Result, RunReport } from '../shared/engine/outcome.ts';
import { onlyPlanned, type PlannedItem } from '../shared/engine/planned.ts';
import { run } from '../shared/engine/run.ts';
import type { Place } from '../shared/engine/signal.ts';
import { type Brakes, brakesFor, dryRunBrakes } from './account/brakes.ts';
import { isSimulated } from './account/endpoint.ts';
import { introduce, type OpenAccount, openAccount, signalOf } from './account/open.ts';
import { type Outside, portsFor } from './account/ports.ts';
import { BadInput, EXIT, type ExitCode } from './exit.ts';
import { readBounded } from './files.ts';
import { withoutQueue } from './no-queue.ts';
import { MOST_BYTES, type Plan, type PolicyPlan, readPlan, settingsHash } from './plan/document.ts';
import { endOf, placeOf, resultOf } from './plan/ending.ts';
import { loadConfig, loadPolicy } from './policies.ts';
import { printReading, printStopped } from './render/summary.ts';
import { resultsTable } from './render/table.ts';
import type { Terminal } from './terminal.ts';
import { watch } from './watch.ts';

export interface ApplyOptions {
  readonly maxAgeMs: number;
  /** Otherwise everything is read and judged again, and nothing is changed. */
  readonly yes: boolean;
  readonly profile: string | undefined;
  readonly config: string;
  readonly journal: string | undefined;
  readonly stop: AbortSignal;
}

/** Clocks of two machines differ; a plan from further in the future than this was not made by an honest one. */
const SKEW_MS = 5 * 60_000;

/**
 * `reeve apply`: do what a plan says and nothing else. Everything in it is read and judged again; what has changed
 * since is left alone, and so is whatever is not in it (B6.20, B6.21).
 */
export async function apply(file: string, options: ApplyOptions, terminal: Terminal): Promise<ExitCode> {
  const { plan, sha256 } = readPlan(readBounded(file, MOST_BYTES), file);
  const config = await loadConfig(options.config);
  const policies = plan.policies.filter(({ items }) => items.length > 0);
  for (const policy of plan.policies) checkSettings(policy, config, file, options.config);

  const names = policies.map(({ policy }) => policy);
  const open = await openAccount(config, names, { profile: options.profile, region: plan.home.region });
  checkHome(plan, open, file);
  checkAge(plan, options.maxAgeMs, open.caller.now(), file);
  introduceApply(names, policies, options.yes, open, terminal);
  if (policies.length === 0) terminal.err('The plan holds no change: there is nothing to do.');
  const brakes = options.yes && policies.length > 0 ? await brakesOf(config, open, options) : dryRunBrakes;
  try {
    const applied: Applied[] = [];
    for (const policy of policies) {
      const one = await applyOne(policy, config, { ...open, brakes }, sha256, options, terminal);
      applied.push(one);
      if (policies.length > 1) terminal.out(terminal.colors.bold(`\n${policy.policy}: ${one.report.title}`));
      terminal.out(resultsTable(one.results, terminal));
      printReading(one.report, terminal);
    }
    conclude(applied, options, terminal);
    return exitCodeOf(applied);
  } finally {
    brakes.close();
  }
}

/** How the items of one policy ended. */
export interface Applied {
  readonly report: RunReport;
  /** One for each resource of the plan, in its order. */
  readonly results: readonly Result[];
}

function checkAge({ createdAt }: Plan, maxAgeMs: number, now: Date, file: string): void {
  const age = now.getTime() - new Date(createdAt).getTime();
  if (age < -SKEW_MS) throw new BadInput(`${file}: it says that it was planned in the future (${createdAt})`);
  if (age > maxAgeMs) {
    throw new BadInput(
      `${file}: it is too old (planned at ${createdAt}); plan again, or allow it by --max-age`,
    );
  }
}

function checkSettings(
  { policy, settings }: PolicyPlan,
  config: Config,
  file: string,
  configFile: string,
): void {
  const own = config.policies.get(policy);
  if (own === undefined)
    throw new BadInput(`${file}: ${policy} is not in ${configFile} any more; plan again`);
  if (settingsHash(own, config) !== settings) {
    throw new BadInput(`${file}: the settings of ${policy} are others than it was planned with; plan again`);
  }
}

function checkHome({ home, simulated }: Plan, { caller }: OpenAccount, file: string): void {
  const { account, partition } = caller.home;
  if (simulated !== isSimulated(caller.endpoint)) {
    const [there, here] = simulated ? ['a simulated', 'a real'] : ['a real', 'a simulated'];
    throw new BadInput(`${file}: it was planned on ${there} account, and this is ${here} one`);
  }
  if (home.account !== account || home.partition !== partition) {
    throw new BadInput(
      `${file}: it is for account ${home.account} (${home.partition}), and these credentials are for ${account} (${partition})`,
    );
  }
}

function brakesOf(
  config: Config,
  { caller, enter }: OpenAccount,
  { journal }: ApplyOptions,
): Promise<Brakes> {
  return enter(caller.home).then((aws) => brakesFor(journal, aws, config.killSwitch, process.env));
}

function introduceApply(
  names: readonly string[],
  policies: readonly PolicyPlan[],
  yes: boolean,
  { caller }: OpenAccount,
  terminal: Terminal,
): void {
  const { colors } = terminal;
  const mode = yes ? colors.bold(colors.red('apply')) : 'rehearsal: nothing is changed';
  introduce(
    names,
    mode,
    caller,
    policies.flatMap(({ items }) => items),
    terminal,
  );
}

/** Carries out what a plan says of one policy: each item is read and judged again, and ends with a sentence. */
export async function applyOne(
  { policy, items, scanned }: PolicyPlan,
  config: Config,
  open: OpenAccount & { readonly brakes: Brakes },
  sha256: string,
  { yes, stop }: Pick<ApplyOptions, 'yes' | 'stop'>,
  terminal: Terminal,
  outside?: Outside,
): Promise<Applied> {
  const { caller, accounts, brakes } = open;
  const own = config.policies.get(policy);
  if (own === undefined) throw new BadInput(`policies.${policy} is missing`);
  const watched = watch(await loadPolicy(policy), (text) => terminal.progress(text));
  const mode = yes ? ('enforce' as const) : ('report' as const);
  // The share that counts is that of what was planned over, not of what the plan names.
  const caps = { ...own.guard.caps, count: capOf(own.guard.caps, 'sweep', scanned) };
  const ports = {
    ...portsFor(policy, open, brakes, stop, terminal, outside),
    notPlanned: onlyPlanned(items),
  };
  const resources = items.map(({ resource: { type, id }, ...item }) => ({ type, id, place: placeOf(item) }));
  const signal = { ...signalOf(caller, 'reeve apply'), id: `plan ${sha256}` };
  const ran = await run(
    watched.policy,
    { ...signal, scope: { kind: 'resources', resources } },
    placesIn(items),
    own.settings,
    { ...own.guard, caps, mode, accounts },
    ports,
  );
  terminal.progress('');
  const report = withoutQueue(ran, 'next apply');
  const known = [...report.results, ...watched.inOrder(report)];
  return { report, results: items.map((item) => resultOf(item, known, report)) };
}

function placesIn(items: readonly PlannedItem[]): readonly Place[] {
  const places = items.map((item) => [`${item.account} ${item.region}`, placeOf(item)] as const);
  return [...new Map(places).values()];
}

function conclude(applied: readonly Applied[], { yes, stop }: ApplyOptions, terminal: Terminal): void {
  const { err, colors } = terminal;
  const results = applied.flatMap((one) => one.results);
  if (stop.aborted) printStopped(results, terminal);
  const tally = Map.groupBy(results, endOf);
  const wanted = yes ? 'done' : 'would be done';
  const done = tally.get(wanted)?.length ?? 0;
  const others = [...tally].filter(([end]) => end !== wanted).map(([end, of]) => `${of.length} ${end}`);
  const parts = [`${results.length} planned`, `${done} ${wanted}`, ...others];
  err(colors.bold(`${parts.join(', ')}.`));
  if (!yes && done > 0) err('Nothing was changed. Give --yes to do it.');
}

function exitCodeOf(applied: readonly Applied[]): ExitCode {
  const results = applied.flatMap((one) => one.results);
  if (results.some(({ verdict, outcome }) => verdict.verdict === 'violation' && outcome.outcome !== 'done')) {
    return EXIT.findings;
  }
  const unclear = results.some(
    ({ verdict, outcome }) =>
      outcome.outcome === 'failed' || (verdict.verdict === 'unknown' && outcome.code !== 'gone'),
  );
  return unclear || applied.some(({ report }) => report.state !== 'complete') ? EXIT.partial : EXIT.ok;
}
