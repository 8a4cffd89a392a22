import type { Account } from './account.ts';
import { differences, type Snapshot, snapshot } from './snapshot.ts';
import { type Touch, touchesOf } from './touches.ts';

/** Who changed what of the account: Reeve, or somebody else whose deeds are announced to it. */
export class Ledger {
  /** What others changed. */
  readonly theirs: Touch[] = [];
  readonly #account: Account;
  readonly #own = new Set<string>();
  /** What others deleted: whatever becomes of the rest of it is not Reeve's doing. */
  readonly #gone = new Set<string>();
  #last: Snapshot;

  constructor(account: Account) {
    this.#account = account;
    this.#last = snapshot(account);
  }

  /** Lets others do something; what Reeve had changed until then stays its own. */
  async others(deed: () => Promise<void>, deleted: readonly string[] = []): Promise<void> {
    this.note();
    this.theirs.push(...(await touchesOf(this.#account, deed)));
    for (const id of deleted) this.#gone.add(id);
    this.#last = snapshot(this.#account);
  }

  /** Every path that Reeve has changed, also where somebody has changed it since. */
  own(): ReadonlySet<string> {
    this.note();
    return this.#own;
  }

  isGone(path: string): boolean {
    return this.#gone.has(path.split('/')[0] ?? '');
  }

  /** What changed since the last look is Reeve's: before each of its changes, or what it takes back itself is not seen. */
  note(): void {
    const now = snapshot(this.#account);
    for (const path of differences(this.#last, now)) if (!this.isGone(path)) this.#own.add(path);
    this.#last = now;
  }
}
