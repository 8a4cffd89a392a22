import type { Ended, Lived } from '../stage/containers.ts';
import { type Entry, idOf, journalOf } from '../stage/journal.ts';
import type { Runtime } from '../stage/runtime.ts';
import type { KillSwitch } from './kill-switch.ts';
import { PULLED } from './kill-switch.ts';
import { meddleWith } from './meddling.ts';
import { standOf } from './taken-back.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Somebody leaves the kill switch pulled for so many hours at most. */
const MOST_HOURS_PULLED = 12;

/** What somebody asks the undo function for, and the entries that he means. */
export interface Asked {
  readonly event: { readonly undo: string; readonly force?: boolean; readonly dryRun?: boolean };
  readonly entries: readonly Entry[];
}

/** What came back to him. */
interface Claim {
  readonly entry: Entry;
  readonly code: string;
  /** It was said that its end is not in the journal. */
  readonly isUnwritten: boolean;
}

type Answered = Lived<unknown> & { readonly ended: Ended<unknown> };

/** Those who answer for Reeve: they take back what it did, and pull its kill switch and release it. */
export class Operators {
  /** What they were told that was not so. */
  readonly untrue: string[] = [];
  readonly claims: Claim[] = [];
  undosAsked = 0;
  undosDone = 0;
  pulls = 0;
  readonly #runtime: Runtime;
  readonly #killSwitch: KillSwitch;
  readonly #asked: Asked[] = [];
  /** Who got no answer asks again. */
  #unanswered: Asked[] = [];
  #hoursPulled = 0;

  constructor(runtime: Runtime, killSwitch: KillSwitch) {
    this.#runtime = runtime;
    this.#killSwitch = killSwitch;
  }

