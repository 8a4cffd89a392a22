import { randomUUID } from 'node:crypto';
import type { Aws } from '../shared/aws/access.ts';
import type { PolicyConfig } from '../shared/config/load.ts';
import type { Ports } from '../shared/engine/ports.ts';
import { run } from '../shared/engine/run.ts';
import type { Place, Signal } from '../shared/engine/signal.ts';
import { dryRunBrakes } from './account/brakes.ts';
import { BadInput, EXIT, type ExitCode } from './exit.ts';
import {
  type AnyPolicy,
  knownPolicy,
  loadConfig,
  loadPolicy,
  loadSavedReader,
  type SavedReader,
} from './policies.ts';
import { type Format, printFindings } from './render/findings.ts';
import { mergeAnswers, mistakesIn, readAnswer } from './saved-answers.ts';
import type { Terminal } from './terminal.ts';
import { watch } from './watch.ts';

export interface CheckOptions {
  /** Files with saved answers; `-` is standard input. */
  readonly from: readonly string[];
  readonly config: string;
  readonly format: Format;
  /** For answers that do not say it themselves. */
  readonly region: string | undefined;
}

type Saved = ReturnType<SavedReader['readSaved']>[number];

/** For answers that do not tell whose they are. */
const NOBODY = '000000000000';

/** `reeve check`: judge saved answers of the AWS CLI offline, without credentials. Every resource gets its verdict. */
export async function check(name: string, options: CheckOptions, terminal: Terminal): Promise<ExitCode> {
  const own = (await loadConfig(options.config)).policies.get(knownPolicy(name));
  if (own === undefined) throw new BadInput(`${options.config}: policies.${name} is missing`);
  const [policy, reader] = [await loadPolicy(name), await loadSavedReader(name)];
  const answer = reader.saved.safeParse(mergeAnswers(options.from.map(readAnswer)));
  if (!answer.success) throw new BadInput(...mistakesIn(options.from.join(', '), answer.error));

  const nowhere: Place = { partition: 'aws', account: NOBODY, region: options.region ?? 'unknown' };
  const saved = reader.readSaved(answer.data, nowhere);
  const watched = watch(offline(policy, saved), () => {});
  const report = await run(
    watched.policy,
    signalFor(nowhere),
    placesOf(saved),
    own.settings,
    guardOf(own),
    ports(),
  );
  const results = [...report.results, ...watched.inOrder(report)];
  printFindings([{ policy: name, results }], options.format, terminal);
  const { scanned, violations, exempt, unknown, compliant } = report.counts;
  terminal.err(
    `${scanned} judged: ${violations} out of policy, ${exempt} exempt, ${unknown} unknown, ${compliant} in order.`,
  );
  if (violations > 0) return EXIT.findings;
  return unknown > 0 ? EXIT.partial : EXIT.ok;
}

/** The policy with the saved answers in place of AWS; its judgement and the guard stay what they are. */
function offline(policy: AnyPolicy, saved: readonly Saved[]): AnyPolicy {
  const facts = new Map(saved.map(({ resource, facts: known }) => [resource, known]));
  return {
    ...policy,
    async *find(_signal, _settings, { place }) {
      const here = saved.filter((one) => isSame(one.place, place));
      yield { resources: here.map(({ resource }) => resource), missing: [] };
    },
    gather: async (resources) => new Map(resources.map((resource) => [resource.id, facts.get(resource)])),
  };
}

function isSame(one: Place, other: Place): boolean {
  return one.account === other.account && one.region === other.region && one.partition === other.partition;
}

function placesOf(saved: readonly Saved[]): readonly Place[] {
  const places: Place[] = [];
  for (const { place } of saved) if (!places.some((known) => isSame(known, place))) places.push(place);
  return places;
}

function guardOf({ guard }: PolicyConfig) {
  return { ...guard, mode: 'report' as const, accounts: [] };
}

function signalFor(place: Place): Signal {
  return {
    ...place,
    id: randomUUID(),
    scope: { kind: 'sweep' },
    cause: { kind: 'command-line', name: 'reeve check' },
    actor: undefined,
    time: new Date(),
    delivery: 'live',
  };
}

/** Nothing outside is reached: there are no credentials, and a report acts on nothing. */
function ports(): Ports<Aws> {
  const quiet = () => {};
  const unreachable = () => Promise.reject(new Error('a check is offline'));
  return {
    now: () => new Date(),
    sleep: async () => {},
    random: Math.random,
    newId: randomUUID,
    enter: async (place) => ({ place, send: unreachable }),
    ...dryRunBrakes,
    // Who set an exemption tag is not in a saved answer.
    whoTagged: async () => undefined,
    firstTold: async () => true,
    noteTold: async () => {},
    postpone: unreachable,
    notify: async () => [],
    remainingMs: () => Number.MAX_SAFE_INTEGER,
    log: { info: quiet, warn: quiet, error: quiet },
    isOurs: () => false,
  };
}
