import type { Metrics } from '@aws-lambda-powertools/metrics';
import type { Aws } from '../aws/access.ts';
import type { EmbeddedSettings } from '../config/embedded.ts';
import type { Policy } from '../engine/policy.ts';
import type { Log } from '../engine/ports.ts';
import type { Place } from '../engine/signal.ts';
import type { Change, Resource } from '../engine/verdict.ts';
import type { CallTable } from '../events/api-call.ts';
import { readEvent } from '../events/read.ts';
import { type Answer, answerReading } from './answer.ts';
import type { Container } from './container.ts';
import { runSignal } from './occurrence.ts';

/** A function as it stands between invocations. */
export interface Standing<S, R extends Resource, F, C extends Change> {
  readonly policy: Policy<Aws, S, R, F, C>;
  readonly calls: CallTable;
  readonly settings: EmbeddedSettings<S>;
  readonly home: Place;
  readonly container: Container;
}

/** One invocation, whatever calls it: Lambda's own handler, or a rehearsal. */
export interface Invocation {
  readonly now: Date;
  readonly requestId: string;
  remainingMs(): number;
  readonly metrics: Metrics;
  /** The log whose lines all carry this id. */
  logFor(correlationId: string): Log;
}

/** Reads the trigger and runs the policy for each signal in it; throws what has to reach the dead-letter queue. */
export async function answerEvent<S, R extends Resource, F, C extends Change>(
  { policy, calls, settings, home, container }: Standing<S, R, F, C>,
  event: unknown,
  { now, requestId, remainingMs, metrics, logFor }: Invocation,
): Promise<Answer> {
  return answerReading(readEvent(event, { ...home, now, requestId }, calls), {
    metrics,
    log: logFor(requestId),
    runSignal: (signal) => {
      const ports = container.ports({ log: logFor(signal.id), remainingMs });
      return runSignal(policy, signal, settings, ports, home);
    },
  });
}
