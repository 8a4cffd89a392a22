import { drawer } from '../core/drawer.ts';
import type { Sandbox } from '../sandbox.ts';
import { holds, resolve } from './intrinsics.ts';
import { makingOf } from './making.ts';
import { inOrder } from './order.ts';
import type { Made, ResourceType } from './resource-type.ts';
import { conditionNames, createScope, parametersOf } from './scope.ts';
import { isFields, parseTemplate, type Template } from './template.ts';
import { eventTypes } from './types/events.ts';
import { iamTypes } from './types/iam.ts';
import { lambdaTypes } from './types/lambda.ts';
import { messagingTypes } from './types/messaging.ts';
import { storageTypes } from './types/storage.ts';

export interface Deployment {
  /** The template, as JSON text or read. */
  readonly template: string | object;
  /** Packaged files by the last part of their S3 key: `revoke-open-ssh.zip`. */
  readonly artifacts?: Readonly<Record<string, Uint8Array>>;
  /** Default `reeve-main`. */
  readonly name?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Default: the sandbox's own region. */
  readonly region?: string;
}

interface StackResource {
  readonly type: string;
  /** What `Ref` gives. */
  readonly physicalId: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Stack {
  readonly name: string;
  readonly id: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** By logical id. */
  readonly resources: ReadonlyMap<string, StackResource>;
}

type Undo = () => Promise<unknown>;

const TYPES: Readonly<Record<string, ResourceType>> = {
  ...lambdaTypes,
  ...iamTypes,
  ...eventTypes,
  ...messagingTypes,
  ...storageTypes,
};

const stacks = drawer<Map<string, { readonly stack: Stack; readonly undo: readonly Undo[] }>>(
  () => new Map(),
);

/**
 * Deploys a packaged template into the account, as CloudFormation would: all or nothing. What it does not support is
 * an error that names `LogicalId (Type): Property`.
 */
export async function deploy(sandbox: Sandbox, deployment: Deployment): Promise<Stack> {
  const { world, account } = sandbox;
  const region = deployment.region ?? sandbox.region;
  const partition = world.accounts.get(account)?.partition ?? 'aws';
  const where = { partition, account, region };
  const template = parseTemplate(deployment.template);
  const name = deployment.name ?? 'reeve-main';
  if (stacks.of({ ...where, world }).has(name)) throw new Error(`Stack [${name}] already exists`);
  const id = `arn:${partition}:cloudformation:${region}:${account}:stack/${name}/${world.random.uuid()}`;
  const made = new Map<string, Made>();
  const scope = createScope(
    { ...where, name, id },
    template,
    parametersOf(template, deployment.parameters),
    made,
  );
  const wanted = selected(template, (condition) => scope.condition(condition));
  refuseUnknown(wanted);
  const undo: Undo[] = [];
  const resources = new Map<string, StackResource>();
  try {
    for (const logicalId of inOrder(wanted)) {
      const { Type: type = '', Properties = {}, DeletionPolicy } = wanted[logicalId] ?? {};
      const resource = await named(logicalId, type, async () => {
        const properties = resolve(Properties, scope);
        const making = makingOf(
          world,
          { ...where, name, id },
          logicalId,
          isFields(properties) ? properties : {},
          deployment.artifacts,
        );
        return TYPES[type]?.create(isFields(properties) ? properties : {}, making);
      });
      if (!resource) continue;
      made.set(logicalId, resource);
      resources.set(logicalId, { type, physicalId: resource.ref, attributes: resource.attributes ?? {} });
      const { remove } = resource;
      if (remove && DeletionPolicy !== 'Retain') undo.unshift(() => named(logicalId, type, remove));
    }
    const stack = { name, id, resources, outputs: outputsOf(template, scope) };
    stacks.of({ ...where, world }).set(name, { stack, undo });
    return stack;
  } catch (error) {
    await rollBack(undo);
    throw error;
  }
}

/** Removes what a stack made, last first; resources with `DeletionPolicy: Retain` stay. */
export async function deleteStack(
  sandbox: Sandbox,
  name = 'reeve-main',
  region = sandbox.region,
): Promise<void> {
  const { world, account } = sandbox;
  const all = stacks.of({
    world,
    account,
    region,
    partition: world.accounts.get(account)?.partition ?? 'aws',
  });
  const found = all.get(name);
  if (!found) throw new Error(`Stack [${name}] does not exist`);
  for (const remove of found.undo) await remove();
  all.delete(name);
}

function selected(template: Template, condition: (name: string) => boolean): Template['Resources'] {
  const names = conditionNames(template);
  const entries = Object.entries(template.Resources).filter(([id, { Condition, Type }]) => {
    if (Condition !== undefined && !names.has(Condition))
      throw new Error(`${id} (${Type}): Condition ${Condition} does not exist`);
    return Condition === undefined || condition(Condition);
  });
  return Object.fromEntries(entries);
}

/** Everything unknown is told at once, before anything is made. */
function refuseUnknown(resources: Template['Resources']): void {
  const unknown = Object.entries(resources).flatMap(([id, { Type, Properties = {} }]) => {
    const type = Object.hasOwn(TYPES, Type) ? TYPES[Type] : undefined;
    if (!type) return [`${id} (${Type}): this resource type is not supported`];
    const strange = Object.keys(Properties).filter((property) => !type.properties.includes(property));
    return strange.map((property) => `${id} (${Type}): ${property} is not supported`);
  });
  if (unknown.length > 0) throw new Error(unknown.join('\n'));
}

function outputsOf(template: Template, scope: ReturnType<typeof createScope>): Record<string, string> {
  const entries = Object.entries(template.Outputs ?? {}).filter(
    ([, { Condition }]) => Condition === undefined || holds({ Condition }, scope),
  );
  return Object.fromEntries(entries.map(([name, { Value }]) => [name, String(resolve(Value, scope))]));
}

async function named<T>(id: string, type: string, work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Error(`${id} (${type}): ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** The first failure is what the caller has to hear; those of the way back hang on what was half made. */
async function rollBack(undo: readonly Undo[]): Promise<void> {
  for (const remove of undo) await remove().catch(() => undefined);
}
