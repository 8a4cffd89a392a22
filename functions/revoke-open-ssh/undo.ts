import type { Aws } from '../../shared/aws/access.ts';
import { revokeIngressById } from '../../shared/aws/ec2/ingress.ts';
import { AwsFailure } from '../../shared/aws/errors.ts';
import type { Acted } from '../../shared/engine/policy.ts';
import type { Json } from '../../shared/engine/verdict.ts';
import { Field } from '../../shared/events/fields.ts';
import { type Added, authorizeRules } from './authorize.ts';
import type { Rule, Source } from './rule.ts';

/** Opens the journaled rules again, with description and tags, and takes the pieces of a narrowing away. */
export async function undo(before: Json, after: Json, aws: Aws): Promise<Acted> {
  const { groupId, rules } = closedBy(before);
  const { added, failure } = await authorizeRules(aws, groupId, rules);
  if (failure?.code === 'InvalidGroup.NotFound') return { result: 'gone', reason: `${groupId} was deleted.` };
  if (failure !== undefined) return half(groupId, added, failure);
  const pieces = piecesIn(after);
  try {
    if (pieces.length > 0) await revokeIngressById(aws, groupId, pieces);
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    if (error.kind !== 'gone') return { result: 'failed', code: error.code, reason: error.message };
  }
  return {
    result: 'done',
    after: { groupId, authorized: added.map(({ id }) => id), revoked: pieces },
    requestId: undefined,
  };
}

/** Rules that were opened before one was refused stay open, as was asked for, and are named. */
function half(groupId: string, added: readonly Added[], { code, message }: AwsFailure): Acted {
  const ids = added.map(({ id }) => id);
  if (ids.length === 0) return { result: 'failed', code, reason: message };
  const reason = `${message}; opened before that, and open: ${ids.join(', ')}`;
  return { result: 'failed', code, reason, after: { groupId, authorized: ids, revoked: [] } };
}

/** The rules that were closed, as they were. */
export function closedBy(before: Json): { readonly groupId: string; readonly rules: readonly Rule[] } {
  const journaled = new Field(before, 'before');
  const groupId = journaled.at('groupId').text('a group id');
  return { groupId, rules: journaled.at('rules').list('a list of rules').map(ruleFrom) };
}

/** Ids of the pieces that a narrowing put in their place; none where no end was written. */
export function piecesIn(after: Json): readonly string[] {
  const ids = new Field(after, 'after').at('authorized').entries();
  return ids.map((id) => id.text('a rule id'));
}

/** The rules that a narrowing was going to put in place of the closed ones. */
export function plannedPieces(parameters: Json): readonly Rule[] {
  const permissions = new Field(parameters, 'parameters').at('authorize').entries();
  return permissions.map((permission) => ruleOf(permission, new Map()));
}

function ruleFrom(journaled: Field): Rule {
  const tags = journaled.at('tags').entries();
  return ruleOf(
    journaled.at('permission').object(),
    new Map(tags.map((tag) => [tag.at('Key').text(), String(tag.at('Value').value ?? '')])),
  );
}

function ruleOf(permission: Field, tags: Rule['tags']): Rule {
  const port = (name: string) => {
    const { value } = permission.at(name);
    return typeof value === 'number' ? value : undefined;
  };
  const { source, description } = sourceFrom(permission);
  return {
    id: undefined,
    protocol: permission.at('IpProtocol').text('a protocol'),
    fromPort: port('FromPort'),
    toPort: port('ToPort'),
    source,
    description,
    tags,
  };
}

function sourceFrom(permission: Field): {
  readonly source: Source;
  readonly description: string | undefined;
} {
  const only = (list: string) => permission.at(list).entries()[0] ?? permission.at(list);
  const [v4, v6, list, group] = ['IpRanges', 'Ipv6Ranges', 'PrefixListIds', 'UserIdGroupPairs'].map(only);
  const described = [v4, v6, list, group].map((one) => one?.at('Description').optionalText()).find(Boolean);
  const cidr = v4?.at('CidrIp').optionalText() ?? v6?.at('CidrIpv6').optionalText();
  const listId = list?.at('PrefixListId').optionalText();
  const source: Source =
    cidr !== undefined
      ? { kind: 'cidr', cidr }
      : listId !== undefined
        ? { kind: 'prefix-list', id: listId }
        : { kind: 'security-group', id: group?.at('GroupId').text('a source') ?? '' };
  return { source, description: described };
}
