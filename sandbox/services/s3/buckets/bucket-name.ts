import { AwsError } from '../../../core/errors.ts';

const FORBIDDEN_STARTS = ['xn--', 'sthree-', 'amzn-s3-demo-'];
const FORBIDDEN_ENDS = ['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3'];

/** Refuses what S3 takes for no name of a general purpose bucket (User Guide, "Bucket naming rules"). */
export function checkBucketName(name: string): void {
  const formed = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..');
  const isAddress = /^\d+\.\d+\.\d+\.\d+$/.test(name);
  const reserved =
    FORBIDDEN_STARTS.some((start) => name.startsWith(start)) ||
    FORBIDDEN_ENDS.some((end) => name.endsWith(end));
  if (formed && !isAddress && !reserved) return;
  throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName: name });
}
