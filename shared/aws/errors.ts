/** What a caller can do about a failed call; the codes behind each are in error-kinds.ts. */
export type FailureKind =
  /** Asked too fast, and the retries are used up: later. */
  | 'throttled'
  /** AWS's or the network's fault, or no capacity now: later. */
  | 'retryable'
  /** Our own rights, or the resource's own protection. */
  | 'denied'
  /** The organisation's policies forbid it; no right of ours helps. */
  | 'denied-by-organisation'
  /** What was named does not exist (any more). */
  | 'gone'
  /** The current state or a limit does not allow it. */
  | 'conflict'
  /** The credentials are past their time. */
  | 'expired'
  /** The request itself is wrong. */
  | 'invalid'
  /** The region or service is not switched on for this account. */
  | 'not-enabled'
  /** No answer in time, or a cut connection: it may or may not have been done. */
  | 'timeout'
  | 'unknown';

/** Everything that AWS or the network answers instead of a result. `message` is short; `full` is for the journal only. */
export class AwsFailure extends Error {
  readonly kind: FailureKind;
  /** AWS's error code without `Client.` or `Server.`, e.g. `InvalidGroup.NotFound`. */
  readonly code: string;
  /** The operation, e.g. `DescribeSecurityGroups`. */
  readonly action: string;
  readonly requestId: string | undefined;
  /** HTTP status, where there was an answer. */
  readonly status: number | undefined;
  readonly full: string;
  /** Tries that the SDK made; with more than one an earlier answer was lost or refused. */
  readonly attempts?: number | undefined;

  constructor(fields: Omit<AwsFailure, keyof Error>, cause?: unknown) {
    super(`${fields.code}: ${shortened(fields.full)}`, { cause });
    this.name = 'AwsFailure';
    this.kind = fields.kind;
    this.code = fields.code;
    this.action = fields.action;
    this.requestId = fields.requestId;
    this.status = fields.status;
    this.full = fields.full;
    this.attempts = fields.attempts;
  }
}

const LONGEST = 200;

/** AWS's sentence without encoded authorisation text, with ARNs cut to their names, at most 200 characters (B6.36). */
function shortened(text: string): string {
  const plain = text
    .replace(/\.?\s*Encoded authorization failure message:.*$/s, '')
    .replace(/arn:aws[\w-]*:[^\s"',]*[:/]([^\s"',:/]+)/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST - 1)}…` : plain;
}
