import type { Config } from '../shared/config/load.ts';
import type { Result, RunReport } from '../shared/engine/outcome.ts';
import { run } from '../shared/engine/run.ts';
import type { Place } from '../shared/engine/signal.ts';
import { type AcceptingBrakes, accepting, sayAccepted } from './account/accepting.ts';
import { type Brakes, brakesFor, dryRunBrakes } from './account/brakes.ts';
import {
  introduce,
  type OpenAccount,
  openAccount,
  placesToSweep,
  policiesOf,
  signalOf,
  type Where,
} from './account/open.ts';
import { portsFor } from './account/ports.ts';
import { BadInput, EXIT, type ExitCode } from './exit.ts';
import { withoutQueue } from './no-queue.ts';
import { loadConfig, loadPolicy } from './policies.ts';
import { type Format, printFindings } from './render/findings.ts';
import { pageFile, writePage } from './render/page.ts';
import { printStopped, printSummary } from './render/summary.ts';
import type { Terminal } from './terminal.ts';
import { watch } from './watch.ts';

export interface SweepOptions extends Where {
  readonly enforce: boolean;
  /** A person has looked why far fewer is read than before, and says that it is right. */
  readonly acceptFewer?: boolean;
  readonly profile: string | undefined;
  readonly config: string;
  readonly format: Format;
  /** A DynamoDB table, or a file whose name ends in `.jsonl`. Default: the deployed stack's table. */
  readonly journal: string | undefined;
  /** Where a page for people is written, beside what is printed; absent: nowhere. */
  readonly report?: string;
  readonly force?: boolean;
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
  const config = await loadConfig(options.config);
  const names = policiesOf(config, name, options.config);
  const page = options.report === undefined ? undefined : pageFile(options.report, options.force === true);
  const open = await openForSweep(config, names, options, terminal);
  try {
    const swept: Swept[] = [];
    for (const each of names) {
      const one = await sweepOne(each, config, open, 'reeve sweep', options, terminal);
      swept.push(one);
      if (options.format === 'table') {
        if (names.length > 1) terminal.out(terminal.colors.bold(`\n${each}: ${one.report.title}`));
        printFindings([one], options.format, terminal);
      }
      printSummary(one.report, terminal, options.journal);
    }
    if (options.format !== 'table') printFindings(swept, options.format, terminal);
    if (open.accepting !== undefined) sayAccepted(open.accepting, open.caller.arn, terminal);
    if (page !== undefined) writePage(page, swept, config, open, options.force === true, terminal);
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
export interface OpenForSweep extends OpenAccount {
  readonly places: readonly Place[];
  readonly refused: boolean;
  readonly brakes: Brakes;
  /** The same, where fewer is accepted. */
  readonly accepting?: AcceptingBrakes;
}

/** How one policy's sweep went. */
export interface Swept {
  readonly policy: string;
  readonly report: RunReport;
  /** Those of the report, and what was found in order. */
  readonly results: readonly Result[];
}

async function openForSweep(
  config: Config,
  names: readonly string[],
  options: SweepOptions,
  terminal: Terminal,
): Promise<OpenForSweep> {
  if (options.allRegions && options.regions.length > 0) {
    throw new BadInput('--region and --all-regions exclude each other');
  }
  const { colors } = terminal;
  const open = await openAccount(config, names, { profile: options.profile, region: options.regions[0] });
  const { places, refused } = await placesToSweep(options, config, open, terminal);
  const mode = options.enforce ? colors.bold(colors.red('enforce')) : 'dry run: nothing is changed';
  introduce(names, mode, open.caller, places, terminal);
  const { enforce, acceptFewer = false } = options;
  const brakes =
    enforce || acceptFewer
      ? await brakesFor(options.journal, await open.enter(open.caller.home), config.killSwitch, process.env)
      : dryRunBrakes;
  if (!acceptFewer) return { ...open, places, refused, brakes };
  const counted = accepting(brakes, enforce, open.caller.now());
  return { ...open, places, refused, brakes: counted, accepting: counted };
}

/** One policy over all places. */
export async function sweepOne(
  name: string,
  config: Config,
  open: OpenForSweep,
  command: string,
  { enforce, stop }: Pick<SweepOptions, 'enforce' | 'stop'>,
  terminal: Terminal,
): Promise<Swept> {
  const { caller, accounts, places, brakes } = open;
  const own = config.policies.get(name);
  if (own === undefined) throw new BadInput(`policies.${name} is missing`);
  const watched = watch(await loadPolicy(name), (text) => terminal.progress(text));
  const guard = { ...own.guard, mode: enforce ? ('enforce' as const) : ('report' as const), accounts };
  const acceptsFewer = open.accepting && { acceptsFewer: caller.arn };
  const ports = { ...portsFor(name, open, brakes, stop, terminal), ...acceptsFewer };
  const ran = await run(watched.policy, signalOf(caller, command), places, own.settings, guard, ports);
  terminal.progress('');
  const report = withoutQueue(ran, 'next sweep');
  return { policy: name, report, results: [...report.results, ...watched.inOrder(report)] };
}

function exitCodeOf(swept: readonly Swept[], accountsRefused: boolean): ExitCode {
  const reports = swept.map(({ report }) => report);
  if (reports.some(({ counts }) => counts.violations > counts.done)) return EXIT.findings;
  const whole = reports.every(({ state, counts }) => state === 'complete' && counts.unknown === 0);
  return whole && !accountsRefused ? EXIT.ok : EXIT.partial;
}
