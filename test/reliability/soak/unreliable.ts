import type { Call } from '../../../sandbox/core/service.ts';
import type { Runtime } from '../stage/runtime.ts';
import { isReeve } from '../stage/witness.ts';

/** Faults on so many of Reeve's calls, of every kind. */
export function unreliable(runtime: Runtime, percent: number, onStrike: (call: Call) => void) {
  const { faults, random } = runtime.account.world;
  const share = (part: number) => random.int(100_000) < percent * part * 10;
  const killed = () => {
    runtime.kill();
    return new Promise<never>(() => {});
  };
  const kinds = [
    { kind: 'throttle', part: 30 },
    { kind: 'error', code: 'InternalError', status: 500, part: 30 },
    { kind: 'timeout', part: 10 },
    { kind: 'timeout-after', part: 10 },
    { kind: 'denied', part: 10 },
    { kind: 'run', effect: killed, part: 10 },
  ] as const;
  return kinds.map(({ part, ...kind }) =>
    faults.add({
      ...kind,
      when: (_input, call) => isReeve(call) && share(part),
      onStrike: (call) => {
        runtime.noteStrike(call);
        onStrike(call);
      },
    }),
  );
}
