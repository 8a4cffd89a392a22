import type { SwitchPosition } from '../../shared/engine/ports.ts';
import { plain, safe } from '../../shared/notify/escape.ts';
import { untagCommands } from '../../shared/notify/untag-command.ts';
import type { Announced } from '../pending/announced.ts';
import { type Excused, STATES, type State } from '../pending/excused.ts';
import type { Held } from '../pending/held.ts';
import type { Terminal } from '../terminal.ts';
import { wrapped } from './wrap.ts';

const HOUR_MS = 3_600_000;

/** What one policy has announced, and what is excused from it; every text in it is escaped, every line fits. */
export function printPending(
  announced: readonly Announced[],
  excused: readonly Excused[],
  now: Date,
  terminal: Terminal,
): void {
  const { out, colors } = terminal;
  const coming = announced.filter(({ standing }) => standing !== 'void');
  section('Coming', coming, (each) => comingText(each, now, terminal), terminal);
  const nothing = announced.filter(({ standing }) => standing === 'void');
  section('Announced, and nothing comes of it', nothing, (each) => comingText(each, now, terminal), terminal);
  for (const state of STATES) {
    const alike = excused.filter((each) => each.state === state);
    section(TITLES[state], alike, (each) => excusedText(each, now, terminal), terminal);
  }
  if (announced.length + excused.length === 0) out(colors.dim('Nothing is announced, and nothing excused.'));
}

/** Where the kill switch is, and its name; its position undefined where it could not be read, which has been said. */
export interface Halt {
  readonly position: SwitchPosition | undefined;
  readonly name: string;
}

export function isHalted({ position }: Halt): boolean {
  return position !== undefined && position !== 'off';
}

/** That nothing happens for now, first of all. */
export function printHalt(halt: Halt, { out, columns, colors }: Terminal): void {
  if (!isHalted(halt)) return;
  const { position, name } = halt;
  const state = position === 'on' ? 'is on' : `(${plain(name, 200)}) is missing, which counts as on`;
  const words = `The kill switch ${state}: nothing of this is done or announced before it is off.`;
  out(wrapped(colors.yellow(words), columns));
}

/** Where far fewer is read than before, so that nothing of the rest happens there for now. */
export function printHeld(held: readonly Held[], now: Date, terminal: Terminal): void {
  section('Held back, because far fewer is read', held, (each) => heldText(each, now, terminal), terminal);
}

const TITLES: Readonly<Record<State, string>> = {
  'in doubt': 'Exemptions in doubt',
  ended: 'Exemptions that ended',
  'ends soon': 'Exemptions that end soon',
  'in force': 'Exemptions in force',
};

function section<T>(
  title: string,
  items: readonly T[],
  textOf: (item: T) => string,
  { out, colors }: Terminal,
): void {
  if (items.length === 0) return;
  out(`\n${colors.bold(title)} (${items.length})`);
  for (const item of items) out(textOf(item));
}

function comingText(
  { since, due, told, standing, note, stop, summary, left, ...about }: Announced,
  now: Date,
  { columns, colors }: Terminal,
): string {
  const label = { waiting: colors.cyan, due: colors.red, ends: colors.green, anew: colors.green };
  const paint = standing === 'void' || standing === 'unclear' ? colors.yellow : label[standing];
  const from = since === undefined ? '' : `Announced ${timeText(since)}`;
  const said = told === undefined ? '' : told ? ', and told' : ', not told';
  const lines = [
    ...[placeText(about), `${safe(summary, 300)}.`],
    `${paint(standing)}: ${safe(note, 600)}${/[.!?]$/.test(note) ? '' : '.'}`,
    ...(from === '' ? [] : [`${from}${said}.`]),
    ...(standing === 'void' || standing === 'ends' ? [] : [`To stop it: ${safe(stop, 600)}.`]),
    ...(left === undefined ? [] : [`Still says so: ${safe(`${left.key}=${left.value}`, 400)}`]),
  ];
  const when = due === undefined ? 'no date' : `${timeText(due)}  ${spanText(due, now)}`;
  return [wrapped(when, columns), ...lines.map((line) => wrapped(line, columns, '  '))].join('\n');
}

function heldText(
  { policy, account, region, since, until, before, read }: Held,
  now: Date,
  { columns, colors }: Terminal,
): string {
  const place = plain(region, 30);
  const lines = [
    `${place}, ${plain(account, 20)}`,
    `Since ${timeText(since)} sweeps read far fewer than the ${before} before${read === undefined ? '' : `; you read ${read} just now`}.`,
    `${colors.red('on')}: nothing is changed there until then, or until somebody who has looked says that it is right: reeve sweep ${plain(policy, 60)} --region ${place} --accept-fewer`,
  ];
  const when = `${timeText(until)}  ${spanText(until, now)}`;
  return [wrapped(when, columns), ...lines.map((line) => wrapped(line, columns, '  '))].join('\n');
}

function excusedText(
  { reason, owner, setter, until, state, note, ...about }: Excused,
  now: Date,
  { columns, colors }: Terminal,
): string {
  const paint = {
    'in doubt': colors.red,
    ended: colors.yellow,
    'ends soon': colors.yellow,
    'in force': colors.green,
  };
  const when = until === undefined ? 'no date' : `${timeText(until)}  ${spanText(until, now)}`;
  const by = setter === undefined ? '' : `, set by ${safe(setter, 300)}`;
  const whose = owner === undefined ? '' : `, of ${safe(owner, 200)}`;
  const lines = [
    placeText(about),
    `${safe(reason, 600)}${whose}${by}.`,
    `${paint[state](state)}: ${safe(note, 600)}${/[.!?]$/.test(note) ? '' : '.'}`,
  ];
  return [wrapped(when, columns), ...lines.map((line) => wrapped(line, columns, '  '))].join('\n');
}

/** The commands that take off what still says that something is coming. */
export function printLeft(announced: readonly Announced[], { err, columns, colors }: Terminal): void {
  const tagged = announced.flatMap(({ left, resource: { arn }, region }) =>
    left === undefined ? [] : [{ key: left.key, arn, region }],
  );
  if (tagged.length === 0) return;
  err(wrapped(colors.yellow('Tags that announce what nothing comes of. To take them off:'), columns));
  // In one line each, to be copied.
  for (const [key, bearers] of Map.groupBy(tagged, (each) => each.key))
    for (const command of untagCommands(bearers, key)) err(command);
}

function placeText({
  resource,
  account,
  region,
}: Pick<Announced, 'resource' | 'account' | 'region'>): string {
  const { id, name } = resource;
  const named = name === undefined || name === id ? '' : ` (${safe(name, 100)})`;
  return `${plain(id, 300)}${named}, ${plain(region, 30)}, ${plain(account, 20)}`;
}

/** `2026-11-21 09:41`, UTC. */
function timeText(at: Date): string {
  return at.toISOString().slice(0, 16).replace('T', ' ');
}

/** `in 3 days`, `5 hours ago`. */
function spanText(at: Date, now: Date): string {
  const hours = Math.round(Math.abs(at.getTime() - now.getTime()) / HOUR_MS);
  const span = hours < 48 ? `${hours} ${hours === 1 ? 'hour' : 'hours'}` : `${Math.round(hours / 24)} days`;
  return at >= now ? `in ${span}` : `${span} ago`;
}
