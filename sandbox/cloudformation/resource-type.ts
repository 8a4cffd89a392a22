import type { Where } from '../core/service.ts';
import type { World } from '../core/world.ts';
import type { Fields } from './template.ts';

/** A resource that exists now. */
export interface Made {
  /** What `Ref` gives. */
  readonly ref: string;
  /** What `Fn::GetAtt` gives. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** A resource together with the properties that it was given last. */
export interface Existing extends Made {
  readonly properties: Fields;
}

/** What a resource type needs in order to make one. */
export interface Making extends Where {
  readonly world: World;
  readonly logicalId: string;
  readonly stackName: string;
  /** `aws:cloudformation:stack-name`, `-id` and `logical-id`, the stack's tags and the resource's own. */
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
  /** A name for a resource that was given none: `STACK-LogicalId-RANDOM`. */
  uniqueName(mostChars: number): string;
  /** The packaged file behind an S3 key. */
  artifact(bucket: string, key: string, version?: string): Promise<Uint8Array>;
  /** Calls an operation of a service, with the rights of whoever changes the stack; its output. */
  invoke(service: string, operation: string, input: Fields): Promise<Fields>;
  /** Notes a resource that is there but not finished, so that it goes when the rest of its making fails. */
  begun(made: Made): void;
}

/** One row of the table of resource types: the properties that it knows, and how it comes, changes and goes. */
export interface ResourceType {
  readonly properties: readonly string[];
  /** Properties whose change asks for a new resource ("Update requires: Replacement"). */
  readonly replacedBy: readonly string[];
  /** Properties that `update` changes in place; a change of any other is refused by name. */
  readonly updates?: readonly string[];
  create(properties: Fields, making: Making): Promise<Made>;
  /** Gives an existing resource new properties; answers what `Ref` and `Fn::GetAtt` give from then on. */
  update?(properties: Fields, making: Making, before: Existing): Promise<Made>;
  /** Absent where the resource goes with the one that it belongs to. */
  remove?(existing: Existing, making: Making): Promise<unknown>;
}

/** A property that must be text. */
export function text(properties: Fields, name: string): string {
  const value = properties[name];
  if (typeof value === 'string') return value;
  throw new Error(`${name} must be text`);
}

/** A number, which templates may also write as text. */
export function number(properties: Fields, name: string): number | undefined {
  const value = properties[name];
  if (value === undefined) return undefined;
  const read = Number(value);
  if (Number.isNaN(read)) throw new Error(`${name} must be a number`);
  return read;
}

/** A list of objects; absent is empty. */
export function records(properties: Fields, name: string): readonly Fields[] {
  const value = properties[name] ?? [];
  if (!Array.isArray(value)) throw new Error(`${name} must be a list`);
  return value;
}

/** A list of texts; absent is empty. */
export function texts(properties: Fields, name: string): readonly string[] {
  const value = properties[name] ?? [];
  if (!Array.isArray(value)) throw new Error(`${name} must be a list`);
  return value.map(String);
}

/** A policy document or another structure as JSON text. */
export function json(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The properties with these names, as far as they are there. */
export function pick(properties: Fields, ...names: readonly string[]): Fields {
  return Object.fromEntries(
    names.flatMap((name) => (properties[name] === undefined ? [] : [[name, properties[name]]])),
  );
}

/** Names a nested property that the deployer does not know. */
export function onlyKnown(value: Fields, path: string, known: readonly string[]): void {
  const strange = Object.keys(value).find((name) => !known.includes(name));
  if (strange) throw new Error(`${path}.${strange} is not supported`);
}

/** Refuses to change a property by leaving it out where the service would keep its old value. */
export function refuseDropped(properties: Fields, before: Fields, names: readonly string[]): void {
  const dropped = names.find((name) => before[name] !== undefined && properties[name] === undefined);
  if (dropped) throw new Error(`taking ${dropped} away is not supported`);
}
