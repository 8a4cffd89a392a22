import { accountsFor, type Entry, idOf } from './journal.ts';
import type { Letter } from './letters.ts';
import { isTouched, type Touch } from './touches.ts';
import { timesTold, untold } from './untold.ts';

/** What must never be, and where it was. */
export interface Violation {
  readonly invariant:
    | 'wrong'
    | 'lost'
    | 'doubled'
    | 'above the cap'
    | 'unexplained'
    | 'untrue'
    | 'not settled';
  readonly detail: string;
}

/** What is held against each other. */
export interface Books {
  readonly entries: readonly Entry[];
  /** Paths of the account that Reeve is to account for; absent: that is looked at elsewhere. */
  readonly changed?: ReadonlySet<string>;
  /** What people got, once nothing goes wrong any more: what was lost on the way has been sent again by then. */
  readonly letters: readonly Letter[];
  /** Most resources that a run may change. */
  readonly capOf: (run: string) => number;
  /** Paths that Reeve itself changed at some time, whoever changed them since; absent: nobody kept them apart. */
  readonly own?: ReadonlySet<string>;
  /** Faults that struck: each may be why something is told once more. Absent: nobody counted. */
  readonly struck?: number;
  /** What others changed: nothing is needed twice that nobody touched in between. */
  readonly touches: readonly Touch[];
  /** Paths that others took away: nothing tells any more who did it. */
  readonly tracelessly?: ReadonlySet<string>;
}

/** The journal explains every difference, has its difference for every done, none twice, and people know. */
export function audit(books: Books): readonly Violation[] {
  const told = [...lost(books), ...toldTwice(books)];
  return [...unexplained(books), ...aboveCap(books), ...doubled(books), ...untrue(books), ...told];
}

function unexplained({ entries, changed = new Set() }: Books): readonly Violation[] {
  return [...changed].flatMap((path): Violation[] => {
    const about = entries.filter((entry) => accountsFor(entry, path));
    if (about.some(({ outcome }) => outcome !== undefined)) return [];
    const why = about.length === 0 ? 'changed without an entry' : 'has an entry that never got an outcome';
    return [{ invariant: 'unexplained', detail: `${path} ${why}` }];
  });
}

function aboveCap({ entries, capOf }: Books): readonly Violation[] {
  return [...Map.groupBy(entries, ({ run }) => run)].flatMap(([run, ofRun]): Violation[] =>
    ofRun.length <= capOf(run)
      ? []
      : [{ invariant: 'above the cap', detail: `run ${run} began ${ofRun.length} changes` }],
  );
}

/** One finding done twice, or one change to one resource that nobody had touched since it was made. */
function doubled({ entries, touches }: Books): readonly Violation[] {
  const dones = entries.flatMap(donesOf);
  const again = [...Map.groupBy(dones, ({ what }) => what).values()].flatMap((ofOne) => {
    const sorted = ofOne.toSorted((a, b) => a.at - b.at);
    return sorted.filter((done, index) => {
      const first = sorted[index - 1];
      if (first === undefined || isTouched(touches, done.id, first.begunAt, done.at)) return false;
      return !entries.some(
        (other) => isBetween(other, first, done) && REVERSES[done.action] === other.action,
      );
    });
  });
  const same = [...Map.groupBy(dones, ({ what, fingerprint }) => `${what} (${fingerprint})`).values()];
  const twice = [...again, ...same.flatMap((ofOne) => ofOne.slice(1))];
  return [...new Set(twice.map(({ what }) => what))].map((what) => ({
    invariant: 'doubled',
    detail: `${what} is done more than once`,
  }));
}

/** What puts things back as they were, so that the same may be due again. */
const REVERSES: Readonly<Record<string, string>> = {
  'stop-instances': 'start-instances',
  'start-instances': 'stop-instances',
};

type Done = ReturnType<typeof donesOf>[number];

/** By its beginning: the end of a change whose run broke off is written long after it, or not known at all. */
function isBetween({ resource, at }: Entry, first: Done, last: Done): boolean {
  return idOf(resource) === last.id && at.getTime() >= first.begunAt && at.getTime() <= last.begunAt;
}

/** An entry holds how earlier attempts ended, not when: at its own beginning at the latest. */
function donesOf({ outcome, earlier, resource, action, undoes, fingerprint, at }: Entry) {
  const begunAt = at.getTime();
  // Several changes of one resource can each be taken back; none of them twice.
  const what = undoes === undefined ? action : `${action} of ${undoes}`;
  const done = { what: `${what} on ${resource.id}`, action, id: idOf(resource), fingerprint, begunAt };
  return [
    ...earlier.filter((result) => result === 'done').map(() => ({ ...done, at: begunAt })),
    ...(outcome?.result === 'done' ? [{ ...done, at: outcome.at.getTime() }] : []),
  ];
}

/** Done is what Reeve did: what somebody else put in order meanwhile is none of it. */
function untrue({ entries, own, tracelessly = new Set() }: Books): readonly Violation[] {
  if (own === undefined) return [];
  const done = entries.filter(({ outcome }) => outcome?.result === 'done');
  return done.flatMap((entry): Violation[] => {
    const id = idOf(entry.resource);
    // What Reeve deleted since shows nothing of what it had done to it before.
    if (own.has(id) || [...own].some((path) => accountsFor(entry, path))) return [];
    const found = entry.outcome?.code === 'found-in-order';
    if (found && [...tracelessly].some((path) => accountsFor(entry, path))) return [];
    const detail = `${entry.action} on ${id} is done (${entry.outcome?.code}), and Reeve changed nothing`;
    return [{ invariant: 'untrue', detail }];
  });
}

function lost({ entries, letters }: Books): readonly Violation[] {
  return untold(entries, letters).map(({ resource, action, id, outcome }) => ({
    invariant: 'lost',
    detail: `${action} on ${resource.id} (${id}) ended as ${outcome?.code}, and nobody was told`,
  }));
}

/** That it was done is told once; only what went wrong may be a reason to say it again. */
function toldTwice({ entries, letters, struck }: Books): readonly Violation[] {
  if (struck === undefined) return [];
  return entries.flatMap((entry): Violation[] => {
    const times = timesTold(entry, letters);
    if (times <= 1 + struck) return [];
    const detail = `people were told ${times} times of ${entry.action} on ${idOf(entry.resource)} (${entry.id}), with ${struck} faults`;
    return [{ invariant: 'doubled', detail }];
  });
}
