import { format } from 'node:util';

const LEVELS = {
  trace: 'TRACE',
  debug: 'DEBUG',
  log: 'INFO',
  info: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
} as const;

/** Makes `console` write like Lambda's: tab-separated with the request id, or one JSON object a line. */
export function installConsole(logFormat: string, requestId: () => string | undefined): void {
  for (const [method, level] of Object.entries(LEVELS)) {
    Reflect.set(console, method, (...args: unknown[]) => {
      const line =
        logFormat === 'JSON' ? jsonLine(level, args, requestId()) : textLine(level, args, requestId());
      process.stdout.write(`${line}\n`);
    });
  }
}

function textLine(level: string, args: readonly unknown[], requestId: string | undefined): string {
  // A carriage return keeps a message of many lines one entry in CloudWatch Logs.
  const message = format(...args).replaceAll('\n', '\r');
  return [new Date().toISOString(), requestId ?? 'undefined', level, message].join('\t');
}

function jsonLine(level: string, args: readonly unknown[], requestId: string | undefined): string {
  const [first, ...more] = args;
  const message =
    more.length === 0 && typeof first === 'object' && !(first instanceof Error) ? first : format(...args);
  const error = args.find((each) => each instanceof Error);
  return JSON.stringify({
    timestamp: new Date().toISOString(),
    level,
    requestId,
    message,
    ...(error && {
      errorType: error.name,
      errorMessage: error.message,
      stackTrace: error.stack?.split('\n').slice(1),
    }),
  });
}
