import type { Aws } from '../../shared/aws/access.ts';
import { authorizeIngress, revokeIngressById } from '../../shared/aws/ec2/ingress.ts';
import { AwsFailure } from '../../shared/aws/errors.ts';
import type { Acted } from '../../shared/engine/policy.ts';
import { type Added, authorizeRules } from './authorize.ts';
import type { CloseIngress } from './remedy.ts';
import { type Revoked, revoke, revokeRights } from './revoke.ts';
import { type Rule, sourceText } from './rule.ts';

/** Rights of everything that `act` and `undo` call. */
export const actRights = [...revokeRights, ...authorizeIngress.rights];

/** Closes the rules of one change in one call, after putting back what narrowing keeps. Safe to run twice. */
export async function act(change: CloseIngress, aws: Aws): Promise<Acted> {
  const { groupId } = change;
  const { added, failure } = await authorizeRules(aws, groupId, change.authorize);
  if (failure !== undefined) {
    const { code, message: reason, kind } = failure;
    const uncertain = kind === 'timeout' || kind === 'retryable';
    return takeAway(aws, groupId, added, { result: 'failed', code, reason, revoked: [], uncertain });
  }
  const ended = await revoke(aws, groupId, change.revoke);
  const closed = change.revoke.filter((rule) => wasClosed(rule, ended));
  const idle = added.filter(({ rule }) => !closed.some((whole) => isPieceOf(rule, whole)));
  return takeAway(aws, groupId, added, ended, idle);
}

/** Whether narrowing may count on it that the rule went by our hand: what is not known is taken as yes. */
function wasClosed({ id }: Rule, ended: Revoked): boolean {
  if (ended.result === 'gone') return false;
  if (ended.result === 'failed' && ended.uncertain && ended.revoked.length === 0) return true;
  return id === undefined ? ended.result === 'done' : ended.revoked.includes(id);
}

function isPieceOf(piece: Rule, whole: Rule): boolean {
  const { fromPort: from = 0, toPort: to = 65_535 } = piece;
  const same = piece.protocol === whole.protocol && sourceText(piece.source) === sourceText(whole.source);
  return same && (whole.fromPort ?? 0) <= from && to <= (whole.toPort ?? 65_535);
}

/**
 * Takes away the pieces of what was not closed: beside their rule they are idle, and once somebody else has closed it
 * they would open it again (B3.22). What stays of them is told.
 */
async function takeAway(
  aws: Aws,
  groupId: string,
  added: readonly Added[],
  ended: Revoked,
  idle: readonly Added[] = added,
): Promise<Acted> {
  const ids = idle.map(({ id }) => id);
  const kept = added.filter((piece) => !idle.includes(piece)).map(({ id }) => id);
  try {
    if (ids.length > 0) await revokeIngressById(aws, groupId, ids);
    return actedOf(groupId, ended, kept);
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    const why = ended.result === 'done' ? error.message : ended.reason;
    const code = ended.result === 'failed' ? ended.code : error.code;
    const reason = `${why}; the pieces ${ids.join(', ')} could not be taken away: ${error.message}`;
    const revoked = ended.result === 'gone' ? [] : ended.revoked;
    const failed = { result: 'failed', code, reason, revoked, uncertain: revoked.length > 0 } as const;
    return actedOf(groupId, failed, [...kept, ...ids]);
  }
}

function actedOf(groupId: string, ended: Revoked, authorized: readonly string[]): Acted {
  if (ended.result === 'gone') return ended;
  const { revoked, ...rest } = ended;
  return { ...rest, after: { groupId, revoked, authorized } };
}
