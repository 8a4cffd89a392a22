import type { Violation } from '../stage/audit.ts';
import { arm, type FaultName, faultsOf, meddleBefore } from '../stage/faults.ts';
import type { Sabotage } from '../stage/functions.ts';
import type { Intermission, Meddling, Scenario } from '../stage/scenario.ts';
import type { Seen } from '../stage/witness.ts';
import { Rehearsal } from './rehearsal.ts';

/** One call of a clean run, and what goes wrong with it. */
export interface Point {
  readonly call: Pick<Seen, 'service' | 'operation' | 'occurrence'>;
  readonly fault: FaultName | Meddling['name'];
}

/** Plays the scenario once with nothing going wrong: its calls are what the matrix is made of. */
export async function pointsOf(
  scenario: Scenario,
  seed: number,
): Promise<{ points: readonly Point[]; violations: readonly Violation[]; calls: readonly Seen[] }> {
  const clean = await rehearse(scenario, seed);
  const meddlings = scenario.meddlings.map(({ name }) => name);
  const points = clean.calls.flatMap((call) =>
    [...faultsOf(call), ...meddlings].map((fault): Point => ({ call, fault })),
  );
  return { points, violations: clean.violations, calls: clean.calls };
}

/** What came out of one rehearsal. */
export interface Rehearsed {
  readonly violations: readonly Violation[];
  /** Reeve's own calls, up to the end of the play. */
  readonly calls: readonly Seen[];
  /** Changes that the journal holds as done. */
  readonly done: number;
  readonly invocations: number;
  /** How often the fault struck. */
  readonly struck: number;
}

/** Plays the scenario with this going wrong, lets AWS deliver again, and looks at what became of the account. */
export async function rehearse(
  scenario: Scenario,
  seed: number,
  point?: Point,
  sabotage?: Sabotage,
): Promise<Rehearsed> {
  const rehearsal = await Rehearsal.open(scenario, seed, sabotage);
  const { runtime } = rehearsal;
  const meddling = scenario.meddlings.find(({ name }) => name === point?.fault);
  const armed =
    point &&
    (meddling
      ? meddleBefore(runtime, point.call, () => rehearsal.meddle(meddling))
      : arm(runtime, point.call, point.fault as FaultName));
  const meanwhile: Intermission['meanwhile'] = (deed) => rehearsal.meanwhile(deed);
  await scenario.play(runtime, rehearsal.subjects, {
    look: () => rehearsal.checkLost('while it went on'),
    meanwhile,
  });
  const calls = [...rehearsal.seen];
  if (point) {
    await rehearsal.sweep();
    rehearsal.checkLost('while it went on');
    armed?.remove();
    runtime.silenceKills = false;
    await scenario.recover?.(runtime, rehearsal.subjects, {
      look: () => rehearsal.checkRecovered(),
      meanwhile,
    });
    await rehearsal.sweep();
  }
  rehearsal.checkRecovered();
  rehearsal.checkLost('in the end');
  const struck = armed?.struck() ?? 0;
  await rehearsal.checkJournal(meddling ? 0 : struck);
  await rehearsal.checkSettled();
  const { violations, done } = rehearsal;
  return { violations, calls, done, struck, invocations: runtime.invocations };
}
