import type { Call } from '../../../sandbox/core/service.ts';
import type { Account } from './account.ts';
import { REEVE } from './life.ts';

const READS = /^(Describe|Get|List|Lookup|Head|Query|Scan|BatchGet|TransactGet|Search|Receive|Assume)/;

/** One call that Reeve sent, in the order of arrival. */
export interface Seen {
  readonly service: string;
  readonly operation: string;
  /** The how-many-th call of its operation it was, from 0. */
  readonly occurrence: number;
  readonly input: unknown;
  /** What it was signed with: each container has keys of its own. */
  readonly by: string;
}

/** Whether a call changes something that is not Reeve's own: its journal, its messages, its queue. */
export function changesTheAccount({ service, operation, input }: Seen): boolean {
  if (READS.test(operation)) return false;
  if (service === 'sns' && operation === 'Publish') return false;
  if (service === 'sqs' && operation === 'SendMessage') return false;
  return service !== 'dynamodb' || JSON.stringify(input).includes('"journal"') === false;
}

/** Sees every call of Reeve's as it arrives, before it takes effect. */
export function watch(account: Account, onCall: (call: Seen) => void): readonly Seen[] {
  const seen: Seen[] = [];
  const counts = new Map<string, number>();
  account.world.faults.add({
    kind: 'run',
    // It only looks: it never strikes.
    when: (input, call) => {
      if (!isReeve(call)) return false;
      const key = `${call.service}:${call.operation}`;
      const occurrence = counts.get(key) ?? 0;
      counts.set(key, occurrence + 1);
      const by = call.principal.accessKeyId;
      const one: Seen = { service: call.service, operation: call.operation, occurrence, input, by };
      seen.push(one);
      onCall(one);
      return false;
    },
  });
  return seen;
}

export function isReeve({ principal }: Call): boolean {
  return principal.userName === REEVE;
}
