import type { JournalEntry } from './journal.ts';
import type { Acted, Policy, Surroundings } from './policy.ts';
import type { Change, Resource } from './verdict.ts';

/** Where a journaled change stands now, as far as taking it back goes (B6.18). */
export type Standing =
  /** As Reeve left it. `will`: what taking it back does, a sentence each. */
  | { readonly state: 'ours'; readonly will: readonly string[] }
  /** As it was before the change: nothing is left to take back. */
  | { readonly state: 'as-before'; readonly reason: string }
  /** Somebody else has changed it since; a line for each difference. */
  | { readonly state: 'changed'; readonly differs: readonly string[] }
  | { readonly state: 'gone'; readonly reason: string }
  /** Nothing can bring it back. */
  | { readonly state: 'lost'; readonly reason: string };

/** How the changes of one policy are taken back; `way-back.ts` of its folder. */
export interface WayBack<A> {
  readonly policy: string;
  /** What a security policy closed is only opened again by force, and with a reason. */
  readonly kind: Policy<A, unknown, Resource, unknown, Change>['kind'];
  /** Only looks. Throws what AWS answers. */
  standing(entry: JournalEntry, around: Surroundings<A>): Promise<Standing>;
  /** Takes the change back; safe to run twice, and after a crash at any point of it. */
  undo(entry: JournalEntry, around: Surroundings<A>): Promise<Acted>;
  /** Why only a person can take this back, with rights that no role of Reeve's has; undefined where a function may. */
  byHand?(entry: JournalEntry): string | undefined;
  /** The IAM actions of what a function may do. */
  readonly rights: readonly string[];
}
