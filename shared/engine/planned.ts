import type { Result } from './outcome.ts';
import type { Place } from './signal.ts';
import type { Change, Json, Resource, Severity } from './verdict.ts';

/** One change as it was planned, to be carried out only if it would be planned again just so. */
export interface PlannedChange {
  readonly action: string;
  readonly summary: string;
  readonly fingerprint: string;
  readonly planKey?: string | undefined;
  readonly undo: string;
  readonly parameters: { readonly [key: string]: Json };
  readonly before: Json;
}

/** One resource of a plan. */
export interface PlannedItem extends Place {
  readonly resource: {
    readonly type: string;
    readonly id: string;
    readonly arn: string;
    readonly name?: string | undefined;
  };
  readonly reasonCode: string;
  readonly reason: string;
  readonly severity: Severity;
  readonly change: PlannedChange;
  readonly monthlySaving?: number | 'unknown' | undefined;
}

/** What a run in report mode would have changed, most severe first as it found it; nothing else belongs into a plan. */
export function plannedItems(results: readonly Result[]): readonly PlannedItem[] {
  return results.flatMap(({ partition, account, region, resource, verdict, outcome }) => {
    if (outcome.code !== 'report-mode' || verdict.verdict !== 'violation' || !verdict.remedy) return [];
    const { type, id, arn, name } = resource;
    const { reasonCode, reason, severity, monthlySaving, remedy } = verdict;
    const { action, summary, fingerprint, planKey, undo, parameters, before } = remedy;
    const change = { action, summary, fingerprint, ...(planKey !== undefined && { planKey }) };
    return [
      {
        ...{ partition, account, region },
        resource: { type, id, arn, ...(name !== undefined && { name }) },
        ...{ reasonCode, reason, severity },
        change: { ...change, undo, parameters, before },
        ...(monthlySaving !== undefined && { monthlySaving }),
      },
    ];
  });
}

/** The port that lets only a plan through: a resource that is in it, and the very change that it says (B6.21). */
export function onlyPlanned(
  items: readonly PlannedItem[],
): (resource: Resource, change: Change, place: Place) => string | undefined {
  const planned = new Map(items.map((item) => [keyOf(item, item.resource), item.change]));
  return (resource, change, place) => {
    const agreed = planned.get(keyOf(place, resource));
    if (agreed === undefined) return 'It is not in the plan, so it is left alone.';
    if (isSameChange(agreed, change)) return undefined;
    return `It changed since the plan: planned was "${agreed.summary}", now it would be "${change.summary}".`;
  };
}

/** The same action on the same state with the same parameters; where time is part of those, the same but for that. */
export function isSameChange(planned: PlannedChange, fresh: Change): boolean {
  if (planned.action !== fresh.action || planned.planKey !== fresh.planKey) return false;
  if (canonicalJson(planned.before) !== canonicalJson(fresh.before)) return false;
  if (fresh.planKey !== undefined) return true;
  const sameParameters = canonicalJson(planned.parameters) === canonicalJson(fresh.parameters);
  return planned.fingerprint === fresh.fingerprint && sameParameters;
}

/** A resource is the same in its place by type and ARN: ids alone repeat between regions. */
function keyOf({ account, region }: Place, { type, arn }: Pick<Resource, 'type' | 'arn'>): string {
  return JSON.stringify([account, region, type, arn]);
}

/** JSON with one spelling for each value: keys sorted by code unit, no blanks. What is undefined is not there. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(byKey))
      : part,
  );
}

function byKey([one]: [string, unknown], [other]: [string, unknown]): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
