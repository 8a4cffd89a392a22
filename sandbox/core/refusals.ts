import { AwsError } from './errors.ts';

type Refusal = readonly [code: string, message: string, status: number];

const THROTTLED: Readonly<Record<string, Refusal>> = {
  ec2: ['RequestLimitExceeded', 'Request limit exceeded.', 503],
  sns: ['Throttling', 'Rate exceeded', 400],
  sts: ['Throttling', 'Rate exceeded', 400],
  iam: ['Throttling', 'Rate exceeded', 400],
  cloudwatch: ['Throttling', 'Rate exceeded', 400],
  cloudformation: ['Throttling', 'Rate exceeded', 400],
  sqs: ['RequestThrottled', 'Rate exceeded', 400],
  lambda: ['TooManyRequestsException', 'Rate Exceeded.', 429],
  s3: ['SlowDown', 'Please reduce your request rate.', 503],
};

/** What a service answers to a caller who asks too often. */
export function throttled(service: string): AwsError {
  const [code, message, status] = THROTTLED[service] ?? ['ThrottlingException', 'Rate exceeded', 400];
  return new AwsError(code, message, status);
}

/** What the sandbox says instead of answering something that it does not do: never a silent success. */
export function notImplemented(what: string): AwsError {
  return new AwsError('NotImplemented', `The sandbox does not implement ${what}.`, 501);
}

type Kind = 'unknown' | 'expired';
const INVALID = 'The security token included in the request is invalid.';
const EXPIRED = 'The security token included in the request is expired';

/** What each way of speaking answers to keys that are not known (or not valid in that region) or have run out. */
const REFUSED: Readonly<Record<string, Readonly<Record<Kind, Refusal>>>> = {
  ec2Query: {
    unknown: ['AuthFailure', 'AWS was not able to validate the provided access credentials', 401],
    expired: ['RequestExpired', 'Request has expired.', 400],
  },
  awsQuery: {
    unknown: ['InvalidClientTokenId', INVALID, 403],
    expired: ['ExpiredToken', EXPIRED, 403],
  },
  restXml: {
    unknown: ['InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', 403],
    expired: ['ExpiredToken', 'The provided token has expired.', 400],
  },
  restJson1: {
    unknown: ['UnrecognizedClientException', INVALID, 403],
    expired: ['ExpiredTokenException', EXPIRED, 403],
  },
};
const JSON_REFUSED: Readonly<Record<Kind, Refusal>> = {
  unknown: ['UnrecognizedClientException', INVALID, 400],
  expired: ['ExpiredTokenException', EXPIRED, 400],
};

/** What a caller with unknown or expired keys is told, in the words of the protocol that he speaks. */
export function refusedCredential(protocol: string, kind: Kind): AwsError {
  const [code, message, status] = (REFUSED[protocol] ?? JSON_REFUSED)[kind];
  return new AwsError(code, message, status);
}
