import { expect, it } from 'vitest';
import { failureFrom, kindOf } from '../../../shared/aws/error-kinds.ts';
import type { FailureKind } from '../../../shared/aws/errors.ts';

/** Every code of the headers of edge-cases B1 to B6. */
const KINDS: Readonly<Record<string, FailureKind>> = {
  IncorrectInstanceState: 'conflict',
  IncorrectSpotRequestState: 'conflict',
  'InvalidInstanceID.NotFound': 'gone',
  'InvalidInstanceID.Malformed': 'invalid',
  UnsupportedOperation: 'conflict',
  OperationNotPermitted: 'denied',
  UnauthorizedOperation: 'denied',
  DryRunOperation: 'unknown',
  RequestLimitExceeded: 'throttled',
  InsufficientInstanceCapacity: 'retryable',
  InstanceLimitExceeded: 'retryable',
  VcpuLimitExceeded: 'retryable',
  InsufficientHostCapacity: 'retryable',
  UnsupportedHibernationConfiguration: 'conflict',
  InternalError: 'retryable',
  Unavailable: 'retryable',
  TagLimitExceeded: 'conflict',
  InvalidParameterValue: 'invalid',
  InvalidTag: 'invalid',
  NoSuchTagSet: 'gone',
  OperationAborted: 'conflict',
  TagPolicyException: 'denied-by-organisation',
  TagPolicyViolation: 'denied-by-organisation',
  ConstraintViolationException: 'conflict',
  ConcurrentModificationException: 'conflict',
  PaginationTokenExpiredException: 'invalid',
  ThrottledException: 'throttled',
  InternalServiceException: 'retryable',
  AccessDenied: 'denied',
  AccessDeniedException: 'denied',
  'InvalidPermission.NotFound': 'gone',
  'InvalidPermission.Duplicate': 'conflict',
  'InvalidPermission.Malformed': 'invalid',
  'InvalidGroup.NotFound': 'gone',
  'InvalidGroupId.Malformed': 'invalid',
  'InvalidSecurityGroupRuleId.NotFound': 'gone',
  RulesPerSecurityGroupLimitExceeded: 'conflict',
  InvalidParameterCombination: 'invalid',
  NoSuchBucket: 'gone',
  BucketNotEmpty: 'conflict',
  PermanentRedirect: 'invalid',
  AuthorizationHeaderMalformed: 'invalid',
  IllegalLocationConstraintException: 'invalid',
  InvalidBucketState: 'conflict',
  InvalidObjectState: 'conflict',
  MalformedXML: 'invalid',
  InvalidRequest: 'invalid',
  MissingContentMD5: 'invalid',
  NoSuchBucketPolicy: 'gone',
  NoSuchLifecycleConfiguration: 'gone',
  ObjectLockConfigurationNotFoundError: 'gone',
  ReplicationConfigurationNotFoundError: 'gone',
  NoSuchWebsiteConfiguration: 'gone',
  SlowDown: 'throttled',
  NoSuchVersion: 'gone',
  KeyTooLongError: 'invalid',
  RequestTimeTooSkewed: 'denied',
  Throttling: 'throttled',
  ThrottlingException: 'throttled',
  TooManyRequestsException: 'throttled',
  ProvisionedThroughputExceededException: 'throttled',
  ExpiredToken: 'expired',
  ExpiredTokenException: 'expired',
  RequestExpired: 'expired',
  InvalidClientTokenId: 'denied',
  AuthFailure: 'denied',
  OptInRequired: 'not-enabled',
  RegionDisabledException: 'not-enabled',
  PackedPolicyTooLargeException: 'invalid',
  InvalidParameter: 'invalid',
  InvalidNextToken: 'invalid',
  ConditionalCheckFailedException: 'conflict',
  ParameterNotFound: 'gone',
};

it.each(Object.entries(KINDS))('B5.28 B5.27 B5.23 %s is %s', (code, kind) => {
  expect(kindOf(code, '', 400, true)).toBe(kind);
});

it.each(['AuthFailure', 'UnrecognizedClientException', 'InvalidClientTokenId'])(
  'B5.30 %s means "not enabled" outside the region that our credentials are proven in',
  (code) => {
    expect(kindOf(code, '', 401, false)).toBe('not-enabled');
    expect(kindOf(code, '', 401, true)).toBe('denied');
  },
);

it.each<[string, FailureKind]>([
  ['… with an explicit deny in a service control policy', 'denied-by-organisation'],
  ['… because no service control policy allows the ec2:X action', 'denied-by-organisation'],
  ['… with an explicit deny in a resource control policy', 'denied-by-organisation'],
  ['… with an explicit deny', 'denied-by-organisation'],
  ['… with an explicit deny in an identity-based policy', 'denied'],
  ['… with an explicit deny in a permissions boundary', 'denied'],
  ['… because no identity-based policy allows the ec2:X action', 'denied'],
])('B2.20 B5.30 a denial that says "%s" is %s', (message, kind) => {
  expect(kindOf('AccessDenied', message, 403, true)).toBe(kind);
});

it.each<[string | undefined, number | undefined, FailureKind]>([
  ['ECONNRESET', undefined, 'timeout'],
  ['ENOTFOUND', undefined, 'retryable'],
  ['ETIMEDOUT', undefined, 'timeout'],
  [undefined, 503, 'retryable'],
  [undefined, 429, 'throttled'],
  [undefined, 418, 'unknown'],
])('sorts errors without a known name: code %s, status %s is %s', (code, httpStatusCode, kind) => {
  const error = Object.assign(new Error('x'), { code, $metadata: { httpStatusCode } });

  expect(failureFrom(error, { action: 'Do', home: true })).toMatchObject({ kind });
});

it('takes the code without its CloudTrail prefix, the request id, the status and the cause', () => {
  const error = Object.assign(new Error('no such group'), {
    name: 'Client.InvalidGroup.NotFound',
    $metadata: { httpStatusCode: 400, requestId: 'r-1' },
  });

  expect(failureFrom(error, { action: 'DescribeSecurityGroups', home: true })).toMatchObject({
    kind: 'gone',
    code: 'InvalidGroup.NotFound',
    action: 'DescribeSecurityGroups',
    requestId: 'r-1',
    status: 400,
    message: 'InvalidGroup.NotFound: no such group',
    cause: error,
  });
});

it('B6.36 shows AWS sentences short, without encoded text and ARNs, and keeps them whole for the journal', () => {
  const text = `User: arn:aws:sts::111122223333:assumed-role/reeve/x is not authorized to perform: ec2:Y on resource: arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1. Encoded authorization failure message: ${'abc'.repeat(500)}`;
  const failure = failureFrom(Object.assign(new Error(text), { name: 'UnauthorizedOperation' }), {
    action: 'Y',
    home: true,
  });

  expect(failure.message).toBe(
    'UnauthorizedOperation: User: x is not authorized to perform: ec2:Y on resource: sg-1',
  );
  expect(failure.full).toBe(text);
  expect(
    failureFrom(new Error('long '.repeat(100)), { action: 'Y', home: true }).message.length,
  ).toBeLessThan(220);
});

it('copes with anything that is thrown', () => {
  expect(failureFrom('text', { action: 'X', home: true })).toMatchObject({ kind: 'unknown', full: 'text' });
});
