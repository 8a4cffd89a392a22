// The process behind one execution environment: it speaks the protocol with the sandbox and runs the handler, which
// finds what Lambda would give it: its own files, environment, credentials, log format and the account's clock.
import { installClock, setTime } from './clock.ts';
import { installConsole } from './console.ts';
import { errorShape, RuntimeError } from './errors.ts';
import { installGuard } from './guard.ts';
import { type Handler, loadHandler } from './handler.ts';
import { endMark, type FromRuntime, type InvokeMessage, type ToRuntime } from './protocol.ts';

const [, , root = '', firstTime = '0', ticking = 'false', logFormat = 'Text'] = process.argv;
const channel = process.send?.bind(process);
Reflect.deleteProperty(process, 'send');
process.argv.splice(2);

let current: InvokeMessage | undefined;
const say = (message: FromRuntime) => channel?.(message);

setTime({ now: Number(firstTime), ticking: ticking === 'true' });
installClock();
installConsole(logFormat, () => current?.requestId);
installGuard();

process.on('disconnect', () => process.exit(0));
process.on('uncaughtException', (error) => fail(error));
process.on('unhandledRejection', (reason) => {
  fail(
    new RuntimeError(
      'Runtime.UnhandledPromiseRejection',
      reason instanceof Error ? String(reason) : `${reason}`,
      reason,
    ),
  );
});

const loading = performance.now();
try {
  const handler = await loadHandler(root, process.env._HANDLER ?? '');
  const callbacks = handler.length >= 3;
  if (callbacks && process.env.AWS_EXECUTION_ENV !== 'AWS_Lambda_nodejs22.x') {
    const hint =
      'AWS Lambda has removed support for callback-based function handlers starting with Node.js 24.';
    throw new RuntimeError('Runtime.CallbackHandlerDeprecated', hint);
  }
  process.on('message', (message: ToRuntime) => {
    setTime(message.time);
    if (message.type === 'invoke') run(handler, message, callbacks);
  });
  say({ type: 'ready', initMs: performance.now() - loading });
} catch (error) {
  report('Uncaught Exception', error);
  say({ type: 'init-error', error: errorShape(error) });
}

async function run(handler: Handler, message: InvokeMessage, callbacks: boolean): Promise<void> {
  current = message;
  process.env._X_AMZN_TRACE_ID = message.traceId;
  try {
    const event: unknown = JSON.parse(message.payload);
    const answer = callbacks
      ? await byCallback(handler, event, message)
      : await handler(event, contextOf(message));
    const maxMemoryMb = Math.ceil(process.resourceUsage().maxRSS / 1024);
    const payload = JSON.stringify(answer ?? null) ?? 'null';
    finish({ type: 'result', requestId: message.requestId, payload, maxMemoryMb });
  } catch (error) {
    report('Invoke Error', error);
    finish({ type: 'error', requestId: message.requestId, error: errorShape(error) });
  }
}

function byCallback(handler: Handler, event: unknown, message: InvokeMessage): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const answer = handler(event, contextOf(message), (error, value) =>
      error ? reject(error) : resolve(value),
    );
    if (answer instanceof Promise) answer.then(resolve, reject);
  });
}

function contextOf({ requestId, invokedFunctionArn, timeoutMs }: InvokeMessage): object {
  const deadline = performance.now() + timeoutMs;
  const env = process.env;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: undefined,
    identity: undefined,
    invokedFunctionArn,
    awsRequestId: requestId,
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(deadline - performance.now())),
  };
}

/** An error outside any promise of the handler ends the environment, as in Lambda. */
function fail(error: unknown): void {
  report('Uncaught Exception', error);
  if (current) finish({ type: 'error', requestId: current.requestId, error: errorShape(error) });
  else say({ type: 'init-error', error: errorShape(error) });
  setImmediate(() => process.exit(129));
}

function report(title: string, error: unknown): void {
  const { errorType, errorMessage, trace = [] } = errorShape(error);
  console.error(`${title} \t${JSON.stringify({ errorType, errorMessage, stack: trace })}`);
}

function finish(message: FromRuntime & { requestId: string }): void {
  process.stdout.write(`${endMark(message.requestId)}\n`);
  process.stderr.write(`${endMark(message.requestId)}\n`);
  current = undefined;
  say(message);
}
