import { drawer } from '../../core/drawer.ts';
import { AwsError } from '../../core/errors.ts';
import type { Instance } from '../ec2/instances/model.ts';
import { ec2State, type Place } from '../ec2/state.ts';

export interface StoredSession {
  readonly id: string;
  readonly target: string;
  readonly owner: string;
  readonly document: string;
  readonly reason?: string;
  readonly start: Date;
  /** When somebody ended it. */
  readonly end?: Date;
}

export interface SessionsState {
  /** Oldest first. Values are replaced, never changed in place. */
  readonly sessions: Map<string, StoredSession>;
  /** Instances with an agent although no instance profile lets it speak to Systems Manager. */
  readonly agents: Set<string>;
}

export const sessionsOf = drawer<SessionsState>(() => ({ sessions: new Map(), agents: new Set() }));

/** Does Systems Manager know the instance? It takes an agent and the right to speak: here, any instance profile. */
export function isManaged(place: Place, instance: Instance): boolean {
  return instance.profileArn !== undefined || sessionsOf.of(place).agents.has(instance.id);
}

/** `ValidationException`, for input that Systems Manager does not like. */
export function validation(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** Puts a session into the past, or one that is still open; answers its id. */
export function seedSession(
  place: Place,
  wish: { readonly target: string; readonly owner: string; readonly start: Date; readonly end?: Date },
): string {
  const id = `${wish.owner.slice(wish.owner.lastIndexOf('/') + 1)}-${place.world.random.hex(17)}`;
  sessionsOf.of(place).sessions.set(id, { ...wish, id, document: 'SSM-SessionManagerRunShell' });
  return id;
}

/** Lets Systems Manager know an instance that has no instance profile. */
export function seedAgent(place: Place, instanceId: string): void {
  if (!ec2State.of(place).instances.newest.has(instanceId)) throw new Error(`No instance ${instanceId}`);
  sessionsOf.of(place).agents.add(instanceId);
}
