import type { Config } from '../shared/config/load.ts';
import { brief, count } from '../shared/engine/words.ts';
import { jsonText, plain } from '../shared/notify/escape.ts';
import { dryRunBrakes } from './account/brakes.ts';
import { type Notes, notesOf } from './account/notes.ts';
import {
  introduce,
  type OpenAccount,
  openAccount,
  placesToSweep,
  policiesOf,
  type Where,
} from './account/open.ts';
import { BadInput, EXIT, type ExitCode } from './exit.ts';
import { type Announced, announcedBy, announcedByNobody } from './pending/announced.ts';
import { type Excused, excusedBy } from './pending/excused.ts';
import { type Held, heldBy, heldUp } from './pending/held.ts';
import { loadConfig, loadPolicy, policyNames } from './policies.ts';
import { type Halt, isHalted, printHalt, printHeld, printLeft, printPending } from './render/pending.ts';
import { type OpenForSweep, type Swept, sweepOne } from './sweep.ts';
import type { Terminal } from './terminal.ts';

export interface PendingOptions extends Where {
  /** Only these; otherwise all of the configuration, and the marks that others left. */
  readonly policies: readonly string[];
  readonly profile: string | undefined;
  readonly config: string;
  /** A DynamoDB table, or a file whose name ends in `.jsonl`. Default: the deployed stack's table. */
  readonly journal: string | undefined;
  /** Exemptions that end within this time come apart from the others, ms. */
  readonly withinMs: number;
  readonly json: boolean;
  readonly stop: AbortSignal;
}

interface Pending {
  readonly policy: string;
  readonly held: readonly Held[];
  readonly announced: readonly Announced[];
  readonly excused: readonly Excused[];
  /** All of it could be read. */
  readonly whole: boolean;
}

/**
 * `reeve pending`: what is going to be done and when, by the marks in the journal and on the resources, and what is
 * excused and until when. Looks like a sweep, and writes nothing.
 */
export async function pending(options: PendingOptions, terminal: Terminal): Promise<ExitCode> {
  const config = await loadConfig(options.config);
  const asked = options.policies.flatMap((name) => policiesOf(config, name, options.config));
  const names = asked.length > 0 ? [...new Set(asked)] : policiesOf(config, undefined, options.config);
  if (options.allRegions && options.regions.length > 0)
    throw new BadInput('--region and --all-regions exclude each other');
  let calls = 0;
  const onCall = () => {
    calls++;
  };
  const account = await openAccount(config, names, {
    profile: options.profile,
    region: options.regions[0],
    onCall,
  });
  const { places, refused } = await placesToSweep(options, config, account, terminal);
  introduce(names, 'pending: nothing is changed', account.caller, places, terminal);
  const notes = await notesFrom(options, config, account, terminal);
  const killSwitch = await readable(() => notes?.killSwitch(), 'whether the kill switch is on', terminal);

  const open: OpenForSweep = { ...account, places, refused, brakes: dryRunBrakes };
  const found: Pending[] = [];
  for (const name of names) found.push(await ofPolicy(name, config, open, notes, options, terminal));
  if (asked.length === 0)
    for (const name of policyNames().filter((each) => !config.policies.has(each)))
      found.push(await ofNobody(name, notes, terminal));
  const halt = { position: killSwitch, name: config.killSwitch };
  print(found, halt, options.json, account.caller.now(), terminal);
  terminal.err(`${count(calls, 'call')} to AWS, all of them reading.`);
  if (options.stop.aborted) terminal.err('Stopped before everything was read.');
  const isRead = found.every((each) => each.whole) && killSwitch !== undefined;
  const whole = isRead && !refused && !options.stop.aborted;
  return whole ? EXIT.ok : EXIT.partial;
}

/** Undefined, and said, where there is no journal: exemptions are shown all the same. */
async function notesFrom(
  { journal }: PendingOptions,
  { killSwitch }: Config,
  { caller, enter }: OpenAccount,
  { err, colors }: Terminal,
): Promise<Notes | undefined> {
  try {
    return await notesOf(journal, await enter(caller.home), killSwitch, process.env);
  } catch (error) {
    if (journal !== undefined || !(error instanceof BadInput)) throw error;
    err(colors.yellow(`What is announced is not known: ${error.message}`));
    return undefined;
  }
}

