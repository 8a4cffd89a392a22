import { count } from '../shared/engine/words.ts';
import { introduce, openAccount, policiesOf } from './account/open.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { loadConfig } from './policies.ts';
import { type Bounds, deployed, type Handled, redriveQueue } from './redrive/queue.ts';
import { lettersTable } from './render/redrive.ts';
import type { Terminal } from './terminal.ts';

export interface RedriveOptions extends Bounds {
  readonly config: string;
  readonly profile: string | undefined;
  readonly region: string | undefined;
  /** Where Reeve is deployed more than once. */
  readonly stack: string | undefined;
}

/** The function that takes changes back. What it could not do is asked for again only by name: it may open what was closed. */
const UNDO = 'undo';

/** `reeve redrive`: show what lies in the dead-letter queues, and give it back to its function. */
export async function redrive(
  given: readonly string[] | undefined,
  options: RedriveOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const config = await loadConfig(options.config);
  const names = given === undefined ? policiesOf(config, undefined, options.config) : [...new Set(given)];
  for (const name of names) if (name !== UNDO) policiesOf(config, name, options.config);
  const { profile, region, dryRun, stop, most, stack } = options;
  const { caller, enter } = await openAccount(config, names, { profile, region });
  const mode = dryRun ? 'dead letters: nothing is given back' : 'dead letters: given back to their functions';
  introduce(names, mode, caller, [caller.home], terminal);

  const aws = await enter(caller.home);
  const handled: Handled[] = [];
  for (const queue of await deployed(aws, names, stack)) {
    terminal.progress(`${queue.policy}  reading its dead letters`);
    const bounds = { dryRun, stop, most: most - handled.length };
    handled.push(...(await redriveQueue(aws, queue, bounds)));
  }
  terminal.progress('');
  if (handled.length > 0) terminal.out(lettersTable(handled, terminal));
  return conclude(handled, options, terminal);
}

function conclude(handled: readonly Handled[], options: RedriveOptions, terminal: Terminal): ExitCode {
  const { err, colors } = terminal;
  const { dryRun, stop, most } = options;
  const failed = handled.filter(({ outcome }) => outcome !== 'given back' && outcome !== 'left').length;
  const back = handled.length - failed;
  const again = handled.filter(({ letter }) => letter.times > 0).length;
  const what = dryRun ? 'found' : 'given back';
  err(
    colors.bold(
      `${count(dryRun ? handled.length : back, 'dead letter')} ${what}${failed > 0 ? `, ${failed} failed` : ''}.`,
    ),
  );
  if (again > 0) {
    err(
      colors.yellow(
        `${again} of them ${again === 1 ? 'was' : 'were'} given back before and died again: see the log of the function first.`,
      ),
    );
  }
  if (!dryRun && back > 0)
    err('What dies again is back within minutes to hours: look with reeve redrive --dry-run.');
  if (stop.aborted)
    err(colors.yellow('Stopped before the end; nothing is lost. Run the same command again.'));
  else if (handled.length >= most) err(`Ended after ${most}, as --max says; there may be more.`);
  if (failed > 0) return EXIT.partial;
  const open = dryRun ? handled.length > 0 : stop.aborted || handled.length >= most;
  return open ? EXIT.findings : EXIT.ok;
}
