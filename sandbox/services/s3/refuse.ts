import { AwsError } from '../../core/errors.ts';

/** S3's refusals in the words of its API Reference ("Error responses", "List of error codes"). */
export const refuse = {
  noSuchBucket: (BucketName: string) =>
    new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName }),
  noSuchKey: (Key: string) => new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key }),
  noSuchVersion: (Key: string, VersionId: string) =>
    new AwsError('NoSuchVersion', 'The specified version does not exist.', 404, { Key, VersionId }),
  noSuchUpload: (UploadId: string) =>
    new AwsError(
      'NoSuchUpload',
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
      404,
      { UploadId },
    ),
  accessDenied: (message = 'Access Denied') => new AwsError('AccessDenied', message, 403),
  invalidRequest: (message: string) => new AwsError('InvalidRequest', message, 400),
  invalidArgument: (message: string, ArgumentName: string, ArgumentValue = '') =>
    new AwsError('InvalidArgument', message, 400, { ArgumentName, ArgumentValue }),
  malformedXml: () =>
    new AwsError(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    ),
  bucketNotEmpty: (BucketName: string, versioned: boolean) =>
    new AwsError(
      'BucketNotEmpty',
      versioned
        ? 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.'
        : 'The bucket you tried to delete is not empty',
      409,
      { BucketName },
    ),
  invalidBucketState: (message: string) => new AwsError('InvalidBucketState', message, 409),
  /** Asked of a region that is not the bucket's, signed for that other region. */
  permanentRedirect: (Bucket: string, region: string, Endpoint: string) =>
    new AwsError(
      'PermanentRedirect',
      'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
      301,
      { Bucket, Endpoint, 'x-amz-bucket-region': region },
    ),
  /** Asked of the global endpoint, which hands the request on to the bucket's region. */
  wrongSigningRegion: (signed: string, Region: string) =>
    new AwsError(
      'AuthorizationHeaderMalformed',
      `The authorization header is malformed; the region '${signed}' is wrong; expecting '${Region}'`,
      400,
      { Region, 'x-amz-bucket-region': Region },
    ),
} as const;
