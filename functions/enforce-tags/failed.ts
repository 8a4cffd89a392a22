import { AwsFailure } from '../../shared/aws/errors.ts';
import type { Acted } from '../../shared/engine/policy.ts';

/** What an answer of AWS means for a change; whatever else went wrong is a bug and goes on. */
export function failed(error: unknown): Acted {
  if (!(error instanceof AwsFailure)) throw error;
  if (error.kind === 'gone') return { result: 'gone', reason: 'It does not exist any more.' };
  const uncertain = error.kind === 'timeout' || error.kind === 'retryable';
  const reason =
    error.kind === 'denied-by-organisation'
      ? `Denied by the organisation, which no right of Reeve's can change: ${error.message}`
      : error.message;
  return { result: 'failed', code: error.code, reason, ...(uncertain ? { uncertain } : {}) };
}
