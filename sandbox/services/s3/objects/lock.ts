import type * as s3 from '@aws-sdk/client-s3';
import { refuse } from '../refuse.ts';
import type { Bucket } from '../state.ts';
import type { Version } from '../versions/version.ts';

const DAY = 86_400_000;

/** What keeps a version from being deleted for good at this moment, in S3's words; nothing if it may go. */
export function protection(
  { details }: Version,
  now: Date,
  bypassesGovernance: boolean,
): 'LEGAL_HOLD' | 'COMPLIANCE' | 'GOVERNANCE' | undefined {
  if (details?.legalHold) return 'LEGAL_HOLD';
  const { Mode, RetainUntilDate } = details?.retention ?? {};
  if (!RetainUntilDate || RetainUntilDate <= now) return undefined;
  if (Mode === 'COMPLIANCE') return 'COMPLIANCE';
  return bypassesGovernance ? undefined : 'GOVERNANCE';
}

/** The lock of a new version: as its writer wishes, or by the bucket's default retention. */
export function lockForNew(
  bucket: Bucket,
  wish: Pick<
    s3.PutObjectRequest,
    'ObjectLockMode' | 'ObjectLockRetainUntilDate' | 'ObjectLockLegalHoldStatus'
  >,
  now: Date,
): { readonly retention?: s3.ObjectLockRetention; readonly legalHold?: boolean } {
  const { ObjectLockMode: Mode, ObjectLockRetainUntilDate: RetainUntilDate } = wish;
  const hold = wish.ObjectLockLegalHoldStatus;
  const configuration = bucket.configurations.objectLock;
  if (!configuration && (Mode ?? RetainUntilDate ?? hold) !== undefined) throw noLock();
  const legalHold = hold === undefined ? {} : { legalHold: hold === 'ON' };
  if (Mode === undefined && RetainUntilDate === undefined) {
    const retention = byDefault(configuration, now);
    return { ...legalHold, ...(retention && { retention }) };
  }
  const retention = { Mode, RetainUntilDate };
  checkRetention(retention, now);
  return { ...legalHold, retention };
}

function byDefault(
  configuration: s3.ObjectLockConfiguration | undefined,
  now: Date,
): s3.ObjectLockRetention | undefined {
  const rule = configuration?.Rule?.DefaultRetention;
  if (!rule) return undefined;
  const days = rule.Days ?? (rule.Years ?? 0) * 365;
  return { Mode: rule.Mode, RetainUntilDate: new Date(now.getTime() + days * DAY) };
}

/** Both a mode and a date, and that in the future. */
export function checkRetention({ Mode, RetainUntilDate }: s3.ObjectLockRetention, now: Date): void {
  if (Mode !== 'GOVERNANCE' && Mode !== 'COMPLIANCE') {
    throw refuse.invalidArgument('Unknown wormMode directive.', 'x-amz-object-lock-mode', Mode ?? '');
  }
  if (!RetainUntilDate || RetainUntilDate <= now) {
    throw refuse.invalidArgument(
      'The retain until date must be in the future!',
      'x-amz-object-lock-retain-until-date',
    );
  }
}

export function noLock() {
  return refuse.invalidRequest('Bucket is missing Object Lock Configuration');
}
