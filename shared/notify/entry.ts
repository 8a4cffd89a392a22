import type { Result } from '../engine/outcome.ts';
import type { Signal } from '../engine/signal.ts';
import { plain, safe } from './escape.ts';

/** A few lines about one resource: what and where, why, who, what became of it, how to take it back, what else to know. */
export function entry(result: Result, signal: Signal): string {
  const { resource, verdict, outcome } = result;
  const violation = verdict.verdict === 'violation' ? verdict : undefined;
  const name = resource.name === undefined ? '' : ` (${safe(resource.name, 100)})`;
  const severity = violation ? ` [${violation.severity}]` : '';
  const done = outcome.outcome === 'done';
  const lines = [
    `- ${plain(resource.id, 300)}${name}, ${safe(result.account, 20)}, ${safe(result.region, 40)}${severity}`,
    `  Why: ${safe(verdict.reason)}`,
    violation && `  Who: ${whoDid(signal)}`,
    outcome.reason === verdict.reason ? undefined : `  ${heading[outcome.outcome]}: ${safe(outcome.reason)}`,
    done && violation?.remedy && `  To take it back: ${safe(violation.remedy.undo)}`,
    done && `  Journal: ${safe(outcome.journalId, 100)}`,
    done && `  Command: reeve undo ${safe(outcome.journalId, 100)}`,
    violation?.monthlySaving !== undefined && `  Saves: ${price(violation.monthlySaving)}`,
    ...(violation?.advice ?? []).map((advice) => `  Note: ${safe(advice)}`),
    ...result.notes.map((note) => `  Note: ${safe(note)}`),
  ];
  return lines.filter((line) => typeof line === 'string').join('\n');
}

const heading = { done: 'Done', skipped: 'Left alone', failed: 'Failed', queued: 'Queued' } as const;

/** The event's own word; a sweep does not know who did what it finds. */
function whoDid({ actor, scope, cause }: Signal): string {
  if (!actor || scope.kind === 'sweep') return 'not known (found by a sweep or an event without actor)';
  const from = actor.sourceIp === undefined ? '' : ` from ${safe(actor.sourceIp, 100)}`;
  const arn = actor.arn === undefined || actor.arn === actor.name ? '' : ` (${safe(actor.arn, 300)})`;
  return `${safe(actor.name, 200)}${arn}${from}, by ${safe(cause.name, 100)}`;
}

function price(saving: number | 'unknown'): string {
  return saving === 'unknown' ? 'an unknown amount' : `US$ ${saving.toFixed(2)} a month`;
}
