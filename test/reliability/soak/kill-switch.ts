import type { Call } from '../../../sandbox/core/service.ts';
import type { Account } from '../stage/account.ts';
import type { FunctionName } from '../stage/functions.ts';
import { isReeve, type Seen } from '../stage/witness.ts';

/** Whatever is not a clear `off`: on, a slip of the pen, gone, or not to be read. */
export const PULLED = ['on', 'of', 'missing', 'unreadable'] as const;
export type Position = 'off' | (typeof PULLED)[number];

/**
 * The kill switch in people's hands, and what each container saw of it. A container may change something only if its last
 * look was answered `off`: what that look let begin may be finished, but no look after the switch was pulled lets anything
 * begin. An undo is a person's own act, which it does not stop.
 */
export class KillSwitch {
  position: Position = 'off';
  /** Since when it is there, epoch ms. */
  since = 0;
  readonly #account: Account;
  #plan: { remove(): void } | undefined;
  /** By what a container's calls are signed with. */
  readonly #sawOff = new Map<string, boolean>();

  constructor(account: Account) {
    this.#account = account;
    account.world.faults.add({
      ...{ service: 'ssm', operation: 'GetParameter', kind: 'denied' },
      when: (_input, call) => isReeve(call) && this.position === 'unreadable',
    });
  }

  async turn(position: Position): Promise<void> {
    const parameter = { Name: this.#account.environment('undo').killSwitch };
    if (position === 'missing') await this.#account.as('ssm', 'DeleteParameter', parameter);
    else if (position !== 'unreadable') {
      const input = { ...parameter, Value: position, Type: 'String', Overwrite: true };
      await this.#account.as('ssm', 'PutParameter', input);
    }
    this.position = position;
    this.since = this.#account.world.clock.now();
  }

  /** Somebody pulls it while Reeve is at work, right before its so-many-th call from now. */
  turnBeforeCall(after: number, position: Position): void {
    this.leave();
    this.#plan = this.#account.world.faults.add({
      ...{ kind: 'run', after, times: 1 },
      // A look that is under way already shows what was there before.
      when: (_input, call) => isReeve(call) && call.operation !== 'GetParameter',
      effect: () => this.turn(position),
    });
  }

  /** What was planned is not done. */
  leave(): void {
    this.#plan?.remove();
  }

  /** Takes note of a look, and says why a change must not be; undefined for whatever is none. */
  objection({ service, operation, by }: Seen, isChange: boolean, fn: FunctionName): string | undefined {
    if (service === 'ssm' && operation === 'GetParameter') this.#sawOff.set(by, this.position === 'off');
    if (!isChange || fn === 'undo') return undefined;
    const sawOff = this.#sawOff.get(by);
    if (sawOff === true) return undefined;
    const look =
      sawOff === undefined ? 'it never saw the kill switch' : 'its last look at the kill switch was not off';
    return `${look} (now ${this.position})`;
  }

  /** A fault struck: a look that was not answered saw nothing. */
  noteStrike({ service, operation, principal }: Call): void {
    if (service === 'ssm' && operation === 'GetParameter') this.#sawOff.delete(principal.accessKeyId);
  }
}
