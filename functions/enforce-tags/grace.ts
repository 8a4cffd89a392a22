import { bringsTime, type Signal } from '../../shared/engine/signal.ts';
import { isCreation } from './creation.ts';
import type { Tagged } from './resource.ts';
import type { Settings } from './settings.ts';
import type { Told } from './types/row.ts';

const MINUTE = 60_000;

/** Only the creating call's own signal knows the creator: whoever else comes by waits until it has had its turn. */
const AFTER_CREATOR_MINUTES = 5;

/** How long a resource is left alone by whoever does not know its creator, ms. */
export function sweepGraceMs({ graceMinutes }: Settings): number {
  return (graceMinutes + AFTER_CREATOR_MINUTES) * MINUTE;
}

/** Grace runs from the creation; where AWS does not tell when that was, from the event that brought us here (B2.12). */
export function completed(one: Told, signal: Signal, settings: Settings): Tagged {
  if (isCreation(signal)) {
    const graceUntil = new Date(signal.time.getTime() + settings.graceMinutes * MINUTE);
    return { ...one, creator: signal.actor, graceUntil };
  }
  const since = one.createdAt ?? (bringsTime(signal) ? signal.time : undefined);
  const graceUntil = since && new Date(since.getTime() + sweepGraceMs(settings));
  return { ...one, creator: undefined, graceUntil };
}
