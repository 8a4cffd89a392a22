import type { Account } from './account.ts';
import { differences, snapshot } from './snapshot.ts';

/** Something that others than Reeve changed: where, as a path of the snapshot, and when, epoch ms. */
export interface Touch {
  readonly path: string;
  readonly at: number;
}

/** Lets others do something, and says what of the account they changed by it. */
export async function touchesOf(account: Account, deed: () => Promise<void>): Promise<readonly Touch[]> {
  const before = snapshot(account);
  await deed();
  const at = account.world.clock.now();
  return [...differences(before, snapshot(account))].map((path) => ({ path, at }));
}

/** Whether it, or anything that belongs to it, was touched from one time to another. */
export function isTouched(touches: readonly Touch[], id: string, from: number, to: number): boolean {
  return touches.some(({ path, at }) => at >= from && at <= to && path.split('/')[0] === id);
}
