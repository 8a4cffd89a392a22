import fc from 'fast-check';
import { calls as bucketCalls } from '../../../functions/delete-stale-buckets/calls.ts';
import { calls as tagCalls } from '../../../functions/enforce-tags/calls.ts';
import { calls as sshCalls } from '../../../functions/revoke-open-ssh/calls.ts';
import { calls as idleCalls } from '../../../functions/stop-idle-instances/calls.ts';
import type { CallTable } from '../../../shared/events/api-call.ts';
import { MalformedEvent } from '../../../shared/events/malformed.ts';
import { readEvent } from '../../../shared/events/read.ts';
import type { RecordReading } from '../../../shared/events/reading.ts';
import { type Door, door, type Knock } from '../door.ts';
import { mutated, mutations } from '../mutation.ts';
import { sampleEvents } from '../samples.ts';

const OWN = {
  account: '111122223333',
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20T09:15:00Z'),
  requestId: 'r-1',
};

const TABLES: readonly CallTable[] = [sshCalls, idleCalls, tagCalls, bucketCalls];

/** Events on their way to a signal, for each policy: read, or refused in one line. */
export function reading(): Door {
  const samples = sampleEvents();
  const inputs = fc.record({ sample: fc.constantFrom(...samples.keys()), mutations });
  return door('events', inputs, ({ sample, mutations: changes }) => {
    const event = mutated(samples.get(sample), changes);
    const lines = TABLES.flatMap((calls) => linesOf(event, calls));
    return { lines, acted: [], work: lines.length, mostWork: 4 * 2_100 } satisfies Knock;
  });
}

function linesOf(event: unknown, calls: CallTable): readonly string[] {
  try {
    const read = readEvent(event, OWN, calls);
    return read.kind === 'batch' ? read.records.flatMap(({ reading: one }) => told(one)) : told(read);
  } catch (error) {
    if (error instanceof MalformedEvent) return [error.message];
    throw error;
  }
}

function told(read: RecordReading): readonly string[] {
  if (read.kind === 'malformed') return [read.error.message];
  if (read.kind === 'unhandled') return [read.why];
  return read.ignored;
}
