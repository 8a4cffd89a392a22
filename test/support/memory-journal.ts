import type { Intent, Journal, JournalEntry, JournalOutcome } from '../../shared/engine/journal.ts';

type Call = 'recent' | 'begin' | 'finish' | 'seen';

/** A journal that keeps the contract of `Journal` in memory. `broken` names the calls that throw. */
export class MemoryJournal implements Journal {
  readonly entries: JournalEntry[] = [];
  readonly broken = new Set<Call>();
  readonly seen = new Map<string, Date>();
  readonly calls: string[] = [];
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  async recent(resourceArn: string, since: Date): Promise<readonly JournalEntry[]> {
    this.#enter('recent');
    return this.entries
      .filter(({ resource, at }) => resource.arn === resourceArn && at >= since)
      .toSorted((a, b) => b.at.getTime() - a.at.getTime());
  }

  async begin(intent: Intent): Promise<'begun' | 'in-progress' | 'already-done'> {
    this.#enter('begin');
    const same = this.entries.findIndex(
      ({ resource, fingerprint }) =>
        resource.arn === intent.resource.arn && fingerprint === intent.fingerprint,
    );
    const held = this.entries[same];
    if (held?.outcome?.result === 'done') return 'already-done';
    if (held && !held.outcome && held.leaseUntil > this.#now()) return 'in-progress';
    if (held) this.entries.splice(same, 1);
    this.entries.push({ ...intent, outcome: undefined });
    return 'begun';
  }

  async finish(intent: Intent, outcome: JournalOutcome): Promise<void> {
    this.#enter('finish');
    const index = this.entries.findIndex(({ id }) => id === intent.id);
    if (index < 0) throw new Error(`No intent ${intent.id} is held`);
    this.entries[index] = { ...intent, outcome };
  }

  async firstSeen(resourceArn: string, policy: string, at: Date): Promise<Date> {
    this.#enter('seen');
    const key = `${policy} ${resourceArn}`;
    const first = this.seen.get(key) ?? at;
    this.seen.set(key, first);
    return first;
  }

  async seenAnew(resourceArn: string, policy: string, at: Date): Promise<void> {
    this.#enter('seen');
    this.seen.set(`${policy} ${resourceArn}`, at);
  }

  #enter(call: Call): void {
    this.calls.push(`journal.${call}`);
    if (this.broken.has(call)) throw new Error('the table cannot be reached');
  }
}
