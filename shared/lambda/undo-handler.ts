import middy, { type MiddyfiedHandler } from '@middy/core';
import type { Aws } from '../aws/access.ts';
import { readEmbedded } from '../config/embedded.ts';
import type { WayBack } from '../engine/way-back.ts';
import { answerUndo, type UndoAnswer } from './answer-undo.ts';
import { type Container, createContainer } from './container.ts';
import { readEnvironment } from './environment.ts';
import { homeOf, logged, measured } from './handler.ts';
import { createLogger, logOf } from './log.ts';
import { createMetrics } from './metrics.ts';

/**
 * The entry of the undo function. Throws for input that is wrong and for an id that the journal does not know, so that
 * whoever invokes it gets one clear line. Works while the kill switch is on: it is asked for by a person.
 */
export function undoHandler(
  embedded: unknown,
  waysBack: readonly WayBack<Aws>[],
): MiddyfiedHandler<unknown, UndoAnswer> {
  const environment = readEnvironment(process.env);
  const logger = createLogger('undo');
  const metrics = createMetrics('undo');
  const settings = readEmbedded(embedded, 'undo');
  let container: Container | undefined;

  return middy<unknown, UndoAnswer>({ timeoutEarlyInMillis: 0 })
    .use(logged(logger))
    .use(measured(metrics, () => container?.takeCalls() ?? 0))
    .handler(async (event, context) => {
      container ??= createContainer(environment, settings, homeOf(context, environment.region));
      return answerUndo({ waysBack, container }, event, {
        requestId: context.awsRequestId,
        remainingMs: () => context.getRemainingTimeInMillis(),
        metrics,
        logFor: (correlationId) => logOf(logger, correlationId),
      });
    });
}
