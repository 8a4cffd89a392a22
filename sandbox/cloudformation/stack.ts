import { drawer } from '../core/drawer.ts';
import type { World } from '../core/world.ts';
import type { Existing } from './resource-type.ts';
import type { StackIdentity } from './scope.ts';
import type { Template } from './template.ts';

/** Where a stack or a resource is on its way: `CREATE_COMPLETE`, `UPDATE_ROLLBACK_IN_PROGRESS`. */
export type Status = string;

export interface StackResource extends Existing {
  readonly type: string;
  readonly status: Status;
  readonly reason?: string;
  readonly changedAt: Date;
  readonly deletionPolicy?: string;
  readonly replacePolicy?: string;
}

export interface StackOutput {
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

export interface StackEvent {
  readonly id: string;
  readonly at: Date;
  readonly logicalId: string;
  readonly physicalId?: string;
  readonly type: string;
  readonly status: Status;
  readonly reason?: string;
  readonly token?: string;
}

/** What a stack is asked to be. */
export interface Plan {
  readonly template: Template;
  /** As it was given. */
  readonly body: string;
  /** As they were given. */
  readonly given: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  readonly token?: string;
}

/** A stack and everything that CloudFormation remembers of it. */
export interface StackRecord extends StackIdentity {
  plan: Plan;
  status: Status;
  reason?: string;
  readonly createdAt: Date;
  updatedAt?: Date;
  deletedAt?: Date;
  /** By logical id, in the order in which they were made. */
  resources: ReadonlyMap<string, StackResource>;
  outputs: Readonly<Record<string, StackOutput>>;
  /** Oldest first. */
  readonly events: StackEvent[];
}

/** Of each account and region, deleted ones included, by id. */
export const stacks = drawer<Map<string, StackRecord>>(() => new Map());

/** The stack of this name that is there, or the one of this id, though it may be gone. */
export function findStack(place: Parameters<typeof stacks.of>[0], nameOrId: string): StackRecord | undefined {
  const all = stacks.of(place);
  return (
    all.get(nameOrId) ?? [...all.values()].find(({ name, status }) => name === nameOrId && isThere(status))
  );
}

export function isThere(status: Status): boolean {
  return status !== 'DELETE_COMPLETE';
}

export function isBusy(status: Status): boolean {
  return status.endsWith('_IN_PROGRESS');
}

/** Moves a stack to a status, and tells so among its events. */
export function setStatus(world: World, stack: StackRecord, status: Status, reason?: string): void {
  stack.status = status;
  if (reason === undefined) delete stack.reason;
  else stack.reason = reason;
  if (status === 'DELETE_COMPLETE') stack.deletedAt = new Date(world.clock.now());
  const self = { logicalId: stack.name, physicalId: stack.id, type: 'AWS::CloudFormation::Stack' };
  tell(world, stack, { ...self, status, ...(reason !== undefined && { reason }) });
}

/** Adds an event to the stack's list. */
export function tell(world: World, stack: StackRecord, event: Omit<StackEvent, 'id' | 'at' | 'token'>): void {
  const { token } = stack.plan;
  const at = new Date(world.clock.now());
  stack.events.push({ id: world.random.uuid(), at, ...event, ...(token !== undefined && { token }) });
}
