import {
  type Begun,
  type Intent,
  type Journal,
  type JournalEntry,
  type JournalOutcome,
  TakenOver,
  type Taking,
} from '../../shared/engine/journal.ts';
import type { Mark, Marks } from '../../shared/engine/mark.ts';
import type { LastScans } from '../../shared/engine/shrinkage.ts';
import { isLeftAlone } from '../../shared/engine/taken-back.ts';

type Call = Exclude<keyof Journal, 'firstSeen' | 'seenAnew' | 'marks'> | 'seen' | `marks.${keyof Marks}`;

/** A journal that keeps the contract of `Journal` in memory. `broken` names the calls that throw. */
export class MemoryJournal implements Journal {
  readonly entries: JournalEntry[] = [];
  readonly broken = new Set<Call>();
  readonly seen = new Map<string, Date>();
  /** By policy and window: the keys of the changes taken out of it. */
  readonly taken = new Map<string, ReadonlySet<string>>();
  /** Ids of the entries that nobody was told about yet. */
  readonly untold = new Set<string>();
  readonly scans = new Map<string, LastScans>();
  /** By policy and ARN. */
  readonly marked = new Map<string, Mark>();
  /** Why marks were closed, in order. */
  readonly closed: string[] = [];
  readonly calls: string[] = [];
  readonly #now: () => Date;

  readonly marks: Marks = {
    open: async (policy) => {
      this.#enter('marks.open');
      return [...this.marked.values()].filter((mark) => mark.policy === policy);
    },
    put: async (mark, instead) => {
      this.#enter('marks.put');
      const held = this.marked.get(markKey(mark));
      if (held && held.id !== instead?.id) return false;
      this.marked.set(markKey(mark), mark);
      return true;
    },
    told: async (mark) => {
      this.#enter('marks.told');
      if (this.#holds(mark)) this.marked.set(markKey(mark), { ...mark, told: true });
    },
    close: async (mark, why) => {
      this.#enter('marks.close');
      if (!this.#holds(mark)) return;
      this.marked.delete(markKey(mark));
      this.closed.push(why);
    },
  };

  #holds(mark: Mark): boolean {
    return this.marked.get(markKey(mark))?.id === mark.id;
  }

  constructor(now: () => Date) {
    this.#now = now;
  }

  async recent(resourceArn: string, since: Date): Promise<readonly JournalEntry[]> {
    this.#enter('recent');
    return this.entries
      .filter(({ resource, at }) => resource.arn === resourceArn && at >= since)
      .toSorted((a, b) => b.at.getTime() - a.at.getTime());
  }

  async begin(intent: Intent, taking?: Taking): Promise<Begun> {
    this.#enter('begin');
    const same = this.entries.findIndex(
      ({ resource, fingerprint }) =>
        resource.arn === intent.resource.arn && fingerprint === intent.fingerprint,
    );
    const held = this.entries[same];
    if (held?.outcome?.result === 'done') return 'already-done';
    if (held && !held.outcome && held.leaseUntil > this.#now()) return 'in-progress';
    if (taking && this.#take(taking, true).size === 0) return 'over-cap';
    if (held) this.entries.splice(same, 1);
    this.entries.push({ ...intent, outcome: undefined });
    this.untold.add(intent.id);
    return 'begun';
  }

  async lastScans(policy: string): Promise<LastScans> {
    this.#enter('lastScans');
    return this.scans.get(policy) ?? new Map();
  }

  async noteScans(policy: string, scans: LastScans, _at: Date): Promise<void> {
    this.#enter('noteScans');
    this.scans.set(policy, new Map([...(this.scans.get(policy) ?? []), ...scans]));
  }

  async reserve(taking: Taking, whole: boolean): Promise<ReadonlySet<string>> {
    this.#enter('reserve');
    return this.#take(taking, whole);
  }

  #take({ policy, from, most, changes }: Taking, whole: boolean): ReadonlySet<string> {
    const window = `${policy} ${from.toISOString()}`;
    const taken = this.taken.get(window) ?? new Set();
    const fresh = changes.filter((key) => !taken.has(key));
    const left = Math.max(0, most - taken.size);
    if (whole && fresh.length > left) return new Set();
    const fitting = fresh.slice(0, left);
    this.taken.set(window, new Set([...taken, ...fitting]));
    return new Set([...changes.filter((key) => taken.has(key)), ...fitting]);
  }

  async finish(intent: Intent, outcome: JournalOutcome, told?: 'told'): Promise<void> {
    this.#enter('finish');
    const index = this.entries.findIndex(({ id }) => id === intent.id);
    const held = this.entries[index];
    if (!held || held.outcome) throw new TakenOver(`No intent ${intent.id} is held`);
    this.entries[index] = { ...held, outcome };
    if (told) this.untold.delete(intent.id);
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

  async open(policy: string, by: Date, most: number): Promise<readonly JournalEntry[]> {
    this.#enter('open');
    return this.entries
      .filter((entry) => entry.policy === policy && this.untold.has(entry.id))
      .filter((entry) => entry.leaseUntil <= by && isLeftAlone(entry, by))
      .slice(0, most);
  }

  async claim({ id, leaseUntil }: JournalEntry, until: Date): Promise<boolean> {
    this.#enter('claim');
    const index = this.entries.findIndex((entry) => entry.id === id);
    const held = this.entries[index];
    if (!held || !this.untold.has(id) || held.leaseUntil.getTime() !== leaseUntil.getTime()) return false;
    this.entries[index] = { ...held, leaseUntil: until };
    return true;
  }

  async told(intents: readonly Intent[]): Promise<void> {
    this.#enter('told');
    for (const { id } of intents) this.untold.delete(id);
  }

  #enter(call: Call): void {
    this.calls.push(`journal.${call}`);
    if (this.broken.has(call)) throw new Error('the table cannot be reached');
  }
}

function markKey({ policy, resource }: Mark): string {
  return `${policy} ${resource.arn}`;
}
