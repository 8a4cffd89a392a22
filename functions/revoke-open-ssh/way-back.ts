import type { Aws } from '../../shared/aws/access.ts';
import { authorizeIngress, revokeIngressById } from '../../shared/aws/ec2/ingress.ts';
import { rulesOfGroups, securityGroupsById } from '../../shared/aws/ec2/security-groups.ts';
import type { JournalEntry } from '../../shared/engine/journal.ts';
import type { Surroundings } from '../../shared/engine/policy.ts';
import type { Standing, WayBack } from '../../shared/engine/way-back.ts';
import { ruleFrom } from './from-ec2.ts';
import { normalised } from './remedy.ts';
import { type Rule, ruleText } from './rule.ts';
import { closedBy, piecesIn, plannedPieces, undo } from './undo.ts';

/** Closed rules are opened again, with description and tags, and the pieces of a narrowing go. */
export const wayBack: WayBack<Aws> = {
  policy: 'revoke-open-ssh',
  kind: 'security',
  standing,
  undo: ({ before, outcome }, { aws }) => undo(before, outcome?.after ?? null, aws),
  rights: [rulesOfGroups, securityGroupsById, authorizeIngress, revokeIngressById].flatMap(
    ({ rights }) => rights,
  ),
};

/** Ours as long as the closed rules are absent and the pieces are there as they were made. */
async function standing(entry: JournalEntry, { aws }: Surroundings<Aws>): Promise<Standing> {
  const { groupId, rules } = closedBy(entry.before);
  const now = await ingressOf(aws, groupId);
  const pieces = piecesIn(entry.outcome?.after ?? null);
  // A group without rules and one that is gone look the same here.
  if (now.length === 0 && (await securityGroupsById(aws, [groupId])).length === 0)
    return { state: 'gone', reason: `${groupId} was deleted.` };
  const open = new Set(now.map(normalised));
  const closed = rules.filter((rule) => !open.has(normalised(rule)));
  const ids = new Set(now.map(({ id }) => id));
  const lost = pieces.filter((id) => !ids.has(id));
  if (closed.length === 0 && lost.length === pieces.length)
    return { state: 'as-before', reason: `${rules.map(ruleText).join(', ')}: open, as it was before.` };
  const altered = alteredOf(now, pieces, plannedPieces(entry.parameters));
  if (altered.length > 0) return { state: 'changed', differs: altered };
  if (closed.length > 0 && lost.length > 0)
    return { state: 'changed', differs: lost.map((id) => `the piece ${id} that was kept is gone`) };
  return {
    state: 'ours',
    will: [
      ...closed.map((rule) => `Open ${called(rule)} again.`),
      ...(pieces.length === 0 && mayHavePieces(entry)
        ? ['Pieces that were put in their place, if any, stay: which they are is not known.']
        : []),
      ...(pieces.length === 0 ? [] : [`Close the pieces ${pieces.join(', ')}.`]),
    ],
  };
}

/** A rule that somebody changed keeps its id: it is his by now, and closing it is not ours. */
function alteredOf(now: readonly Rule[], pieces: readonly string[], planned: readonly Rule[]): string[] {
  const made = new Set(planned.map(normalised));
  const here = now.filter(({ id }) => id !== undefined && pieces.includes(id));
  return here
    .filter((rule) => !made.has(normalised(rule)))
    .map((rule) => `the piece ${rule.id} that was kept was changed to ${ruleText(rule)}`);
}

async function ingressOf(aws: Aws, groupId: string): Promise<readonly Rule[]> {
  const told = await rulesOfGroups(aws, [groupId]);
  return told.filter(({ IsEgress }) => IsEgress !== true).map(ruleFrom);
}

/** Which pieces a narrowing made is only known by its end: without one, none is taken for ours and closed. */
function mayHavePieces({ parameters }: JournalEntry): boolean {
  return plannedPieces(parameters).length > 0;
}

function called(rule: Rule): string {
  return rule.description === undefined ? ruleText(rule) : `${ruleText(rule)} (${rule.description})`;
}
