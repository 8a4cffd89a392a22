/** The simulated time: `ticking` follows real time from `now`, otherwise it stands still. */
export interface SimulatedTime {
  readonly now: number;
  readonly ticking: boolean;
}

/** One invocation as the sandbox hands it to the runtime process. */
export interface InvokeMessage {
  readonly type: 'invoke';
  readonly requestId: string;
  /** JSON text. */
  readonly payload: string;
  /** Real milliseconds until the configured time-out strikes. */
  readonly timeoutMs: number;
  readonly invokedFunctionArn: string;
  readonly traceId: string;
  readonly time: SimulatedTime;
}

interface TimeMessage {
  readonly type: 'time';
  readonly time: SimulatedTime;
}

/** Lambda's shape of an error. */
export interface ErrorShape {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export type ToRuntime = InvokeMessage | TimeMessage;

export type FromRuntime =
  | { readonly type: 'ready'; readonly initMs: number }
  | { readonly type: 'init-error'; readonly error: ErrorShape }
  | {
      readonly type: 'result';
      readonly requestId: string;
      readonly payload: string;
      readonly maxMemoryMb: number;
    }
  | { readonly type: 'error'; readonly requestId: string; readonly error: ErrorShape };

/** Written to stdout and stderr after an invocation: everything before it belongs to that invocation. */
export const endMark = (requestId: string): string => `\u0000end ${requestId}`;
