import { Account } from '../stage/account.ts';
import type { Violation } from '../stage/audit.ts';
import type { PolicyName, Sabotage } from '../stage/functions.ts';
import type { Entry } from '../stage/journal.ts';
import { Runtime } from '../stage/runtime.ts';
import { snapshot } from '../stage/snapshot.ts';
import { touchesOf } from '../stage/touches.ts';
import { watch } from '../stage/witness.ts';
import { checkEnd, checkHour, HOURLY } from './books.ts';
import { Calls } from './calls.ts';
import type { Draw } from './draws.ts';
import { keptBy } from './graces.ts';
import { People } from './people.ts';
import { deployment, firstRules, otherRules } from './rules.ts';
import { Scene } from './scene.ts';
import { unreliable } from './unreliable.ts';

const HOUR = 3_600_000;
const ALL: readonly PolicyName[] = [...HOURLY, 'delete-stale-buckets'];

/** What came of an epoch. */
export interface Lived {
  /** Of all its calls: of the same draw always the same. */
  readonly digest: string;
  readonly violations: readonly Violation[];
  readonly calls: number;
  readonly struck: number;
  readonly done: number;
  readonly invocations: number;
  readonly deadLetters: number;
  /** Undos asked for, and those that were carried out. */
  readonly undos: number;
  readonly undone: number;
  /** How often the kill switch was pulled, and other settings were deployed. */
  readonly pulls: number;
  readonly deployments: number;
}

/** Some days of an account in which people, controllers, faults and Reeve are at work together. */
export class Epoch {
  readonly #draw: Draw;
  readonly #scene: Scene;
  readonly #calls: Calls;
  readonly #faults: readonly { readonly struck: () => number; readonly remove: () => void }[];
  #deployments = 0;

  private constructor(draw: Draw, scene: Scene) {
    const { account, runtime, killSwitch } = scene;
    this.#draw = draw;
    this.#scene = scene;
    this.#calls = new Calls(scene);
    watch(account, (call) => this.#calls.judge(call));
    this.#attend();
    this.#faults = unreliable(runtime, draw.faults, (call) => killSwitch.noteStrike(call));
    runtime.parallel = 3;
    runtime.arrivals = () => {
      const { int } = account.world.random;
      const late = () => int(draw.lateMinutes * 60 + 1) * 1000;
      return int(100) < draw.twice ? [late(), late()] : [late()];
    };
  }

  /** Lives through an epoch and says what was not as it has to be. */
  static async live(draw: Draw, sabotage?: Sabotage): Promise<Lived> {
    const rules = firstRules(draw);
    const settings = deployment(rules);
    const account = await Account.open({ seed: draw.seed }, ALL);
    const people = new People(account, draw.hours + draw.calm);
    await people.moveIn();
    const epoch = new Epoch(draw, new Scene(rules, new Runtime(account, settings, sabotage), people));
    for (let hour = 0; hour < draw.hours; hour++) await epoch.#hour(hour);
    return await epoch.#end();
  }

  /** Takes note of each invocation, when it begins and when it has ended. */
  #attend(): void {
    const { account, runtime, occasions, operators, graces } = this.#scene;
    runtime.onStart = (accessKeyId, fn, event) => {
      const { now, rules } = this.#scene;
      const asked = fn === 'undo' ? operators.meantBy(event) : undefined;
      const isSweep = Object(event).reeve === 'sweep';
      const kept = isSweep ? keptBy(account, rules, fn) : new Set<string>();
      occasions.begin(accessKeyId, { fn, asked, startedAt: now, rules, isSweep, kept });
    };
    runtime.onEnd = (accessKeyId, { ended, struck }) => {
      const occasion = occasions.by(accessKeyId);
      this.#calls.noteEnd(accessKeyId);
      if (occasion?.fn === 'undo') graces.noteRules(occasion.startedAt);
      const isSound = struck === 0 && typeof ended === 'object' && 'answer' in ended;
      if (occasion?.isSweep && isSound) graces.noteSweep(occasion);
    };
  }

  async #hour(hour: number): Promise<void> {
    const { account, runtime, operators, killSwitch, graces, touches } = this.#scene;
    const act = async () => {
      for (let deeds = account.world.random.int(this.#draw.deeds + 1); deeds > 0; deeds--) await this.#deed();
    };
    touches.push(...(await touchesOf(account, act)));
    graces.noteRules(this.#scene.now);
    await operators.hour();
    this.#sweep(hour);
    if (hour % 2 === 1) for (const policy of ALL) runtime.reconcile(policy);
    const before = snapshot(account);
    const { changes } = this.#calls;
    await runtime.pass(HOUR);
    account.world.forgetCalls();
    const isPulled = killSwitch.position !== 'off';
    if (this.#calls.changes === changes && !isPulled) return;
    await checkHour(this.#scene, before, `hour ${hour}`, this.#draw.faults > 0);
  }

  /** Most of what people do is about the account, some of it about Reeve. */
  async #deed(): Promise<void> {
    const { account, people, operators } = this.#scene;
    const int = (below: number) => account.world.random.int(below);
    if (int(100) >= this.#draw.onReeve) return await people.act();
    const kind = int(8);
    if (kind === 0) return await operators.pull();
    return kind === 1 ? this.#deploy() : await operators.takeBack();
  }

  #deploy(): void {
    const { account, rules, runtime } = this.#scene;
    const next = otherRules(rules, (below) => account.world.random.int(below), this.#draw.graces);
    this.#scene.rules = next;
    runtime.settings = deployment(next);
    this.#deployments += 1;
  }

  #sweep(hour: number): void {
    const { runtime, sweeps, rules, now } = this.#scene;
    for (const policy of hour % 24 === 0 ? ALL : HOURLY) {
      runtime.sweep(policy);
      sweeps.set(policy, { at: now, mode: rules.mode });
    }
  }

  /** Nothing goes wrong any more, nobody does anything: all is dealt with, told or explained. */
  async #end(): Promise<Lived> {
    const { runtime, operators } = this.#scene;
    for (const fault of this.#faults) fault.remove();
    await operators.release();
    for (let hour = 0; hour < this.#draw.calm; hour++) {
      await operators.hour();
      this.#sweep(hour);
      for (const policy of ALL) runtime.reconcile(policy);
      await runtime.pass(HOUR);
    }
    const { entries, deadLetters } = await checkEnd(this.#scene, this.#draw.faults > 0);
    return this.#lived(entries, deadLetters);
  }

  #lived(entries: readonly Entry[], deadLetters: number): Lived {
    const { runtime, operators, violations } = this.#scene;
    return {
      digest: this.#calls.digest(),
      violations,
      calls: this.#calls.count,
      struck: this.#faults.reduce((sum, { struck }) => sum + struck(), 0),
      done: entries.filter(({ outcome }) => outcome?.result === 'done' || outcome?.result === 'gone').length,
      invocations: runtime.invocations,
      deadLetters,
      undos: operators.undosAsked,
      undone: operators.undosDone,
      pulls: operators.pulls,
      deployments: this.#deployments,
    };
  }
}
