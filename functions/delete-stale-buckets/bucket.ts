import type { Resource } from '../../shared/engine/verdict.ts';

/** A general purpose bucket of the account and region that is looked at. */
export interface Bucket extends Resource {
  readonly type: 'AWS::S3::Bucket';
  readonly account: string;
  readonly region: string;
  /** A lower bound of its age: editing the bucket policy may renew it (B4.5). */
  readonly createdAt: Date | undefined;
  /** Why its tags are not known; a missing mark or exemption then proves nothing. */
  readonly tagsUnread: string | undefined;
}
