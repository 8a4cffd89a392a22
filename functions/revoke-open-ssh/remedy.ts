import type { Change, Json } from '../../shared/engine/verdict.ts';
import { parseCidr } from './blocks.ts';
import { cutOut } from './ports.ts';
import { permissionOf, type Rule, ruleText, type SecurityGroup, sourceText } from './rule.ts';
import type { Treated } from './treat.ts';

/** Close what must not be open: put the harmless pieces back as rules of their own, then revoke the originals. */
export interface CloseIngress extends Change {
  readonly action: 'revoke-ingress' | 'narrow-ingress';
  readonly repeatKey: string;
  readonly groupId: string;
  readonly revoke: readonly Rule[];
  /** The pieces that are kept of narrowed rules, with their description and tags (B3.22, B3.24). */
  readonly authorize: readonly Rule[];
}

/** The one change that a group needs, or none when everything about it is only told. */
export function remedyFor(group: SecurityGroup, treated: readonly Treated[]): CloseIngress | undefined {
  const closed = treated.filter(({ treatment }) => treatment !== 'alert');
  if (closed.length === 0) return undefined;
  const revoke = closed.map(({ rule }) => rule);
  const authorize = closed.filter(({ treatment }) => treatment === 'narrow').flatMap(remainders);
  return {
    action: authorize.length > 0 ? 'narrow-ingress' : 'revoke-ingress',
    summary: summaryOf(revoke, authorize),
    past: pastOf(closed),
    fingerprint: revoke.map(identity).sort().join(' '),
    repeatKey: revoke.map(normalised).sort().join('; '),
    before: { groupId: group.id, rules: revoke.map(recorded) },
    undo: `Authorize again on ${group.id}: ${revoke.map(ruleText).join('; ')}.`,
    parameters: parametersOf(group, revoke, authorize),
    groupId: group.id,
    revoke,
    authorize,
  };
}

function remainders({ rule, closing }: Treated): readonly Rule[] {
  const { fromPort: from = 0, toPort: to = 65_535 } = rule;
  return cutOut({ from, to }, closing).map((piece) => ({
    ...rule,
    id: undefined,
    fromPort: piece.from,
    toPort: piece.to,
  }));
}

function summaryOf(revoke: readonly Rule[], authorize: readonly Rule[]): string {
  const gone = revoke.map((rule) =>
    rule.id === undefined ? ruleText(rule) : `${ruleText(rule)} (${rule.id})`,
  );
  const kept = authorize.length === 0 ? '' : `; keep ${authorize.map(ruleText).join(', ')}`;
  return `Revoke ${gone.join(', ')}${kept}`;
}

function pastOf(closed: readonly Treated[]): string {
  const ports = [...new Set(closed.flatMap(({ closing }) => closing))].sort((a, b) => a - b);
  const world = closed.every(({ breadth }) => breadth === 'world') ? 'the world' : 'a wide range';
  const names = ports.map((port) => (port === 22 ? 'SSH' : `port ${port}`));
  return `closed ${names.join(', ')} to ${world}`;
}

function identity(rule: Rule): string {
  return rule.id ?? normalised(rule);
}

/** The rule's text with its block in one spelling: `203.0.113.9/0` comes back as `0.0.0.0/0`. */
export function normalised(rule: Rule): string {
  const block = rule.source.kind === 'cidr' ? parseCidr(rule.source.cidr) : undefined;
  const source =
    block === undefined ? sourceText(rule.source) : `${block.family} ${block.first}-${block.last}`;
  const protocol = rule.protocol === '6' ? 'tcp' : rule.protocol;
  return `${protocol} ${rule.fromPort ?? ''}-${rule.toPort ?? ''} ${source}`;
}

/** A rule as the journal keeps it; tag keys are written by strangers, hence a list. */
function recorded(rule: Rule): Json {
  const tags = [...rule.tags].map(([key, value]) => ({ Key: key, Value: value }));
  return { ruleId: rule.id ?? null, permission: permissionOf(rule), tags };
}

/** By rule id, or by exact permissions where an id is unknown: never both in one call (B3.19). */
function parametersOf(
  group: SecurityGroup,
  revoke: readonly Rule[],
  authorize: readonly Rule[],
): CloseIngress['parameters'] {
  const ids = revoke.flatMap(({ id }) => (id === undefined ? [] : [id]));
  const what = ids.length === revoke.length ? { ruleIds: ids } : { permissions: revoke.map(permissionOf) };
  const kept = authorize.length === 0 ? {} : { authorize: authorize.map(permissionOf) };
  return { groupId: group.id, ...what, ...kept };
}
