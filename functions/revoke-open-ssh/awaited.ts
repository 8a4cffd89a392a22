import type { Missing } from '../../shared/engine/policy.ts';
import type { ResourceRef, Signal } from '../../shared/engine/signal.ts';
import type { Verdict } from '../../shared/engine/verdict.ts';
import { assess } from './assess.ts';
import type { AddedRules } from './calls.ts';
import { NO_FACTS } from './facts.ts';
import { judge } from './judge.ts';
import { type CloseIngress, normalised } from './remedy.ts';
import type { Rule, SecurityGroup } from './rule.ts';
import type { Settings } from './settings.ts';

/** EC2's reads catch up within seconds; what an older event announces and the group does not hold has been revoked. */
const CATCHES_UP_MS = 5 * 60_000;

/** A group that was read without an open rule that the event has just recorded. Rides on the reference while it waits. */
class Awaited implements AddedRules {
  readonly added: readonly Rule[];
  readonly group: SecurityGroup | undefined;
  constructor(added: readonly Rule[], group: SecurityGroup | undefined) {
    this.added = added;
    this.group = group;
  }
}

/**
 * The references whose open rules, by the record of a fresh event, should be there and are not yet (B3.37). A rule whose
 * id is among `standing` is there: changed since, or another one than a forged record says (B3.35, B6.14).
 */
export function notYetVisible(
  signal: Signal,
  read: readonly SecurityGroup[],
  settings: Settings,
  now: Date,
  standing: readonly (string | undefined)[] = [],
): readonly Missing[] {
  if (signal.scope.kind === 'sweep' || signal.delivery !== 'live') return [];
  if (now.getTime() - signal.time.getTime() > CATCHES_UP_MS) return [];
  return signal.scope.resources.flatMap((ref) => {
    const added = openRules(ref, settings);
    const group = read.find(({ id, name }) => id === ref.id || name === ref.id);
    const seen = new Set([
      ...standing,
      ...(group?.rules ?? []).flatMap((rule) => [rule.id, normalised(rule)]),
    ]);
    const absent = added.filter((rule) => !seen.has(rule.id ?? '') && !seen.has(normalised(rule)));
    if (absent.length === 0) return [];
    const reason = `The open rule that ${signal.cause.name} added to ${ref.id} cannot be read yet.`;
    return [{ ref: { ...ref, hint: new Awaited(absent, group) }, why: 'not-visible', reason }];
  });
}

/** The rules of the event's record that are a violation by themselves. */
function openRules({ hint }: ResourceRef, settings: Settings): readonly Rule[] {
  const added = isAdded(hint) ? hint.added : [];
  return [...new Set(assess(added, new Map(), settings).concerns.map(({ rule }) => rule))];
}

function isAdded(hint: unknown): hint is AddedRules {
  return typeof hint === 'object' && hint !== null && 'added' in hint && Array.isArray(hint.added);
}

/**
 * The last resort for rules that never became visible: close them by the ids of the event's own record, on a group that
 * could be read. Nothing else is known, so whatever needs more than the record is left to the sweep.
 */
export function unseen(
  { ref }: Missing,
  settings: Settings,
): { resource: SecurityGroup; verdict: Verdict<CloseIngress> } | undefined {
  if (!(ref.hint instanceof Awaited) || ref.hint.group === undefined) return undefined;
  const { added, group } = ref.hint;
  const resource = { ...group, rules: added.filter(({ id }) => id !== undefined) };
  const verdict = judge(resource, NO_FACTS, settings);
  return verdict.verdict === 'violation' && verdict.remedy !== undefined ? { resource, verdict } : undefined;
}
