import type { Config } from '../shared/config/load.ts';
import { capOf } from '../shared/engine/caps.ts';
import { plannedItems } from '../shared/engine/planned.ts';
import { plain } from '../shared/notify/escape.ts';
import { dryRunBrakes } from './account/brakes.ts';
import { isSimulated } from './account/endpoint.ts';
import { introduce, openAccount, placesToSweep, policiesOf, type Where } from './account/open.ts';
import { BadInput, EXIT, type ExitCode } from './exit.ts';
import { outputFile, writeWhole } from './files.ts';
import { type PolicyPlan, planText, settingsHash } from './plan/document.ts';
import { loadConfig } from './policies.ts';
import { printReading } from './render/summary.ts';
import { resultsTable } from './render/table.ts';
import { type OpenForSweep, type Swept, sweepOne } from './sweep.ts';
import type { Terminal } from './terminal.ts';

export interface PlanOptions extends Where {
  readonly profile: string | undefined;
  readonly config: string;
  /** A file, or a folder for a file of our own naming. */
  readonly out: string;
  readonly force: boolean;
  readonly stop: AbortSignal;
}

/** `reeve plan`: look at everything, change nothing, and write down what would be changed, for `reeve apply`. */
export async function plan(
  given: readonly string[] | undefined,
  options: PlanOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const config = await loadConfig(options.config);
  const names = given === undefined ? policiesOf(config, undefined, options.config) : [...new Set(given)];
  for (const name of names) policiesOf(config, name, options.config);
  const account = await openAccount(config, names, { profile: options.profile, region: options.regions[0] });
  const { places, refused } = await placesToSweep(options, config, account, terminal);
  introduce(names, 'plan: nothing is changed', account.caller, places, terminal);

  const open: OpenForSweep = { ...account, places, refused, brakes: dryRunBrakes };
  const swept: Swept[] = [];
  for (const name of names) {
    const one = await sweepOne(
      name,
      config,
      open,
      'reeve plan',
      { enforce: false, stop: options.stop },
      terminal,
    );
    swept.push(one);
    printPlanned(one, config, names.length > 1, terminal);
  }
  if (options.stop.aborted) throw new BadInput('stopped before everything was read; no plan was written');

  write(
    swept.map((one) => policyPlan(one, config, open)),
    open,
    options,
    terminal,
  );
  return exitCodeOf(swept, refused);
}

/** What a plan file says of one policy. */
export function policyPlan(
  { policy, report }: Swept,
  config: Config,
  { places }: Pick<OpenForSweep, 'places'>,
): PolicyPlan {
  const own = config.policies.get(policy);
  if (own === undefined) throw new BadInput(`policies.${policy} is missing`);
  return {
    policy,
    settings: settingsHash(own, config),
    scanned: report.counts.scanned,
    places: [...places],
    items: [...plannedItems(report.results)],
  };
}

function write(
  policies: PolicyPlan[],
  { caller }: OpenForSweep,
  { out, force }: PlanOptions,
  { err, colors }: Terminal,
): void {
  const changes = policies.reduce((sum, { items }) => sum + items.length, 0);
  const createdAt = caller.now().toISOString();
  const { partition, account, region } = caller.home;
  const named = ['plan', account, region, createdAt.replace(/[:.]/g, '-')];
  const file = outputFile(out, named, '.json');
  const home = { partition, account, region };
  const simulated = isSimulated(caller.endpoint);
  writeWhole(file, planText({ createdAt, by: caller.arn, home, simulated, policies }), force);
  err(
    `${colors.bold(`${changes} ${changes === 1 ? 'change' : 'changes'} planned`)}, written to ${plain(file)}`,
  );
  if (changes > 0) err(`Nothing was changed. To do this and nothing else: reeve apply ${plain(file)} --yes`);
}

function printPlanned({ policy, report }: Swept, config: Config, titled: boolean, terminal: Terminal): void {
  const { out, err, colors } = terminal;
  const planned = report.results.filter(({ outcome }) => outcome.code === 'report-mode');
  if (titled) out(colors.bold(`\n${policy}: ${report.title}`));
  if (planned.length > 0) out(resultsTable(planned, terminal));
  printReading(report, terminal);
  const left = report.counts.violations - planned.length;
  if (left > 0)
    err(`${left} out of policy are not in the plan: a person has to decide, or they are protected.`);
  const caps = config.policies.get(policy)?.guard.caps;
  const cap = caps && capOf(caps, 'sweep', report.counts.scanned);
  if (cap !== undefined && planned.length > cap) {
    err(colors.yellow(`Above the cap: ${planned.length} planned, ${cap} may be changed in one run.`));
  }
}

function exitCodeOf(swept: readonly Swept[], accountsRefused: boolean): ExitCode {
  const reports = swept.map(({ report }) => report);
  if (reports.some(({ counts }) => counts.violations > 0)) return EXIT.findings;
  const whole = reports.every(({ state, counts }) => state === 'complete' && counts.unknown === 0);
  return whole && !accountsRefused ? EXIT.ok : EXIT.partial;
}
