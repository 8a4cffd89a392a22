import type { ErrorShape } from './protocol.ts';

/** An error of the runtime itself, such as `Runtime.HandlerNotFound`. */
export class RuntimeError extends Error {
  constructor(type: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = type;
  }
}

/** What was thrown, in Lambda's shape: anything that is no Error becomes its text. */
export function errorShape(thrown: unknown): ErrorShape {
  if (!(thrown instanceof Error)) {
    const errorMessage = typeof thrown === 'string' ? thrown : (JSON.stringify(thrown) ?? String(thrown));
    return { errorType: typeof thrown, errorMessage, trace: [] };
  }
  return { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? '').split('\n') };
}
