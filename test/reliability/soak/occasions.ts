import type { FunctionName } from '../stage/functions.ts';
import type { Seen } from '../stage/witness.ts';
import type { Asked } from './operators.ts';
import type { Rules } from './rules.ts';

/** One invocation: of which function, by whom it was asked for, when, and with which settings it began. */
export interface Occasion {
  readonly fn: FunctionName;
  /** Of the undo function; absent: nobody is known to have asked. */
  readonly asked: Asked | undefined;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly rules: Rules;
  readonly isSweep: boolean;
  /** What nobody might touch when it began, of a sweep. */
  readonly kept: ReadonlySet<string>;
}

/** Which invocation a call, or a run in the journal, is of. */
export class Occasions {
  /** By what their calls are signed with. */
  readonly #all = new Map<string, Occasion>();
  readonly #ofRuns = new Map<string, Occasion>();

  begin(accessKeyId: string, occasion: Occasion): void {
    this.#all.set(accessKeyId, occasion);
  }

  by(accessKeyId: string): Occasion | undefined {
    return this.#all.get(accessKeyId);
  }

  of(call: Seen): Occasion {
    const occasion = this.#all.get(call.by);
    if (occasion === undefined) throw new Error(`${call.operation} is of no invocation`);
    this.#noteRuns(call, occasion);
    return occasion;
  }

  ofRun(run: string): Occasion | undefined {
    return this.#ofRuns.get(run);
  }

  /** An undo takes back what was asked for, however much it is. */
  capOf(run: string): number {
    const { fn, rules } = this.#ofRuns.get(run) ?? {};
    return fn === 'undo' ? Number.POSITIVE_INFINITY : (rules?.cap ?? 0);
  }

  /** Whoever writes an id into the journal first is who made it. */
  #noteRuns({ service, operation, input }: Seen, occasion: Occasion): void {
    if (service !== 'dynamodb' || !/^(Put|Update|TransactWrite)/.test(operation)) return;
    for (const [, run = ''] of JSON.stringify(input).matchAll(/"S":"(id-\d+)"/g))
      if (!this.#ofRuns.has(run)) this.#ofRuns.set(run, occasion);
  }
}
