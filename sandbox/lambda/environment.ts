import { type ChildProcess, fork } from 'node:child_process';
import { onLines } from './lines.ts';
import type { ErrorShape, FromRuntime, InvokeMessage, SimulatedTime } from './runtime/protocol.ts';

export interface EnvironmentOptions {
  /** The program of the runtime process. */
  readonly runtimeFile: string;
  /** Where the bundle is unpacked: the handler's working directory. */
  readonly taskRoot: string;
  /** All of the process' environment. */
  readonly variables: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  readonly logFormat: 'Text' | 'JSON';
  readonly time: () => SimulatedTime;
  readonly onLine: (line: string) => void;
}

type EnvironmentRequest = Pick<InvokeMessage, 'requestId' | 'payload' | 'invokedFunctionArn' | 'traceId'> & {
  readonly timeoutMs: number;
};

export interface Outcome {
  readonly payload?: string;
  readonly error?: ErrorShape;
  /** The environment cannot be used again. */
  readonly broken: boolean;
  readonly maxMemoryMb?: number;
}

/** One execution environment: a process that runs one invocation at a time and stays warm between them. */
export interface Environment {
  /** Resolves to what went wrong, or to the milliseconds that loading took. */
  readonly loaded: Promise<{ readonly error: ErrorShape } | { readonly initMs: number }>;
  invoke(request: EnvironmentRequest): Promise<Outcome>;
  close(): Promise<void>;
}

const INIT_LIMIT_MS = 10_000;
/** How often a running function is told that someone turned the account's clock. */
const CLOCK_CHECK_MS = 10;

/** Starts the process and loads the handler. */
export function startEnvironment(options: EnvironmentOptions): Environment {
  const child = start(options);
  let marked = () => {};
  const hear = (line: string) => (line.startsWith('\u0000end ') ? marked() : options.onLine(line));
  if (child.stdout) onLines(child.stdout, hear);
  if (child.stderr) onLines(child.stderr, hear);
  const closed = new Promise<string>((resolve) => {
    child.once('close', (code, signal) =>
      resolve(signal ? `signal: ${signalText(signal)}` : `exit status ${code}`),
    );
  });

  return {
    loaded: loading(child, closed),
    async invoke(request) {
      const bothStreams = marks(2, (mark) => {
        marked = mark;
      });
      const answered = answerTo(child, request.requestId).then(async (answer) => {
        await Promise.race([bothStreams, closed]);
        return answer;
      });
      const { timeoutMs, requestId } = request;
      const stopTelling = tellTime(child, options.time);
      const timer = timeLimit(timeoutMs);
      child.send({ type: 'invoke', ...request, time: options.time() });
      const ended = closed.then((how): Outcome => ({ error: exitError(requestId, how), broken: true }));
      const late = timer.struck.then(
        (): Outcome => ({ error: timeoutError(requestId, timeoutMs), broken: true }),
      );
      const outcome = await Promise.race([answered, ended, late]);
      timer.cancel();
      stopTelling();
      return outcome;
    },
    async close() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await closed;
    },
  };
}

function start({
  runtimeFile,
  taskRoot,
  variables,
  memoryMb,
  logFormat,
  time,
}: EnvironmentOptions): ChildProcess {
  const { now, ticking } = time();
  return fork(runtimeFile, [taskRoot, String(now), String(ticking), logFormat], {
    cwd: taskRoot,
    env: variables,
    // Lambda leaves part of the memory to Node itself in the same way.
    execArgv: [`--max-old-space-size=${Math.max(32, Math.floor(memoryMb * 0.9))}`],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

function loading(child: ChildProcess, closed: Promise<string>): Environment['loaded'] {
  const limit = timeLimit(INIT_LIMIT_MS);
  const told = new Promise<{ error: ErrorShape } | { initMs: number }>((resolve) => {
    child.on('message', (message: FromRuntime) => {
      if (message.type === 'ready') resolve({ initMs: message.initMs });
      if (message.type === 'init-error') resolve({ error: message.error });
    });
  });
  const ended = closed.then((how) => ({ error: exitError(undefined, how) }));
  const late = limit.struck.then(() => ({ error: timeoutError(undefined, INIT_LIMIT_MS) }));
  return Promise.race([told, ended, late]).finally(limit.cancel);
}

function answerTo(child: ChildProcess, requestId: string): Promise<Outcome> {
  return new Promise((resolve) => {
    child.on('message', function hear(message: FromRuntime) {
      if (!('requestId' in message) || message.requestId !== requestId) return;
      child.off('message', hear);
      if (message.type === 'error') resolve({ error: message.error, broken: false });
      else resolve({ payload: message.payload, maxMemoryMb: message.maxMemoryMb, broken: false });
    });
  });
}

function marks(count: number, give: (mark: () => void) => void): Promise<void> {
  let left = count;
  return new Promise((resolve) => {
    give(() => {
      left -= 1;
      if (left === 0) resolve();
    });
  });
}

function tellTime(child: ChildProcess, time: () => SimulatedTime): () => void {
  let { now: told } = time();
  const timer = setInterval(() => {
    const next = time();
    if (next.ticking || next.now === told || !child.connected) return;
    told = next.now;
    child.send({ type: 'time', time: next });
  }, CLOCK_CHECK_MS);
  return () => clearInterval(timer);
}

function timeLimit(ms: number): { readonly struck: Promise<void>; readonly cancel: () => void } {
  let cancel = () => {};
  const struck = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    cancel = () => clearTimeout(timer);
  });
  return { struck, cancel };
}

function timeoutError(requestId: string | undefined, ms: number): ErrorShape {
  const errorMessage = `${prefix(requestId)}Error: Task timed out after ${(ms / 1000).toFixed(2)} seconds`;
  return { errorType: 'Sandbox.Timedout', errorMessage };
}

function exitError(requestId: string | undefined, how: string): ErrorShape {
  const reason =
    how === 'exit status 0'
      ? 'Runtime exited without providing a reason'
      : `Runtime exited with error: ${how}`;
  return { errorType: 'Runtime.ExitError', errorMessage: `${prefix(requestId)}Error: ${reason}` };
}

const prefix = (requestId: string | undefined) => (requestId ? `RequestId: ${requestId} ` : '');

const signalText = (signal: string) => ({ SIGKILL: 'killed', SIGABRT: 'aborted' })[signal] ?? signal;
