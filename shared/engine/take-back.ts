import type { JournalEntry } from './journal.ts';
import type { Acted, Surroundings } from './policy.ts';
import { PlaceRefused } from './ports.ts';
import type { Undoing } from './undo.ts';
import { beginUndo, finishUndo } from './undo-intent.ts';
import type { UndoOutcome, UndoResult } from './undo-outcome.ts';
import { needsForce, refusalByJournal, refusalByState, refused } from './undo-refusal.ts';
import type { Standing, WayBack } from './way-back.ts';
import { brief } from './words.ts';

/** Below this no further entry is begun, ms. */
const RESERVE_MS = 60_000;

/** Waits for what is not yet visible as it was before, ms. */
const WAITS_MS = [0, 1000, 2000, 4000];

/**
 * Take one entry back: is it still as Reeve left it, write down the undo with its exemption, undo, look again, write the
 * end down. Never throws.
 */
export async function takeBack<A>(
  undoing: Undoing<A>,
  entry: JournalEntry,
  earlier: JournalEntry | undefined,
): Promise<UndoResult> {
  const { id, run, policy, action, resource, summary, account, region, partition, at } = entry;
  const notes: string[] = [];
  let outcome: UndoOutcome;
  try {
    outcome = await decide(undoing, entry, earlier, notes);
  } catch (error) {
    undoing.ports.log.error('An undo broke off', { entry: id, error });
    const code = error instanceof PlaceRefused ? error.code : 'unreadable';
    outcome = { outcome: 'failed', code, reason: `Nothing was changed: ${brief(error)}.` };
  }
  return {
    entry: { id, run, policy, action, resource, summary, account, region, partition, at },
    outcome,
    notes,
  };
}

async function decide<A>(
  undoing: Undoing<A>,
  entry: JournalEntry,
  earlier: JournalEntry | undefined,
  notes: string[],
): Promise<UndoOutcome> {
  const { ports, request } = undoing;
  const journaled = refusalByJournal(entry, earlier, ports.now());
  if (journaled) return journaled;
  if (ports.remainingMs() < RESERVE_MS)
    return { outcome: 'left', code: 'time', reason: 'No time was left for it: ask for the same undo again.' };
  const wayBack = await ports.wayBack(entry.policy);
  if (wayBack === undefined)
    return refused('no-way-back', `This version of Reeve knows no way back for ${entry.policy}.`);
  const byHand = ports.unattended ? wayBack.byHand?.(entry) : undefined;
  if (byHand !== undefined) return refused('by-hand', byHand);

  const around = await surroundings(undoing, entry);
  const standing = await wayBack.standing(entry, around);
  const seen = refusalByState(standing);
  // An undo that died after its last step has only its end to be written.
  if (standing.state === 'as-before' && isUnfinished(earlier) && !request.dryRun)
    return await closeOld(undoing, entry, standing.reason, notes);
  if (seen) return seen;
  const will = standing.state === 'ours' ? standing.will.join(' ') : '';
  const forced = needsForce(wayBack, entry, request, will);
  if (forced) return forced;
  if (request.dryRun) return { outcome: 'undone', code: 'would', reason: will };
  return await carryOut(undoing, entry, wayBack, around, will, notes);
}

/** One that left it to somebody else did not do it, however it looks by now. */
function isUnfinished(earlier: JournalEntry | undefined): boolean {
  return earlier !== undefined && earlier.outcome?.result !== 'done' && earlier.outcome?.code !== 'changed';
}

async function surroundings<A>({ ports }: Undoing<A>, entry: JournalEntry): Promise<Surroundings<A>> {
  const { partition, account, region } = entry;
  const place = { partition, account, region };
  return {
    place,
    aws: await ports.enter(place),
    now: () => ports.now(),
    sleep: (ms) => ports.sleep(ms),
    random: () => ports.random(),
    remainingMs: () => ports.remainingMs(),
    elsewhere: (other) => ports.enter({ ...place, region: other }),
    history: (arn, since) => ports.journal.recent(arn, since),
  };
}

async function carryOut<A>(
  undoing: Undoing<A>,
  entry: JournalEntry,
  wayBack: WayBack<A>,
  around: Surroundings<A>,
  will: string,
  notes: string[],
): Promise<UndoOutcome> {
  const begun = await beginUndo(undoing, entry, will);
  if ('outcome' in begun) return begun;
  const { intent } = begun;
  let acted: Acted;
  try {
    acted = await wayBack.undo(entry, around);
  } catch (error) {
    undoing.ports.log.error('An undo broke off', { entry: entry.id, error });
    acted = { result: 'failed', code: 'undo-threw', reason: `It broke off: ${brief(error)}.` };
  }
  const outcome = await concluded(undoing, entry, wayBack, around, acted, intent.id);
  if (acted.result === 'done') notes.push(...(acted.attention ?? []));
  await finishUndo(undoing, intent, outcome, 'after' in acted ? (acted.after ?? null) : null, notes);
  return outcome;
}

/** What the calls answered and what a second look shows, together; the look has the last word, but for a final answer. */
async function concluded<A>(
  { ports }: Undoing<A>,
  entry: JournalEntry,
  wayBack: WayBack<A>,
  around: Surroundings<A>,
  acted: Acted,
  journalId: string,
): Promise<UndoOutcome> {
  if (acted.result === 'left') return refused('changed', acted.reason);
  if (acted.result === 'failed' && acted.final)
    return acted.code === 'changed' ? refused('changed', acted.reason) : failed(acted);
  let seen: Standing | undefined;
  let unread = '';
  for (const wait of WAITS_MS) {
    if (wait > 0) await ports.sleep(wait);
    try {
      seen = await wayBack.standing(entry, around);
      if (seen.state !== 'ours' || acted.result === 'failed') break;
    } catch (error) {
      unread = ` It could not be read again: ${brief(error)}.`;
    }
  }
  if (seen?.state === 'as-before')
    return { outcome: 'undone', code: 'undone', reason: seen.reason, journalId };
  if (acted.result === 'gone') return refused('gone', acted.reason);
  if (acted.result === 'failed') return failed(acted);
  if (acted.result === 'unfinished') return { outcome: 'left', code: 'time', reason: acted.reason };
  const now = seen?.state === 'changed' ? ` ${seen.differs.join('; ')}.` : unread;
  const reason = `It was carried out, but looking again does not show it as it was before.${now}`;
  return { outcome: 'failed', code: 'unverified', reason };
}

function failed({ code, reason }: Extract<Acted, { readonly result: 'failed' }>): UndoOutcome {
  return { outcome: 'failed', code, reason };
}

async function closeOld<A>(
  undoing: Undoing<A>,
  entry: JournalEntry,
  reason: string,
  notes: string[],
): Promise<UndoOutcome> {
  const begun = await beginUndo(undoing, entry, 'Write down that it is as it was before.');
  if ('outcome' in begun) return begun;
  const outcome = { outcome: 'undone', code: 'undone', reason, journalId: begun.intent.id } as const;
  await finishUndo(undoing, begun.intent, outcome, null, notes);
  return outcome;
}
