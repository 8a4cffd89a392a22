import { Logger } from '@aws-lambda-powertools/logger';
import { AwsFailure } from '../aws/errors.ts';
import type { Log } from '../engine/ports.ts';
import { safe } from '../notify/escape.ts';

const LONGEST = 2_000;

/** Structured logging for one function: JSON lines without secrets or control characters, never a whole event (B5.43). */
export function createLogger(service: string): Logger {
  return new Logger({ serviceName: service, logLevel: 'INFO', jsonReplacerFn: presentable });
}

/** The engine's log, every line with the id that one cause and its effects share. */
export function logOf(logger: Logger, correlationId: string): Log {
  return {
    info: (message, fields) => logger.info(message, { correlationId, ...fields }),
    warn: (message, fields) => logger.warn(message, { correlationId, ...fields }),
    error: (message, fields) => logger.error(message, { correlationId, ...fields }),
  };
}

function presentable(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return safe(value, LONGEST);
  if (!(value instanceof AwsFailure)) return value;
  // AWS's full text and the SDK's error with its request stay out of the log (B6.36).
  const { kind, code, action, requestId, status, message } = value;
  return { name: value.name, kind, code, action, requestId, status, message };
}
