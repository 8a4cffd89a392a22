import { createHash } from 'node:crypto';
import { idOf } from '../stage/journal.ts';
import { changesTheAccount, type Seen } from '../stage/witness.ts';
import { isAsleep, launchesToEnd } from './hours.ts';
import type { Occasion } from './occasions.ts';
import { list, objection } from './oracle.ts';
import type { Scene } from './scene.ts';
import { againstUndoing } from './taken-back.ts';

/** What the SDK and Reeve draw by themselves: ids of single requests and of entries on a roll. */
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Judges each call of Reeve's as it arrives, before it takes effect. */
export class Calls {
  count = 0;
  /** Of those, what changes something. */
  changes = 0;
  readonly #scene: Scene;
  /** Machines that are being stopped for their hours, with the launch that this ends, by who does it. */
  readonly #stops = new Map<string, (readonly [string, number])[]>();
  readonly #digest = createHash('sha256');

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** Of the same draw always the same. */
  digest(): string {
    return this.#digest.digest('hex');
  }

  judge(call: Seen): void {
    const { killSwitch, occasions, graces } = this.#scene;
    const occasion = occasions.of(call);
    this.#note(call, occasion);
    graces.notePut(call);
    const isChange = changesTheAccount(call);
    const halted = killSwitch.objection(call, isChange, occasion.fn);
    if (halted !== undefined) this.#wrong(call, occasion, halted);
    if (!isChange) return;
    this.changes += 1;
    const why = this.#against(occasion, call);
    if (why !== undefined) this.#wrong(call, occasion, why);
  }

  /** What an invocation has stopped for its hours is to be started again, and nothing else. */
  noteEnd(accessKeyId: string): void {
    const { account, people } = this.#scene;
    for (const [id, launch] of this.#stops.get(accessKeyId) ?? [])
      if (isAsleep(account, id, launch)) people.truth.asleep.set(id, launch);
    this.#stops.delete(accessKeyId);
  }

  #note(call: Seen, { fn }: Occasion): void {
    const { by, service, operation, input } = call;
    this.count += 1;
    this.#digest.update(
      JSON.stringify([this.#scene.now, fn, by, service, operation, input]).replaceAll(UUID, ''),
    );
  }

  #against(occasion: Occasion, call: Seen): string | undefined {
    const { account, people, graces } = this.#scene;
    if (occasion.fn === 'undo') return this.#againstUndo(occasion, call);
    const { fn, rules, startedAt } = occasion;
    if (call.operation === 'StopInstances')
      this.#stops.set(call.by, [
        ...(this.#stops.get(call.by) ?? []),
        ...launchesToEnd(account, list(Object(call.input).InstanceIds)),
      ]);
    if (fn === 'stop-idle-instances' && /^(Create|Delete)Tags$/.test(call.operation))
      return graces.againstTag(rules, people.truth, call);
    return (
      objection(account, rules, people.truth, call, startedAt) ??
      graces.tooEarly(rules, people.truth, call) ??
      this.#againstDeleting(occasion, call)
    );
  }

  #againstDeleting({ rules }: Occasion, call: Seen): string | undefined {
    if (!rules.archives || !/^Delete(Objects|Bucket)$/.test(call.operation)) return undefined;
    return this.#scene.vault.againstDeleting(call, String(Object(call.input).Bucket));
  }

  /** An undo is a person's deed: what it touches may be out of policy anew. */
  #againstUndo({ asked }: Occasion, call: Seen): string | undefined {
    const { account, touches, now } = this.#scene;
    if (asked === undefined) return 'nobody asked for it';
    if (asked.event.dryRun) return 'only a dry run was asked for';
    for (const { resource } of asked.entries)
      if (JSON.stringify(call.input).includes(idOf(resource)))
        touches.push({ path: idOf(resource), at: now });
    return againstUndoing(account, asked.entries, call);
  }

  #wrong({ operation }: Seen, { fn }: Occasion, why: string): void {
    this.#scene.add('wrong', `${operation} by ${fn}: ${why}`);
  }
}
