import type { BusEvent } from '../core/world.ts';
import type { StoredTarget } from './bus.ts';

interface RuleNames {
  readonly arn: string;
  readonly name: string;
}

/** What a target gets for an event: the event itself, a part of it, a fixed text, or a template filled from it. */
export function targetInput(target: StoredTarget, event: BusEvent, rule: RuleNames, now: number): string {
  const { Input, InputPath, InputTransformer } = target;
  if (Input !== undefined) return Input;
  if (InputPath !== undefined) return JSON.stringify(valueAt(event, InputPath)) ?? 'null';
  if (!InputTransformer) return JSON.stringify(event);
  const { InputPathsMap = {}, InputTemplate = '' } = InputTransformer;
  const { detail: _, ...envelope } = event;
  const values = new Map<string, unknown>([
    ...Object.entries(InputPathsMap).map(([name, path]) => [name, valueAt(event, path)] as const),
    ['aws.events.rule-arn', rule.arn],
    ['aws.events.rule-name', rule.name],
    ['aws.events.event.ingestion-time', new Date(now).toISOString()],
    ['aws.events.event', envelope],
    ['aws.events.event.json', event],
  ]);
  return fill(InputTemplate, values);
}

/** Follows a path such as `$.detail.items[0].id`; undefined where it leads nowhere. */
function valueAt(event: unknown, path: string): unknown {
  const steps = path.replace(/^\$\.?/, '').match(/[^.[\]]+/g) ?? [];
  let value = event;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}

/** Inside a JSON string a value stands as its bare text, elsewhere as JSON; what is missing stays empty or null. */
function fill(template: string, values: ReadonlyMap<string, unknown>): string {
  const json = /^\s*[{["]/.test(template);
  let quoted = false;
  return template.replaceAll(/\\.|"|<([\w.-]+)>/g, (found: string, name?: string) => {
    if (found === '"') quoted = !quoted;
    if (name === undefined) return found;
    if (!values.has(name)) return found;
    const value = values.get(name);
    if (quoted || !json) return bareText(value, quoted);
    return JSON.stringify(value) ?? 'null';
  });
}

function bareText(value: unknown, quoted: boolean): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return quoted ? JSON.stringify(text).slice(1, -1) : text;
}
