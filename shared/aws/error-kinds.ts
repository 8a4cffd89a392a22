import { AwsFailure, type FailureKind } from './errors.ts';

const CODES: Readonly<Record<Exclude<FailureKind, 'unknown'>, readonly string[]>> = {
  throttled: [
    'BandwidthLimitExceeded',
    'EC2ThrottledException',
    'LimitExceededException',
    'PriorRequestNotComplete',
    'ProvisionedThroughputExceededException',
    'RequestLimitExceeded',
    'RequestThrottled',
    'RequestThrottledException',
    'SlowDown',
    'ThrottledException',
    'Throttling',
    'ThrottlingException',
    'TooManyRequestsException',
  ],
  retryable: [
    'EAI_AGAIN',
    'ECONNREFUSED',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ENOTFOUND',
    'InstanceLimitExceeded',
    'InsufficientHostCapacity',
    'InsufficientInstanceCapacity',
    'InternalError',
    'InternalFailure',
    'InternalServerError',
    'InternalServerException',
    'InternalServiceException',
    'ServiceUnavailable',
    'ServiceUnavailableException',
    'Unavailable',
    'VcpuLimitExceeded',
  ],
  denied: [
    'AccessDenied',
    'AccessDeniedException',
    'AllAccessDisabled',
    'AuthorizationError',
    'AuthorizationErrorException',
    'CredentialsProviderError',
    'InvalidSignatureException',
    'KMSAccessDeniedException',
    'OperationNotPermitted',
    'RequestTimeTooSkewed',
    'SignatureDoesNotMatch',
    'UnauthorizedException',
    'UnauthorizedOperation',
  ],
  'denied-by-organisation': ['TagPolicyException', 'TagPolicyViolation'],
  gone: ['NotFound', 'QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'],
  conflict: [
    'BucketNotEmpty',
    'ConcurrentModificationException',
    'ConditionalCheckFailedException',
    'ConstraintViolationException',
    'DependencyViolation',
    'IncorrectInstanceState',
    'IncorrectSpotRequestState',
    'IncorrectState',
    'InvalidBucketState',
    'InvalidObjectState',
    'InvalidPermission.Duplicate',
    'OperationAborted',
    'ResourceInUse',
    'ResourceInUseException',
    'RulesPerSecurityGroupLimitExceeded',
    'TagLimitExceeded',
    'TransactionConflictException',
    'UnsupportedHibernationConfiguration',
    'UnsupportedOperation',
  ],
  expired: ['ExpiredToken', 'ExpiredTokenException', 'RequestExpired', 'TokenRefreshRequired'],
  invalid: [
    'AuthorizationHeaderMalformed',
    'IllegalLocationConstraintException',
    'InvalidNextToken',
    'InvalidParameter',
    'InvalidParameterCombination',
    'InvalidParameterValue',
    'InvalidRequest',
    'InvalidTag',
    'KeyTooLongError',
    'MalformedXML',
    'MissingContentMD5',
    'MissingParameter',
    'PackedPolicyTooLargeException',
    'PaginationTokenExpired',
    'PaginationTokenExpiredException',
    'PermanentRedirect',
    'ValidationError',
    'ValidationException',
  ],
  'not-enabled': ['OptInRequired', 'RegionDisabledException', 'SubscriptionRequiredException'],
  // The SDK calls a cut connection a TimeoutError too: nobody knows what was done.
  timeout: [
    'AbortError',
    'ECONNRESET',
    'EPIPE',
    'ETIMEDOUT',
    'RequestTimeout',
    'RequestTimeoutException',
    'TimeoutError',
  ],
};

const KINDS: ReadonlyMap<string, FailureKind> = new Map(
  Object.entries(CODES).flatMap(([kind, codes]) =>
    // Object.entries forgets the key type of a record that is literally keyed by it.
    codes.map((code): [string, FailureKind] => [code, kind as FailureKind]),
  ),
);

/** What AWS answers to good credentials in a region that the account has not opted in to (B5.30), and to bad ones. */
const NOT_KNOWN_HERE: readonly string[] = [
  'AuthFailure',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
];

const BY_ORGANISATION = /(service|resource) control policy|declarative policy/i;
const BY_NAMED_POLICY = /explicit deny in an? (identity|resource|session|permissions|vpc)/i;

/** Where and what was asked. `home`: the region is the one that our credentials are proven in. */
export interface Call {
  readonly action: string;
  readonly home: boolean;
}

/** Sorts a code (and, for denials, the text) into what can be done about it. */
export function kindOf(
  code: string,
  message: string,
  status: number | undefined,
  home: boolean,
): FailureKind {
  if (NOT_KNOWN_HERE.includes(code)) return home ? 'denied' : 'not-enabled';
  const kind = KINDS.get(code) ?? kindByForm(code, status);
  if (kind !== 'denied') return kind;
  const byOrganisation =
    BY_ORGANISATION.test(message) || (/explicit deny/i.test(message) && !BY_NAMED_POLICY.test(message));
  return byOrganisation ? 'denied-by-organisation' : 'denied';
}

function kindByForm(code: string, status: number | undefined): FailureKind {
  if (/NotFound(Error|Exception)?$|^NoSuch|DoesNotExist$/.test(code)) return 'gone';
  if (/Malformed/.test(code)) return 'invalid';
  if (status === 429) return 'throttled';
  if (status !== undefined && status >= 500) return 'retryable';
  return 'unknown';
}

/** Turns whatever an SDK client rejects with into an `AwsFailure`. */
export function failureFrom(error: unknown, { action, home }: Call): AwsFailure {
  if (error instanceof AwsFailure) return error;
  const { name, message, code, metadata } = fieldsOf(error);
  const given = name === 'Error' || name === 'AggregateError' ? (code ?? name) : name;
  const plain = given.replace(/^(Client|Server)\./, '');
  const status = metadata?.httpStatusCode;
  const kind = kindOf(plain, message, status, home);
  return new AwsFailure(
    {
      kind,
      code: plain,
      action,
      requestId: metadata?.requestId,
      status,
      full: message,
      attempts: metadata?.attempts,
    },
    error,
  );
}

interface SdkError {
  readonly name: string;
  readonly message: string;
  readonly code: string | undefined;
  readonly metadata:
    | { readonly httpStatusCode?: number; readonly requestId?: string; readonly attempts?: number }
    | undefined;
}

function fieldsOf(error: unknown): SdkError {
  if (!(error instanceof Error)) {
    return { name: 'Unknown', message: String(error), code: undefined, metadata: undefined };
  }
  // SDK and socket errors are Errors with these two fields; their classes differ per client and cannot be listed.
  const { code, $metadata } = error as Error & { code?: unknown; $metadata?: SdkError['metadata'] };
  return {
    name: error.name,
    message: error.message,
    code: typeof code === 'string' ? code : undefined,
    metadata: $metadata,
  };
}
