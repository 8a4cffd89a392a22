import type { Result, RunReport } from '../../shared/engine/outcome.ts';
import type { PlannedItem } from '../../shared/engine/planned.ts';
import type { Place } from '../../shared/engine/signal.ts';
import { cutOff } from '../no-queue.ts';

/** Where an item of a plan is, and nothing else about it. */
export function placeOf({ partition, account, region }: Place): Place {
  return { partition, account, region };
}

/** How it ended for one resource of the plan; one that could not be read any more has no result of its own. */
export function resultOf(
  item: PlannedItem,
  known: readonly Result[],
  { missing, places }: Pick<RunReport, 'missing' | 'places'>,
): Result {
  const found = known.find(
    ({ resource, account, region }) =>
      resource.arn === item.resource.arn && account === item.account && region === item.region,
  );
  if (found) return found;
  const { type, id, arn, name } = item.resource;
  const about = { ...placeOf(item), resource: { type, id, arn, name, tags: new Map() }, notes: [] };
  const why = missing.find(({ ref }) => ref.id === id && ref.type === type);
  if (why?.why === 'gone') {
    const outcome = {
      outcome: 'skipped',
      code: 'gone',
      reason: 'It is gone; nothing is left to change.',
    } as const;
    return { ...about, verdict: unknown('gone', why.reason), outcome };
  }
  const place = places.find(({ account, region }) => account === item.account && region === item.region);
  if (why === undefined && place?.state === 'skipped' && place.reason !== undefined) {
    const { reason } = place;
    return {
      ...about,
      verdict: unknown('not-read', reason),
      outcome: { outcome: 'queued', code: 'time', reason },
    };
  }
  const reason = why?.reason ?? 'It was not found again.';
  const code = 'unreadable';
  return { ...about, verdict: unknown(code, reason), outcome: { outcome: 'failed', code, reason } };
}

function unknown(reasonCode: string, reason: string): Result['verdict'] {
  return { verdict: 'unknown', reasonCode, reason, evidence: [] };
}

/** How it ended for one item, in the words of the closing line. */
export function endOf(result: Result): string {
  const {
    verdict,
    outcome: { outcome, code },
  } = result;
  if (code === 'report-mode') return 'would be done';
  if (outcome === 'done' || outcome === 'failed') return outcome;
  if (outcome === 'queued' && code === 'grace') return 'in their grace';
  if (outcome === 'queued' && code === 'cap') return 'above the cap';
  const cut = cutOff(result);
  if (cut !== undefined) return cut === 'begun' ? 'begun and not finished' : cut;
  if (code === 'not-planned') return 'changed since the plan';
  if (verdict.verdict === 'compliant' || code === 'gone') return 'in order or gone by now';
  return code === 'grace' ? 'too young, or of unknown age' : 'left alone';
}
