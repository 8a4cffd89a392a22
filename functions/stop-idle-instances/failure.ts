import type { AwsFailure } from '../../shared/aws/errors.ts';
import type { Acted } from '../../shared/engine/policy.ts';

const SENTENCES: ReadonlyMap<string, string> = new Map([
  [
    'InsufficientInstanceCapacity',
    'AWS has no room for it in its zone right now: try later, or another type',
  ],
  ['InsufficientHostCapacity', 'Its dedicated host has no room for it right now'],
  ['InstanceLimitExceeded', 'The account may run no more instances: ask AWS for a higher limit'],
  ['VcpuLimitExceeded', 'The account may run no more vCPUs of this kind: ask AWS for a higher limit'],
  ['OperationNotPermitted', 'It is protected, or managed by a service'],
]);

/** What a refused call means for one instance, in words that its owner can use (B1.53). */
export function failureOf(error: AwsFailure, changing: boolean): Acted & { readonly result: 'failed' } {
  const sentence = SENTENCES.get(error.code);
  const reason = sentence === undefined ? error.message : `${sentence} (${error.message})`;
  const uncertain =
    changing && (error.kind === 'timeout' || (error.kind === 'retryable' && sentence === undefined));
  return { result: 'failed', code: error.code, reason, ...(uncertain ? { uncertain } : {}) };
}
