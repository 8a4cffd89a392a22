import { expect, it } from 'vitest';
import { calls } from '../../../functions/delete-stale-buckets/calls.ts';

const call = (eventSource: string, request: unknown) => ({
  eventSource,
  eventName: 'PutBucketPolicy',
  errorCode: undefined,
  request,
  response: null,
});

it.each(Object.entries(calls))('B5.1 %s points at the bucket that it names', (_name, refsOf) => {
  const request = { bucketName: 'old-logs', Host: 'old-logs.s3.amazonaws.com' };
  expect(refsOf(call('s3.amazonaws.com', request))).toEqual([{ type: 'AWS::S3::Bucket', id: 'old-logs' }]);
});

it('B5.14 a record without a bucket is malformed, and one of another service nobody asked for', () => {
  expect(() => calls.PutBucketPolicy?.(call('s3.amazonaws.com', {}))).toThrow('bucketName');
  expect(() => calls.PutBucketPolicy?.(call('s3.amazonaws.com', null))).toThrow('bucketName');
  expect(calls.PutBucketPolicy?.(call('s3-outposts.amazonaws.com', { bucketName: 'x' }))).toEqual([]);
});
