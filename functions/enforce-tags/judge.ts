import type { Evidence, Severity, Verdict } from '../../shared/engine/verdict.ts';
import { sweepGraceMs } from './grace.ts';
import { type Mark, readMark } from './mark.ts';
import { allowedByOrganization, organizationDoubt, withOrganization } from './organization.ts';
import { consequenceOf, isGrave } from './overdue.ts';
import { type Flaw, planTags } from './plan.ts';
import { type FixTags, remedyFor } from './remedy.ts';
import type { Facts, Tagged } from './resource.ts';
import type { Settings } from './settings.ts';
import { writable } from './writable.ts';

/**
 * A resource carries the tags that the settings ask for, each written as it should be. What is known is filled, what is
 * not is told with what was probably meant; no value of somebody else's is ever replaced unless asked for. Pure.
 */
export function judge(resource: Tagged, facts: Facts, asked: Settings, now: Date): Verdict<FixTags> {
  const settings = withOrganization(asked, facts.organization);
  const planned = allowedByOrganization(planTags(resource, facts, settings), facts.organization);
  const plan = writable(planned, resource);
  const doubt = organizationDoubt(facts.organization);
  const { mark: key } = settings.deadline;
  const value = resource.tags.get(key);
  if (plan.flaws.length === 0)
    return value === undefined ? compliant(resource) : outlived(resource, key, value, now);

  const mark = readMark(value, settings, now);
  const consequence = consequenceOf(resource, facts, plan, mark, settings, now);
  const { set, remove } = plan;
  const remedy = remedyFor(
    resource,
    {
      set: new Map([...set, ...consequence.set]),
      remove: new Map([...remove, ...consequence.remove]),
      measure: consequence.measure,
      mark: key,
    },
    now,
  );
  const undone = plan.flaws.filter(({ becomes }) => becomes === undefined);
  return {
    verdict: 'violation',
    reasonCode: consequence.measure ? 'tags-overdue' : reasonCode(plan.flaws),
    reason: `${nameOf(resource)}: ${plan.flaws.map(({ sentence }) => sentence).join(' ')}`,
    severity: severityOf(resource, plan.flaws, mark, undone),
    evidence: plan.flaws.map(evidence),
    remedy: doubt === undefined ? remedy : undefined,
    ...(doubt !== undefined || consequence.undecided ? { undecided: true } : {}),
    advice: [...(doubt === undefined ? [] : [doubt]), ...suggestions(undone), ...consequence.advice],
    ...(consequence.coming && { coming: consequence.coming }),
    ...(resource.graceUntil === undefined ? {} : { notBefore: resource.graceUntil }),
    ...(resource.createdAt === undefined ? { afterSightMs: sweepGraceMs(settings) } : {}),
  };
}

function compliant(resource: Tagged): Verdict<FixTags> {
  const reason = `${nameOf(resource)} has the tags that it should.`;
  return { verdict: 'compliant', reasonCode: 'tagged', reason, evidence: [] };
}

/** All is well again, so the mark has nothing more to say. */
function outlived(resource: Tagged, key: string, value: string, now: Date): Verdict<FixTags> {
  const wanted = { set: new Map(), remove: new Map([[key, value]]), measure: undefined, mark: key };
  return {
    verdict: 'violation',
    reasonCode: 'mark-outlived',
    reason: `${nameOf(resource)} has the tags that it should, and still the mark of a deadline.`,
    severity: 'low',
    evidence: [{ key, kind: 'mark', value, becomes: null, suggestion: null }],
    remedy: remedyFor(resource, wanted, now),
    advice: [],
  };
}

function reasonCode(flaws: readonly Flaw[]): string {
  if (flaws.some(({ kind }) => kind === 'conflict')) return 'tags-in-conflict';
  return flaws.every(({ kind }) => kind === 'missing') ? 'tags-missing' : 'tags-wrong';
}

/** Root should make nothing (B2.26), and nobody but Reeve should set deadlines; both want somebody to look. */
function severityOf(resource: Tagged, flaws: readonly Flaw[], mark: Mark, undone: readonly Flaw[]): Severity {
  if (resource.creator?.type === 'Root' || mark.state === 'tampered') return 'high';
  return undone.length > 0 && flaws.some(isGrave) ? 'medium' : 'low';
}

function suggestions(undone: readonly Flaw[]): readonly string[] {
  return undone.flatMap(({ key, suggestion }) =>
    suggestion === undefined ? [] : [`Probably meant: ${key}=${suggestion}`],
  );
}

function evidence({ key, kind, value, becomes, suggestion }: Flaw): Evidence {
  return { key, kind, value: value ?? null, becomes: becomes ?? null, suggestion: suggestion ?? null };
}

function nameOf({ id, name }: Tagged): string {
  return name === undefined || name === id ? id : `${id} (${name})`;
}
