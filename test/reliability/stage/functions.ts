import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import * as z from 'zod';
import { calls as bucketCalls } from '../../../functions/delete-stale-buckets/calls.ts';
import { policy as buckets } from '../../../functions/delete-stale-buckets/policy.ts';
import { settings as bucketSettings } from '../../../functions/delete-stale-buckets/settings.ts';
import { wayBack as bucketsBack } from '../../../functions/delete-stale-buckets/way-back.ts';
import { calls as tagCalls } from '../../../functions/enforce-tags/calls.ts';
import { policy as tags } from '../../../functions/enforce-tags/policy.ts';
import { settings as tagSettings } from '../../../functions/enforce-tags/settings.ts';
import { wayBack as tagsBack } from '../../../functions/enforce-tags/way-back.ts';
import { calls as sshCalls } from '../../../functions/revoke-open-ssh/calls.ts';
import { policy as ssh } from '../../../functions/revoke-open-ssh/policy.ts';
import { settings as sshSettings } from '../../../functions/revoke-open-ssh/settings.ts';
import { wayBack as sshBack } from '../../../functions/revoke-open-ssh/way-back.ts';
import { calls as idleCalls } from '../../../functions/stop-idle-instances/calls.ts';
import { policy as idle } from '../../../functions/stop-idle-instances/policy.ts';
import { settings as idleSettings } from '../../../functions/stop-idle-instances/settings.ts';
import { wayBack as idleBack } from '../../../functions/stop-idle-instances/way-back.ts';
import { compilePattern } from '../../../sandbox/events/pattern.ts';
import type { Aws } from '../../../shared/aws/access.ts';
import { embed, embedService } from '../../../shared/config/embed.ts';
import { type EmbeddedSettings, readEmbedded } from '../../../shared/config/embedded.ts';
import { type Config, loadConfig } from '../../../shared/config/load.ts';
import type { Ports } from '../../../shared/engine/ports.ts';
import type { Place } from '../../../shared/engine/signal.ts';
import type { Change, Resource } from '../../../shared/engine/verdict.ts';
import type { WayBack } from '../../../shared/engine/way-back.ts';
import type { Answer } from '../../../shared/lambda/answer.ts';
import { answerEvent, type Invocation, type Standing } from '../../../shared/lambda/answer-event.ts';
import { answerUndo, type UndoAnswer } from '../../../shared/lambda/answer-undo.ts';
import { type Container, createContainer, type Outside } from '../../../shared/lambda/container.ts';
import type { Environment } from '../../../shared/lambda/environment.ts';

const schemas = new Map<string, z.ZodType>([
  ['delete-stale-buckets', bucketSettings],
  ['enforce-tags', tagSettings],
  ['revoke-open-ssh', sshSettings],
  ['stop-idle-instances', idleSettings],
]);

/** A policy's function, or one that takes back what they did: the stack's, or a person's command. */
export type FunctionName = PolicyName | 'undo' | 'undo-by-hand';

export type PolicyName = 'delete-stale-buckets' | 'enforce-tags' | 'revoke-open-ssh' | 'stop-idle-instances';

/** A fresh container of a function: nothing is remembered of earlier ones. */
export type Handler = (event: unknown, invocation: Invocation) => Promise<Answer | UndoAnswer>;

/** A defect planted on purpose, to see that it is found. */
export interface Sabotage {
  readonly ports?: (ports: Ports<Aws>) => Ports<Aws>;
  readonly settings?: (settings: EmbeddedSettings) => EmbeddedSettings;
  readonly wayBack?: (wayBack: WayBack<Aws>) => WayBack<Aws>;
}

/** A function as it is deployed: its policy, its triggers, its time-out, wired by shared/lambda. */
export interface DeployedFunction {
  readonly name: FunctionName;
  readonly timeoutMs: number;
  /** Whether one of its own rules would send it this event. */
  isTriggeredBy(event: unknown): boolean;
  start(
    environment: Environment,
    embedded: EmbeddedSettings,
    home: Place,
    outside: Outside,
    sabotage?: Sabotage,
  ): Handler;
}