async function ofPolicy(
  policy: string,
  config: Config,
  open: OpenForSweep,
  notes: Notes | undefined,
  { withinMs, stop }: PendingOptions,
  terminal: Terminal,
): Promise<Pending> {
  const own = config.policies.get(policy);
  if (own === undefined) throw new BadInput(`policies.${policy} is missing`);
  const marks = await readable(() => notes?.marks(policy), `${policy}: what is announced`, terminal);
  const scans = await readable(() => notes?.scans(policy), `${policy}: where it is held back`, terminal);
  const swept = await sweepOne(policy, config, open, 'reeve pending', { enforce: false, stop }, terminal);
  sayUnread(swept, terminal);
  const now = open.caller.now();
  const seen = { policy, results: swept.results, places: swept.report.places };
  const held = heldBy(policy, scans ?? new Map(), swept.report.places, now);
  return {
    policy,
    held,
    announced: heldUp(announcedBy(seen, marks ?? [], own, config, now), held).toSorted(
      (a, b) => (a.due?.getTime() ?? 0) - (b.due?.getTime() ?? 0),
    ),
    excused: excusedBy(await loadPolicy(policy), swept.results, own, now, withinMs).toSorted(byEnd),
    whole: marks !== undefined && scans !== undefined && swept.report.state === 'complete',
  };
}

async function ofNobody(policy: string, notes: Notes | undefined, terminal: Terminal): Promise<Pending> {
  const marks = await readable(() => notes?.marks(policy), `${policy}: what is announced`, terminal);
  const { announce } = await loadPolicy(policy);
  const announced = announcedByNobody(policy, marks ?? [], announce !== undefined);
  return { policy, held: [], announced, excused: [], whole: marks !== undefined };
}

/** Undefined, and said, where it cannot be read. */
async function readable<T>(
  read: () => Promise<T> | undefined,
  what: string,
  { err, colors }: Terminal,
): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    err(colors.yellow(`${what} could not be read: ${brief(error)}`));
    return undefined;
  }
}

function byEnd(one: Excused, other: Excused): number {
  return (one.until?.getTime() ?? 0) - (other.until?.getTime() ?? 0);
}

function sayUnread({ policy, report }: Swept, { err, colors }: Terminal): void {
  for (const { account, region, state, reason } of report.places)
    if (state !== 'scanned')
      err(colors.yellow(plain(`${policy}: ${region}  ${account}  ${state}: ${reason ?? 'no reason given'}`)));
  for (const { ref, reason } of report.missing) err(plain(`${policy}: ${ref.id}: ${reason}`));
}

function print(found: readonly Pending[], halt: Halt, json: boolean, now: Date, terminal: Terminal): void {
  const { out, err, colors } = terminal;
  if (json) {
    const rows = found.flatMap(({ held, announced, excused }) => [
      ...held.map((each) => ({ kind: 'brake', ...each })),
      ...announced.map((each) => ({ kind: 'mark', ...each })),
      ...excused.map((each) => ({ kind: 'exemption', ...each })),
    ]);
    const halted = isHalted(halt) ? [{ kind: 'kill-switch', position: halt.position }] : [];
    out(jsonText([...halted, ...rows.map((row) => ('resource' in row ? rowOf(row) : row))], 2));
  } else {
    printHalt(halt, terminal);
    for (const { policy, held, announced, excused } of found) {
      // Of what the configuration does not mention, only what is left of it.
      if (held.length + announced.length + excused.length === 0 && found.length > 1) continue;
      out(colors.bold(`\n${policy}`));
      printHeld(held, now, terminal);
      printPending(announced, excused, now, terminal);
    }
  }
  const announced = found.flatMap((each) => each.announced);
  const excused = found.flatMap((each) => each.excused);
  const held = found.flatMap((each) => each.held);
  const coming = announced.filter(({ standing }) => standing !== 'void').length;
  const brakes = held.length === 0 ? '' : `, ${count(held.length, 'brake')} on`;
  err(colors.bold(`${coming} announced, ${count(excused.length, 'exemption')}${brakes}.`));
  printLeft(announced, terminal);
}

function rowOf({ resource, ...row }: { readonly resource: Announced['resource'] }): object {
  const { type, id, arn, name = null } = resource;
  return { ...row, resourceType: type, resource: id, arn, resourceName: name };
}
