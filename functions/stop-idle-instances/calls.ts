import type { CallTable } from '../../shared/events/api-call.ts';

/** No call by itself makes an instance idle: sweeps, alarms and state changes point at them. */
export const calls: CallTable = {};
