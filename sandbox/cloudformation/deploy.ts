import type { Sandbox } from '../sandbox.ts';
import { runCreate } from './create-run.ts';
import { runDelete } from './delete-run.ts';
import type { Hand } from './making.ts';
import { layOut, planOf } from './plan.ts';
import { findStack, type StackRecord } from './stack.ts';
import { newStack } from './stack-request.ts';
import type { StepFailed } from './steps.ts';
import { runUpdate } from './update-run.ts';

export interface Deployment {
  /** The template, as JSON text or read. */
  readonly template: string | object;
  /** Packaged files by the last part of their S3 key: `revoke-open-ssh.zip`. */
  readonly artifacts?: Readonly<Record<string, Uint8Array>>;
  /** Default `reeve-main`. */
  readonly name?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** The stack's tags, which its resources get too; they stay as they are when it is deployed again. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Default: the sandbox's own region. */
  readonly region?: string;
}

export interface Stack {
  readonly name: string;
  readonly id: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** By logical id; `physicalId` is what `Ref` gives. */
  readonly resources: ReadonlyMap<
    string,
    {
      readonly type: string;
      readonly physicalId: string;
      readonly attributes: Readonly<Record<string, string>>;
    }
  >;
}

/**
 * Deploys a packaged template into the account, as CloudFormation would with the rights of the account's root: a new
 * stack, or an update of the one of that name; all or nothing. What fails or is not supported is an error that names
 * `LogicalId (Type): Property`.
 */
export async function deploy(sandbox: Sandbox, deployment: Deployment): Promise<Stack> {
  const {
    template,
    artifacts,
    parameters,
    tags = {},
    name = 'reeve-main',
    region = sandbox.region,
  } = deployment;
  const place = placeOf(sandbox, region);
  const hand = { ...handOf(sandbox), ...(artifacts && { artifacts }) };
  const plan = planOf(template, parameters);
  const known = findStack(place, name);
  const stack =
    known ??
    newStack(
      place,
      name,
      plan,
      Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    );
  const layout = layOut(stack, plan);
  const failure = known
    ? await runUpdate(hand, stack, plan, layout)
    : await runCreate(hand, stack, layout, 'DELETE');
  if (failure) throw named(failure);
  return shown(stack);
}

/** Removes what a stack made, last first; resources with `DeletionPolicy: Retain` stay. */
export async function deleteStack(
  sandbox: Sandbox,
  name = 'reeve-main',
  region = sandbox.region,
): Promise<void> {
  const found = findStack(placeOf(sandbox, region), name);
  if (!found) throw new Error(`Stack [${name}] does not exist`);
  const [failure] = await runDelete(handOf(sandbox), found);
  if (failure) throw named(failure);
}

function placeOf({ world, account }: Sandbox, region: string) {
  return { world, account, region, partition: world.accounts.get(account)?.partition ?? 'aws' };
}

function handOf({ world, account }: Sandbox): Hand {
  const partition = world.accounts.get(account)?.partition ?? 'aws';
  const arn = `arn:${partition}:iam::${account}:root`;
  const principal = { type: 'Root' as const, arn, account, principalId: account };
  return { world, principal: { ...principal, accessKeyId: 'ASIACLOUDFORMATION00' } };
}

function shown({ name, id, outputs, resources }: StackRecord): Stack {
  return {
    name,
    id,
    outputs: Object.fromEntries(Object.entries(outputs).map(([key, { value }]) => [key, value])),
    resources: new Map(
      [...resources].map(([logicalId, { type, ref, attributes = {} }]) => [
        logicalId,
        { type, physicalId: ref, attributes },
      ]),
    ),
  };
}

function named(failure: StepFailed): Error {
  return new Error(`${failure.logicalId} (${failure.type}): ${failure.message}`, { cause: failure.cause });
}
