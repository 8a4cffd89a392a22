import { randomUUID } from 'node:crypto';
import type { Config } from '../shared/config/load.ts';
import { LONGEST_EXEMPTION_MS } from '../shared/engine/taken-back.ts';
import { undo as takeBack } from '../shared/engine/undo.ts';
import type { UndoReport, UndoRequest } from '../shared/engine/undo-outcome.ts';
import { type Brakes, brakesFor } from './account/brakes.ts';
import type { Which } from './account/memory.ts';
import { introduce, type OpenAccount, openAccount, policiesOf, signalOf } from './account/open.ts';
import { portsFor } from './account/ports.ts';
import { BadInput, EXIT, type ExitCode } from './exit.ts';
import { checkId } from './history.ts';
import { loadConfig, loadWayBack } from './policies.ts';
import { printUndo } from './render/undo.ts';
import type { Terminal } from './terminal.ts';

export interface UndoOptions extends Which {
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly reason: string | undefined;
  readonly force: boolean;
  readonly exemptMs: number;
  readonly config: string;
  /** Aborted when the user wants to stop: what is begun is finished, nothing more is begun. */
  readonly stop: AbortSignal;
}

/**
 * `reeve undo`: take an entry of the journal, or all of a run, back, newest first, where it still is as Reeve left it.
 * Without `--yes` only shows what would be done. Started again it carries on; nothing is done twice.
 */
export async function undo(id: string, options: UndoOptions, terminal: Terminal): Promise<ExitCode> {
  checkOptions(id, options);
  const config = await loadConfig(options.config);
  checkExemption(options.exemptMs, config);
  const names = policiesOf(config, undefined, options.config);
  const open = await openAccount(config, names, options);
  const dryRun = !options.yes;
  const mode = dryRun ? 'dry run: nothing is changed' : terminal.colors.bold('takes back');
  introduce(['undo'], mode, open.caller, [open.caller.home], terminal);
  const brakes = await brakesFor(
    options.journal,
    await open.enter(open.caller.home),
    config.killSwitch,
    process.env,
  );
  try {
    await sayKillSwitch(brakes, terminal);
    const report = await takeBack(requestOf(id, dryRun, options, open), {
      ...portsFor('undo', open, brakes, options.stop, terminal),
      history: brakes.history,
      wayBack: loadWayBack,
    });
    if (report === undefined) {
      throw new BadInput(
        `no entry and no run ${JSON.stringify(id)} in the journal; reeve history lists them`,
      );
    }
    printUndo(report, terminal);
    return exitCodeOf(report);
  } finally {
    brakes.close();
  }
}

function checkOptions(id: string, { yes, dryRun, force, reason, exemptMs }: UndoOptions): void {
  checkId(id);
  if (yes && dryRun) throw new BadInput('--yes and --dry-run exclude each other');
  if (reason?.trim() === '' || (reason?.length ?? 0) > 500)
    throw new BadInput('--reason: expected 1 to 500 characters');
  if (force && reason === undefined)
    throw new BadInput('--force needs --reason "…": it goes into the journal');
  if (exemptMs > LONGEST_EXEMPTION_MS) throw new BadInput('--exempt-for: expected at most 90d');
}

/** An undo is no way around the longest exemption that the settings allow a tag. */
function checkExemption(exemptMs: number, { policies }: Config): void {
  for (const [name, { guard }] of policies) {
    const { maxDays } = guard.exemption;
    if (exemptMs > maxDays * 86_400_000)
      throw new BadInput(`--exempt-for: expected at most ${maxDays}d, as exemption.maxDays of ${name} says`);
  }
}

/** The switch stops what Reeve does by itself; an undo is a person's act, and says so. */
async function sayKillSwitch({ killSwitch }: Brakes, { err, colors }: Terminal): Promise<void> {
  const position = await killSwitch().catch(() => 'unreadable');
  if (position !== 'off')
    err(
      colors.yellow(
        `The kill switch is ${position}: it stops Reeve’s own changes, not this undo, which is yours.`,
      ),
    );
}

function requestOf(
  target: string,
  dryRun: boolean,
  { reason, force, exemptMs }: UndoOptions,
  { caller }: OpenAccount,
): UndoRequest {
  const { cause, actor } = signalOf(caller, 'reeve undo');
  const nobody = {
    type: 'Unknown',
    arn: caller.arn,
    name: caller.arn,
    sourceIp: undefined,
    invokedBy: undefined,
  };
  return { target, actor: actor ?? nobody, cause, signalId: randomUUID(), reason, force, dryRun, exemptMs };
}

/** 0: all is as it was. 1: something is left as it is, on purpose. 3: something failed, or no time was left. */
function exitCodeOf({ results, counts }: UndoReport): ExitCode {
  if (counts.failed + counts.left > 0) return EXIT.partial;
  const settled = ['already-undone', 'as-before', 'an-undo', 'nothing-changed'];
  const open = results.filter(
    ({ outcome }) => outcome.outcome === 'refused' && !settled.includes(outcome.code),
  );
  return open.length > 0 ? EXIT.findings : EXIT.ok;
}
