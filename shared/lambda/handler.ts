import type { Logger } from '@aws-lambda-powertools/logger';
import type { Metrics } from '@aws-lambda-powertools/metrics';
import middy, { type MiddlewareObj, type MiddyfiedHandler } from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Aws } from '../aws/access.ts';
import { parseArn } from '../aws/arn.ts';
import { readEmbedded } from '../config/embedded.ts';
import type { Policy } from '../engine/policy.ts';
import type { Place } from '../engine/signal.ts';
import type { Change, Resource } from '../engine/verdict.ts';
import type { CallTable } from '../events/api-call.ts';
import { safe } from '../notify/escape.ts';
import type { Answer } from './answer.ts';
import { answerEvent } from './answer-event.ts';
import { type Container, createContainer } from './container.ts';
import { readEnvironment } from './environment.ts';
import { createLogger, logOf } from './log.ts';
import { addCount, createMetrics } from './metrics.ts';

/**
 * The entry of every function: reads the trigger, runs the policy for each signal in it, logs and measures.
 *
 * Throws for a broken event and for a run that could read nothing, so that both reach the dead-letter queue; a trigger
 * that is not known ends normally.
 */
export function lambdaHandler<S, R extends Resource, F, C extends Change>(
  policy: Policy<Aws, S, R, F, C>,
  calls: CallTable,
  embedded: unknown,
): MiddyfiedHandler<unknown, Answer> {
  const environment = readEnvironment(process.env);
  const logger = createLogger(policy.name);
  const metrics = createMetrics(policy.name);
  const settings = readEmbedded<S>(embedded, policy.name);
  let container: Container | undefined;

  return middy<unknown, Answer>({ timeoutEarlyInMillis: 0 })
    .use(logged(logger))
    .use(measured(metrics, () => container?.takeCalls() ?? 0))
    .handler(async (event, context) => {
      const home = homeOf(context, environment.region);
      container ??= createContainer(environment, settings, home);
      return answerEvent({ policy, calls, settings, home, container }, event, {
        now: container.now(),
        requestId: context.awsRequestId,
        remainingMs: () => context.getRemainingTimeInMillis(),
        metrics,
        logFor: (correlationId) => logOf(logger, correlationId),
      });
    });
}

/** Account and partition of our own credentials, from the function's own ARN (B5.32). */
export function homeOf(context: Context, region: string): Place {
  const arn = parseArn(context.invokedFunctionArn);
  if (arn === undefined)
    throw new Error(`The function's own ARN cannot be read: ${context.invokedFunctionArn}`);
  return { partition: arn.partition, account: arn.account, region };
}

/** Puts the invocation's own context into every line, and its failure into one. */
export function logged<R>(logger: Logger): MiddlewareObj<unknown, R> {
  return {
    before: ({ context }) => logger.addContext(context),
    onError: ({ error }) => {
      logger.error('The invocation failed', { error });
      if (error) hideSecretsOf(error);
    },
  };
}

/** Lambda itself writes what is thrown into the log, and its message into the dead letter (B6.34). */
function hideSecretsOf(error: Error): void {
  error.message = safe(error.message);
  error.stack =
    error.stack
      ?.split('\n')
      .map((line) => line && safe(line))
      .join('\n') ?? '';
}

/** Publishes what was measured, also where the invocation failed. */
export function measured<R>(metrics: Metrics, calls: () => number): MiddlewareObj<unknown, R> {
  const publish = (): void => {
    addCount(metrics, 'ApiCalls', calls());
    metrics.publishStoredMetrics();
  };
  return {
    after: publish,
    onError: ({ error }) => {
      if (error?.name === 'MalformedEvent') addCount(metrics, 'Malformed', 1);
      publish();
    },
  };
}
