import type { Call } from './service.ts';
import type { Fault, Faults } from './world.ts';

interface Armed {
  readonly fault: Fault;
  seen: number;
  struck: number;
}

/** Faults on demand; `strike` answers the fault that hits this call, having counted it. */
export function createFaults(): Faults & { strike(input: unknown, call: Call): Fault | undefined } {
  const armed = new Set<Armed>();
  return {
    add(fault) {
      const entry: Armed = { fault, seen: 0, struck: 0 };
      armed.add(entry);
      return { struck: () => entry.struck, remove: () => void armed.delete(entry) };
    },
    clear: () => armed.clear(),
    strike(input, call) {
      for (const entry of armed) {
        const { fault } = entry;
        if (entry.struck >= (fault.times ?? Number.POSITIVE_INFINITY) || !concerns(fault, input, call))
          continue;
        entry.seen += 1;
        if (entry.seen <= (fault.after ?? 0)) continue;
        entry.struck += 1;
        fault.onStrike?.(call);
        return fault;
      }
      return undefined;
    },
  };
}

function concerns(fault: Fault, input: unknown, call: Call): boolean {
  if (fault.service !== undefined && fault.service !== call.service) return false;
  if (fault.operation !== undefined && fault.operation !== call.operation) return false;
  return fault.when?.(input, call) ?? true;
}
