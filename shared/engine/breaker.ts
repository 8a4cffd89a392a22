import type { Run } from './context.ts';
import type { Intent, JournalEntry } from './journal.ts';
import type { Change, Resource, Tags } from './verdict.ts';
import { called } from './words.ts';

const hour = 3_600_000;
/** How far back the journal is asked. */
export const memory = 24 * hour;

/** How often the same thing was done to a resource before: within a day, and within an hour. */
export function repetitions(
  entries: readonly JournalEntry[],
  next: Pick<Intent, 'reasonCode' | 'action' | 'repeatKey' | 'fingerprint'>,
  now: Date,
): { day: number; hour: number } {
  const same = entries.filter(
    (entry) =>
      entry.reasonCode === next.reasonCode &&
      entry.action === next.action &&
      entry.repeatKey === next.repeatKey &&
      // A second attempt at the same state is a retry; a repetition is the state put back under a new id.
      entry.fingerprint !== next.fingerprint &&
      tookEffect(entry),
  );
  const since = (ms: number) => same.filter(({ at }) => now.getTime() - at.getTime() <= ms).length;
  return { day: since(memory), hour: since(hour) };
}

const MAY_HAVE_TAKEN_EFFECT: readonly string[] = ['still-violating', 'unverified', 'superseded'];

function tookEffect({ outcome }: JournalEntry): boolean {
  return outcome?.result !== 'failed' || MAY_HAVE_TAKEN_EFFECT.includes(outcome.code);
}

/** What the breaker says to the next change: go, go and tell somebody, or leave it (B3.41, B5.22). */
export type Breaker =
  | { readonly state: 'closed' }
  | { readonly state: 'escalate' | 'open'; readonly reason: string };

/** Judge the next change by how often it was needed before. */
export function breaker<A, S, R extends Resource, F, C extends Change>(
  run: Run<A, S, R, F, C>,
  entries: readonly JournalEntry[],
  next: Pick<Intent, 'reasonCode' | 'action' | 'repeatKey' | 'fingerprint'>,
  resource: Resource,
): Breaker {
  const before = repetitions(entries, next, run.ports.now());
  const { escalateAt, openAt } = run.guard.breaker;
  const who = `Last put back by ${run.signal.actor?.name ?? 'somebody unknown'}${stackOf(resource.tags)}.`;
  const { mostADay } = run.policy;
  if (mostADay !== undefined && before.day >= mostADay) {
    const reason = `${called(resource)}: remedied ${before.day} times within a day and undone each time, so it is managed elsewhere and only told. ${who}`;
    return { state: 'open', reason };
  }
  if (before.hour + 1 >= openAt) {
    const reason = `${called(resource)}: remedied ${before.hour} times within an hour and out of policy again, so it is only told. ${who}`;
    return { state: 'open', reason };
  }
  if (before.day + 1 >= escalateAt) {
    const reason = `${called(resource)}: out of policy in the same way ${before.day + 1} times within a day. ${who}`;
    return { state: 'escalate', reason };
  }
  return { state: 'closed' };
}

function stackOf(tags: Tags): string {
  const stack = tags.get('aws:cloudformation:stack-name');
  return stack === undefined ? '' : `; it belongs to the stack ${stack}`;
}
