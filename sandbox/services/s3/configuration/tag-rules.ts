import type * as s3 from '@aws-sdk/client-s3';
import { AwsError } from '../../../core/errors.ts';

const invalid = (message: string) => new AwsError('InvalidTag', message);
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** The rules for tags of buckets (at most 50) and objects (at most 10); `aws:` is AWS's own. */
export function checkTags(tags: readonly s3.Tag[], most = 50): void {
  if (tags.length > most) {
    const what = most === 10 ? 'Object tags' : 'Bucket tag count';
    throw new AwsError('BadRequest', `${what} cannot be greater than ${most}`);
  }
  const keys = tags.map(({ Key }) => Key);
  if (new Set(keys).size < keys.length) throw invalid('Cannot provide multiple Tags with the same key');
  for (const { Key = '', Value = '' } of tags) {
    if (Key === '' || [...Key].length > 128 || !ALLOWED.test(Key)) {
      throw invalid('The TagKey you have provided is invalid');
    }
    if ([...Value].length > 256 || !ALLOWED.test(Value))
      throw invalid('The TagValue you have provided is invalid');
    if (Key.startsWith('aws:')) throw invalid('System tags cannot be added/updated by requester');
  }
}

/** Objects get their tags also as a header: `a=1&b=2`. */
export function parseTagging(header: string | undefined): readonly s3.Tag[] | undefined {
  if (header === undefined) return undefined;
  const tags = [...new URLSearchParams(header)].map(([Key, Value]) => ({ Key, Value }));
  checkTags(tags, 10);
  return tags;
}
