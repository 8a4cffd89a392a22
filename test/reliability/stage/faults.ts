import type { Fault } from '../../../sandbox/core/world.ts';
import { PARTIAL_FAULTS, type PartialFault, partOf } from './partial.ts';
import type { Runtime } from './runtime.ts';
import { isReeve, type Seen } from './witness.ts';

/** What may go wrong with one call, whatever it is. */
export const FAULTS = [
  'throttled once',
  'throttled for ever',
  '5xx once',
  '5xx for ever',
  'time-out before it took effect',
  'time-out after it took effect',
  'time-out after each time',
  'access denied',
  'killed right before',
  'killed right after',
] as const;
export type FaultName = (typeof FAULTS)[number] | PartialFault;

const once = { times: 1 };
const SERVER_ERROR = { kind: 'error', code: 'InternalError', status: 500 } as const;

const kinds: Readonly<Record<FaultName, Pick<Fault, 'kind' | 'code' | 'status' | 'times'>>> = {
  'throttled once': { kind: 'throttle', ...once },
  'throttled for ever': { kind: 'throttle' },
  '5xx once': { ...SERVER_ERROR, ...once },
  '5xx for ever': SERVER_ERROR,
  'time-out before it took effect': { kind: 'timeout', ...once },
  'time-out after it took effect': { kind: 'timeout-after', ...once },
  'time-out after each time': { kind: 'timeout-after' },
  'access denied': { kind: 'denied' },
  'killed right before': { kind: 'run', ...once },
  'killed right after': { kind: 'timeout-after', ...once },
  'in part once': { kind: 'part', ...once },
  'in part for ever': { kind: 'part' },
};

/** What may go wrong with this call. */
export function faultsOf(call: Pick<Seen, 'service' | 'operation'>): readonly FaultName[] {
  return partOf(call) === undefined ? FAULTS : [...FAULTS, ...PARTIAL_FAULTS];
}

/** Arms a fault for the so-many-th call of an operation (and those after it, where it is for ever). */
export function arm(
  runtime: Runtime,
  { service, operation, occurrence }: Pick<Seen, 'service' | 'operation' | 'occurrence'>,
  name: FaultName,
): { readonly struck: () => number; readonly remove: () => void } {
  const killed = () => {
    runtime.kill();
    return new Promise<never>(() => {});
  };
  runtime.silenceKills = name === 'killed right after';
  const part = partOf({ service, operation });
  return runtime.account.world.faults.add({
    service,
    operation,
    after: occurrence,
    when: (_input, call) => isReeve(call),
    onStrike: (call) => runtime.noteStrike(call),
    ...kinds[name],
    ...(part && { part }),
    ...(name === 'killed right before' && { effect: killed }),
  });
}

/** Has somebody change something just before the so-many-th call of an operation. */
export function meddleBefore(
  runtime: Runtime,
  { service, operation, occurrence }: Pick<Seen, 'service' | 'operation' | 'occurrence'>,
  effect: () => Promise<void>,
): { readonly struck: () => number; readonly remove: () => void } {
  return runtime.account.world.faults.add({
    service,
    operation,
    after: occurrence,
    ...once,
    when: (_input, call) => isReeve(call),
    kind: 'run',
    effect,
  });
}
