import type { Where } from '../core/service.ts';
import type { Fields } from './template.ts';

/** A resource that exists now. */
export interface Made {
  /** What `Ref` gives. */
  readonly ref: string;
  /** What `Fn::GetAtt` gives. */
  readonly attributes?: Readonly<Record<string, string>>;
  remove?(): Promise<unknown>;
}

/** What a resource type needs in order to make one. */
export interface Making extends Where {
  readonly logicalId: string;
  readonly stackName: string;
  /** `aws:cloudformation:stack-name`, `-id` and `logical-id`, and the resource's own tags. */
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
  /** A name for a resource that was given none: `STACK-LogicalId-RANDOM`. */
  uniqueName(mostChars: number): string;
  /** The packaged file behind an S3 key. */
  artifact(key: string): Uint8Array;
  /** Calls an operation of a service; its output. */
  invoke(service: string, operation: string, input: Fields): Promise<Fields>;
}

/** One row of the table of resource types: the properties that it knows, and how it comes to be. */
export interface ResourceType {
  readonly properties: readonly string[];
  create(properties: Fields, making: Making): Promise<Made>;
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