function deployed<S, R extends Resource, F, C extends Change>(
  policy: Standing<S, R, F, C>['policy'],
  calls: Standing<S, R, F, C>['calls'],
  name: PolicyName,
): DeployedFunction {
  const { function: fn, triggers } = described(name);
  const matchers = triggers.map(({ pattern }) => compilePattern(JSON.stringify(pattern)));
  return {
    name,
    timeoutMs: fn.timeout * 1000,
    isTriggeredBy: (event) => matchers.some((matches) => matches(event)),
    start(environment, embedded, home, outside, { ports: spoil, settings: loosen } = {}) {
      const settings = readEmbedded<S>(loosen?.(embedded) ?? embedded, name);
      const container = spoilt(createContainer(environment, settings, home, outside), spoil);
      const standing = { policy, calls, settings, home, container };
      return (event, invocation) => answerEvent(standing, event, invocation);
    },
  };
}

function spoilt(sound: Container, spoil: Sabotage['ports']): Container {
  return { ...sound, ports: (occasion) => spoil?.(sound.ports(occasion)) ?? sound.ports(occasion) };
}

const shape = z.object({
  function: z.object({ timeout: z.number() }),
  triggers: z.array(z.object({ pattern: z.record(z.string(), z.unknown()) })),
});

function described(name: FunctionName): z.infer<typeof shape> {
  const text = readFileSync(new URL(`../../../functions/${name}/function.yml`, import.meta.url), 'utf8');
  // CloudFormation's own tags (`!Sub`) are none of YAML's; what is read here has none.
  return shape.parse(parse(text, { logLevel: 'silent' }));
}

const waysBack = [bucketsBack, tagsBack, sshBack, idleBack];

/** The undo function: no event sets it off, people invoke it. */
const undo: DeployedFunction = {
  name: 'undo',
  timeoutMs: described('undo').function.timeout * 1000,
  isTriggeredBy: () => false,
  start(
    environment,
    embedded,
    home,
    outside,
    { ports: spoil, wayBack = (sound: WayBack<Aws>) => sound } = {},
  ) {
    const settings = readEmbedded(embedded, 'undo');
    const container = spoilt(createContainer(environment, settings, home, outside), spoil);
    return (event, invocation) =>
      answerUndo({ waysBack: waysBack.map(wayBack), container }, event, invocation);
  },
};

/** `reeve undo`: the same for a person with rights of his own, who has as long as it takes. */
const undoByHand: DeployedFunction = {
  ...undo,
  name: 'undo-by-hand',
  timeoutMs: 3_600_000,
  start(environment, embedded, home, outside, { ports: spoil } = {}) {
    const settings = readEmbedded(embedded, 'undo');
    const container = spoilt(createContainer(environment, settings, home, outside), spoil);
    const own = waysBack.map(({ byHand: _his, ...wayBack }) => wayBack);
    return (event, invocation) => answerUndo({ waysBack: own, container }, event, invocation);
  },
};

/** The functions, by name. */
export const functions: Readonly<Record<FunctionName, DeployedFunction>> = {
  'delete-stale-buckets': deployed(buckets, bucketCalls, 'delete-stale-buckets'),
  'enforce-tags': deployed(tags, tagCalls, 'enforce-tags'),
  'revoke-open-ssh': deployed(ssh, sshCalls, 'revoke-open-ssh'),
  'stop-idle-instances': deployed(idle, idleCalls, 'stop-idle-instances'),
  undo,
  'undo-by-hand': undoByHand,
};

/** What this `reeve.yml` says; throws with every mistake in it. */
export function configOf(yaml: string): Config {
  const loaded = loadConfig(yaml, 'reeve.yml', schemas);
  if (!loaded.ok) throw new Error(loaded.errors.join('\n'));
  return loaded.config;
}

/** What the build would embed of this `reeve.yml`, by policy; throws with every mistake in it. */
export function settingsOf(yaml: string): ReadonlyMap<FunctionName, EmbeddedSettings> {
  const config = configOf(yaml);
  const named = Object.values(functions).filter(({ name }) => config.policies.has(name));
  const own = named.map(({ name }) => [name, embed(config, name)] as const);
  const service = embedService(config, 'undo');
  return new Map<FunctionName, EmbeddedSettings>([...own, ['undo', service], ['undo-by-hand', service]]);
}
