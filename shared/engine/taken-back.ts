import { safe } from '../notify/escape.ts';
import type { Intent, JournalEntry } from './journal.ts';

const DAY_MS = 86_400_000;

/** Clocks of two machines differ; an undo from further in the future says nothing about now. */
const SKEW_MS = 3_600_000;

/** As long as an exemption by tag may ever run (B6.7). */
export const LONGEST_EXEMPTION_MS = 90 * DAY_MS;

/**
 * The undo by which this very change, or part of it, is let be for a while: whoever took it back must not see it done
 * again by the event of the undo itself (B6.19). One that failed or found nothing to take back exempts nothing, and none
 * exempts for longer than the policy allows for tags, whatever was asked for and by which clock.
 */
export function exemptedBy(
  entries: readonly JournalEntry[],
  next: Pick<Intent, 'policy' | 'action' | 'repeatKey'>,
  now: Date,
  maxDays: number,
): JournalEntry | undefined {
  return entries
    .filter(({ undoes, at }) => undoes !== undefined && at.getTime() - now.getTime() <= SKEW_MS)
    .map((entry) => withinDays(entry, maxDays))
    .find(
      (entry) =>
        entry.policy === next.policy &&
        entry.exemptUntil !== undefined &&
        entry.exemptUntil > now &&
        holds(entry.outcome) &&
        takesBack(entry, entries) &&
        covers(entry, next),
    );
}

function withinDays(undo: JournalEntry, maxDays: number): JournalEntry {
  const { at, exemptUntil } = undo;
  if (exemptUntil === undefined) return undo;
  const longest = at.getTime() + maxDays * DAY_MS;
  return { ...undo, exemptUntil: new Date(Math.min(exemptUntil.getTime(), longest)) };
}

/** It names a change of this resource by this policy that was made: anything else is no undo, whoever wrote it. */
function takesBack({ undoes, policy }: JournalEntry, entries: readonly JournalEntry[]): boolean {
  return entries.some(
    (entry) => entry.id === undoes && entry.policy === policy && entry.undoes === undefined,
  );
}

/** What is still to be carried on, e.g. once Glacier has given its objects back, is exempt like what is done. */
function holds(outcome: JournalEntry['outcome']): boolean {
  return outcome === undefined || outcome.result === 'done' || outcome.code === 'time';
}

/**
 * The fingerprint under which a change is written down: its own, or, where just that was done and taken back, one that
 * says after which undo. So an undo frees its change: once the exemption is over, the policy acts again by itself.
 */
export function fingerprintAfter(
  entries: readonly JournalEntry[],
  { policy, action, fingerprint }: Pick<Intent, 'policy' | 'action' | 'fingerprint'>,
): string {
  let free = fingerprint;
  // Each undo leads to the next try at the same; there cannot be more of them than entries.
  for (const _ of entries) {
    const done = entries.find(
      (entry) =>
        entry.policy === policy &&
        entry.action === action &&
        entry.fingerprint === free &&
        entry.outcome?.result === 'done',
    );
    const undo = done && undoOf(entries, done);
    if (undo === undefined) return free;
    free = `${fingerprint}${AFTER}${undo.id}`;
  }
  return free;
}

const AFTER = ' after the undo ';

/** Whether an entry is about the very state that a fingerprint names, the first time or after an undo. */
export function isAbout(entry: Pick<Intent, 'fingerprint'>, fingerprint: string | undefined): boolean {
  return entry.fingerprint === fingerprint || entry.fingerprint.startsWith(`${fingerprint}${AFTER}`);
}

/** By which an entry was taken back. */
export function undoOf(
  entries: readonly JournalEntry[],
  { id }: Pick<Intent, 'id'>,
): JournalEntry | undefined {
  return entries.find((entry) => entry.undoes === id && entry.outcome?.result === 'done');
}

/** Whatever goes beyond what was taken back, e.g. one more open port, is none of it. */
function covers(undo: JournalEntry, next: Pick<Intent, 'action' | 'repeatKey'>): boolean {
  if (undo.repeatKey === undefined || next.repeatKey === undefined)
    return undo.repeatKey === next.repeatKey && undo.parameters.action === next.action;
  const taken = new Set(undo.repeatKey.split('; '));
  return next.repeatKey.split('; ').every((part) => taken.has(part));
}

/** Nobody is expected to carry it on: an undo is its own person's for as long as it is an exemption. */
export function isLeftAlone({ exemptUntil }: Pick<Intent, 'exemptUntil'>, now: Date): boolean {
  return exemptUntil === undefined || exemptUntil <= now;
}

/** Why it is let be, for people. */
export function exemptionSentence({ actor, exemptUntil, reason, undoes }: JournalEntry): string {
  const who = safe(actor?.name ?? 'somebody unknown', 100);
  return `Exempt until ${exemptUntil?.toISOString()}: ${who} took entry ${undoes} back (${safe(reason, 300)}).`;
}