  get #random() {
    return this.#runtime.account.world.random;
  }

  /** What whoever set this invocation of the undo function off asked for: he himself, or it carries itself on. */
  meantBy(event: unknown): Asked | undefined {
    const own = this.#asked.findLast((asked) => asked.event === event);
    if (own !== undefined) return own;
    const text = JSON.stringify(event);
    return this.#asked.findLast(
      ({ event: { undo, dryRun } }) => !dryRun && text.includes(`\\"undo\\":\\"${undo}\\"`),
    );
  }

  /** Takes something back that was done lately: an entry, or a run; sometimes two ask for the same. */
  async takeBack(): Promise<void> {
    const now = this.#runtime.account.world.clock.now();
    const all = await journalOf(this.#runtime.account);
    const recent = all.filter(({ at }) => now - at.getTime() < 3 * DAY);
    const one = recent[this.#random.int(Math.max(1, recent.length))];
    if (one === undefined) return;
    if (this.#random.int(3) === 0) await meddleWith(this.#runtime.account, one).catch(() => undefined);
    const ofRun = this.#random.int(4) === 0;
    const event = {
      undo: ofRun ? one.run : one.id,
      by: 'ana',
      reason: 'INC-7',
      force: this.#random.int(5) > 0,
      dryRun: this.#random.int(10) === 0,
    };
    const asked = { event, entries: ofRun ? all.filter(({ run }) => run === one.run) : [one] };
    const due = now + this.#random.int(HOUR);
    this.#ask(asked, due);
    if (this.#random.int(4) === 0) this.#ask(asked, due + this.#random.int(3) * MINUTE);
  }

  async pull(): Promise<void> {
    const position = PULLED[this.#random.int(PULLED.length)];
    if (this.#killSwitch.position !== 'off' || position === undefined) return;
    this.#hoursPulled = 0;
    this.pulls += 1;
    if (this.#random.int(2) === 0) await this.#killSwitch.turn(position);
    else this.#killSwitch.turnBeforeCall(this.#random.int(40), position);
  }

  async release(): Promise<void> {
    this.#killSwitch.leave();
    if (this.#killSwitch.position !== 'off') await this.#killSwitch.turn('off');
  }

  /** What was left over from the hour before. */
  async hour(): Promise<void> {
    const now = this.#runtime.account.world.clock.now();
    for (const asked of this.#unanswered.splice(0)) this.#ask(asked, now + this.#random.int(HOUR));
    this.#hoursPulled += 1;
    if (this.#hoursPulled > this.#random.int(MOST_HOURS_PULLED)) await this.release();
  }

  #ask(asked: Asked, due: number): void {
    this.undosAsked += 1;
    this.#asked.push(asked);
    this.#runtime.ask('undo', asked.event, due, (lived) => this.#hear(asked, lived));
  }

  async #hear(asked: Asked, { ended, struck }: Answered): Promise<void> {
    if (ended === 'died' || !('answer' in ended)) {
      const why = ended === 'died' ? ended : String(ended.error);
      if (struck === 0 && why.includes('has no entry') && (await this.#isTakenOver(asked))) return;
      if (struck === 0) this.untrue.push(`undo of ${asked.event.undo} came to nothing: ${why}`);
      this.#unanswered.push(asked);
      return;
    }
    for (const result of resultsIn(ended.answer)) this.#check(asked, result, struck);
  }

  /** What he read of was never finished, and another run began it anew meanwhile, under an id of its own. */
  async #isTakenOver({ entries }: Asked): Promise<boolean> {
    const all = await journalOf(this.#runtime.account);
    const isAnew = (one: Entry) =>
      all.some(
        ({ id, policy, resource, fingerprint, earlier }) =>
          earlier.length > 0 &&
          id !== one.id &&
          policy === one.policy &&
          resource.arn === one.resource.arn &&
          fingerprint === one.fingerprint,
      );
    return entries.every(isAnew);
  }

  /** Whatever is answered has to be so at that moment, and says why. */
  #check(asked: Asked, result: Result, struck: number): void {
    const { entry: id, resource, outcome, code, reason, notes } = result;
    const { event, entries } = asked;
    const entry = entries.find((each) => each.id === id);
    if (entry === undefined) return;
    const what = `undo of ${id} (${entry.action} on ${resource}) was answered ${outcome} ${code}`;
    const say = (why: string) => this.untrue.push(`${what}: ${why}`);
    if (reason.length < 10) say('without a reason');
    if (outcome === 'failed' && struck === 0) say(`no fault struck it: ${reason}`);
    if (outcome === 'left') this.#unanswered.push(asked);
    if (outcome === 'undone' && code === 'undone') this.undosDone += 1;
    const isUnwritten = notes.some((note) => note.includes('could not be written to the journal'));
    this.claims.push({ entry, code, isUnwritten });
    const stand = standOf(this.#runtime.account, entry);
    const is = (...wanted: readonly string[]) => {
      if (!wanted.includes(stand)) say(`it is ${stand}; ${reason}`);
    };
    if (code === 'undone' || code === 'as-before') is('as-before');
    if (code === 'would') is('ours');
    if (outcome === 'refused' && (code === 'changed' || code === 'gone')) is(code);
    if (code === 'an-undo' && entry.undoes === undefined) say('it is none');
    if (code === 'needs-force' && event.force === true) say('it was asked for');
    if (code === 'no-way-back') say('there is one');
    if (code === 'lost' || code === 'by-hand') is('lost');
  }
}

interface Result {
  readonly entry: string;
  readonly resource: string;
  readonly outcome: string;
  readonly code: string;
  readonly reason: string;
  readonly notes: readonly string[];
}

/** The typed boundary to what the undo function answers. */
function resultsIn(answer: unknown): readonly Result[] {
  return (answer as { readonly results?: readonly Result[] }).results ?? [];
}

/** What they were told by the journal's leave: each of it has to stand there in the end. */
export function unfounded(claims: readonly Claim[], entries: readonly Entry[]): readonly string[] {
  return claims.flatMap(({ entry, code, isUnwritten }) => {
    const undo = entries.find(({ undoes }) => undoes === entry.id);
    // What was said and could not be written is not known later on either.
    const isLost = isUnwritten && undo?.outcome?.code === 'unverified';
    const isDone = undo !== undefined && (undo.outcome?.result !== 'failed' || isLost);
    if ((code === 'undone' || code === 'already-undone') && !isDone)
      return [
        `undo of ${entry.id} (${idOf(entry.resource)}) was answered ${code}, and the journal holds none`,
      ];
    return [];
  });
}
