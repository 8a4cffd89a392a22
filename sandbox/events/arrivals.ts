import type { World } from '../core/world.ts';

type Listener = (queueArn: string) => void;

const listeners = new WeakMap<World, Listener[]>();

/** Tells who polls queues that a message came into one, so that nobody has to look every few moments. */
export function messageArrived(world: World, queueArn: string): void {
  for (const listener of listeners.get(world) ?? []) listener(queueArn);
}

/** Hear of every message that comes into a queue of this world. */
export function onMessageArrived(world: World, listener: Listener): void {
  listeners.set(world, [...(listeners.get(world) ?? []), listener]);
}
