import { drawer } from '../core/drawer.ts';
import type { Where } from '../core/service.ts';
import type { World } from '../core/world.ts';

/** One line that a function wrote, or one of Lambda's own (START, END, REPORT). */
export interface LogLine {
  /** Simulated epoch ms. */
  readonly at: number;
  readonly functionName: string;
  /** Absent while the handler loads. */
  readonly requestId?: string;
  readonly text: string;
}

export type LogListener = (where: Where, line: LogLine) => void;

const lines = drawer<LogLine[]>(() => []);
const listeners = new WeakMap<World, LogListener[]>();

/** What the functions of this world logged, oldest first; of one function, or of all. */
export function logsOf(world: World, functionName?: string): readonly LogLine[] {
  const found = lines.all(world).flatMap(({ state }) => state);
  return functionName === undefined ? found : found.filter((line) => line.functionName === functionName);
}

/** Hear every log line, as CloudWatch does to find metrics in the embedded metric format. */
export function onLogLine(world: World, listener: LogListener): void {
  listeners.set(world, [...(listeners.get(world) ?? []), listener]);
}

/** Keeps a line and tells it to the listeners. */
export function writeLog(world: World, where: Where, line: LogLine): void {
  lines.of({ ...where, world }).push(line);
  for (const listener of listeners.get(world) ?? []) listener(where, line);
}
