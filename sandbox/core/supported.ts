import { notImplemented } from './refusals.ts';
import type { Call } from './service.ts';

/** Refuses, by name, members of a request that an operation would otherwise ignore. */
export function onlySupported(call: Call, input: object, supported: readonly string[]): void {
  for (const [member, given] of Object.entries(input)) {
    if (given !== undefined && !supported.includes(member)) {
      throw notImplemented(`${member} of ${call.service}:${call.operation}`);
    }
  }
}
