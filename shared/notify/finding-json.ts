import type { Outcome } from '../engine/outcome.ts';
import type { Place } from '../engine/signal.ts';
import type { Evidence, Json, Resource, Verdict } from '../engine/verdict.ts';
import { redactAround } from './escape.ts';

/** One finding as `--format json`, the journal's readers and the digest's JSON show it. Keys are only ever added. */
export interface FindingJson {
  readonly policy: string;
  readonly account: string;
  readonly region: string;
  /** AWS id. */
  readonly resource: string;
  readonly resourceType: string;
  readonly resourceName: string | null;
  readonly arn: string;
  readonly verdict: Verdict['verdict'];
  readonly severity: string | null;
  readonly reasonCode: string;
  readonly reason: string;
  readonly evidence: readonly Evidence[];
  readonly remedy: Json;
  readonly monthlySaving: number | 'unknown' | null;
  /** How it ended; null where nothing was tried, as in an offline check. */
  readonly outcome: Json;
  readonly notes: readonly string[];
}

/** What a finding is made from: a `Finding`, or a `Result` of a run. */
export interface FindingLike extends Place {
  readonly resource: Pick<Resource, 'type' | 'id' | 'arn' | 'name'>;
  readonly verdict: Verdict;
  readonly outcome?: Outcome;
  readonly notes?: readonly string[];
}

/** The stable JSON of one finding. */
export function findingJson(policy: string, found: FindingLike): FindingJson {
  const { resource, verdict, outcome } = found;
  const violation = verdict.verdict === 'violation' ? verdict : undefined;
  const remedy = violation?.remedy;
  const redact = redactAround([resource.id, resource.arn]);
  return {
    policy,
    account: found.account,
    region: found.region,
    resource: resource.id,
    resourceType: resource.type,
    resourceName: resource.name === undefined ? null : redact(resource.name),
    arn: resource.arn,
    verdict: verdict.verdict,
    severity: violation?.severity ?? null,
    reasonCode: verdict.reasonCode,
    reason: redact(verdict.reason),
    evidence: verdict.evidence.map((fact) => withoutSecretsOf(fact, redact)),
    remedy: remedy
      ? {
          action: remedy.action,
          summary: redact(remedy.summary),
          undo: redact(remedy.undo),
          parameters: withoutSecretsOf(remedy.parameters, redact),
        }
      : null,
    monthlySaving: violation?.monthlySaving ?? null,
    outcome: outcome ? outcomeJson(outcome, redact) : null,
    notes: (found.notes ?? []).map((note) => redact(note)),
  };
}

type Redact = (text: string) => string;

function outcomeJson(outcome: Outcome, redact: Redact): Evidence {
  if (outcome.outcome !== 'queued') return withoutSecretsOf({ ...outcome }, redact);
  const { due, ...rest } = outcome;
  return withoutSecretsOf({ ...rest, ...(due && { due: due.toISOString() }) }, redact);
}

function withoutSecrets(value: Json, redact: Redact): Json {
  if (typeof value === 'string') return redact(value);
  if (isList(value)) return value.map((one) => withoutSecrets(one, redact));
  return typeof value === 'object' && value !== null ? withoutSecretsOf(value, redact) : value;
}

// `fromEntries` defines its keys, so that one called `__proto__` stays plain text (B6.31).
function withoutSecretsOf(record: { readonly [key: string]: Json }, redact: Redact): Evidence {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, withoutSecrets(value, redact)]),
  );
}

// `Array.isArray` does not narrow a read-only list.
function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
