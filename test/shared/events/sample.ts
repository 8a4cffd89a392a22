import { readFileSync } from 'node:fs';
import { readEvent } from '../../../shared/events/read.ts';
import { calls, linesOf, own } from '../../events/reading-line.ts';

/** A sample event with some values changed: `change(sample('ec2-state-change'), { 'detail.state': 'odd' })`. */
export function change(event: unknown, changes: Readonly<Record<string, unknown>>): unknown {
  const copy = structuredClone(event);
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    const parent = keys.reduce<unknown>((at, key) => Reflect.get(Object(at), key), copy);
    if (value === undefined) Reflect.deleteProperty(Object(parent), last);
    else Reflect.set(Object(parent), last, value);
  }
  return copy;
}

export function sample(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../../events/${name}.json`, import.meta.url), 'utf8'));
}

export function read(event: unknown): ReturnType<typeof readEvent> {
  return readEvent(event, own, calls);
}

export function lines(event: unknown): readonly string[] {
  return linesOf(read(event));
}

/** The one signal of an event that has exactly one. */
export function signalOf(event: unknown) {
  const reading = read(event);
  if (reading.kind !== 'signals' || reading.signals.length !== 1)
    throw new Error(`not one signal: ${lines(event)}`);
  const [signal] = reading.signals;
  if (!signal) throw new Error('no signal');
  return signal;
}
