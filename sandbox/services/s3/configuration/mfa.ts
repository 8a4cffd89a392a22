import { refuse } from '../refuse.ts';
import type { Bucket } from '../state.ts';

/** With MFA delete on, a request that destroys versions or changes versioning has to carry `device code`. */
export function checkMfa({ mfaDevice }: Bucket, mfa: string | undefined): void {
  if (mfaDevice === undefined) return;
  if (mfa === undefined) {
    throw refuse.accessDenied('Mfa Authentication must be used for this request');
  }
  const [device, code = ''] = mfa.split(' ');
  if (device !== mfaDevice || !/^\d{6}$/.test(code)) throw refuse.accessDenied();
}
