import type { Principal } from '../core/principal.ts';
import type { World } from '../core/world.ts';
import { type Identity, iamOf, managedPolicy } from '../services/iam/store.ts';
import { scpsOver } from '../services/organizations/effective.ts';
import { type PolicyDocument, type PolicyKind, parsePolicy } from './document.ts';
import type { Policies } from './evaluate.ts';
import type { PolicyPrincipal } from './principals.ts';

/** Who asks, with all policies that hang on him and his account. */
export interface Caller {
  readonly principal: PolicyPrincipal;
  readonly policies: Policies;
  readonly tags: ReadonlyMap<string, string>;
}

const EVERYTHING = parsePolicy(
  '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}',
  'identity',
);

/** Collects the policies of a root user, user, role session or AWS service. */
export function callerOf(world: World, who: Principal): Caller {
  const { type, arn, account } = who;
  const identity = identityOf(world, who);
  const boundary = identity?.boundary && managedPolicy(world, account, identity.boundary);
  const session = who.sessionPolicies?.length ? { session: who.sessionPolicies.map(read('session')) } : {};
  return {
    principal: { type, arn, account, ...(type === 'AssumedRole' && { roleArn: roleArnOf(world, who) }) },
    policies: {
      identity: type === 'Root' ? [EVERYTHING] : identity ? documentsOf(world, account, identity) : [],
      ...(identity?.boundary && { boundary: boundary ? boundary.policy.document : NOTHING }),
      ...session,
      ...(underScps(who, identity) && { scp: scpsOf(world, account) }),
    },
    tags: identity?.tags ?? new Map(),
  };
}

/** The role behind a session, whose path the session's own ARN does not tell. */
export function roleArnOf(world: World, who: Principal): string {
  const [, partition = 'aws'] = who.arn.split(':');
  const role = iamOf(world, who.account).roles.get(who.roleName ?? '');
  return role?.arn ?? `arn:${partition}:iam::${who.account}:role/${who.roleName}`;
}

/** A boundary that was deleted allows nothing. */
const NOTHING: PolicyDocument = { variables: true, statements: [] };

function identityOf(world: World, who: Principal): Identity | undefined {
  const { roles, users } = iamOf(world, who.account);
  if (who.type === 'IAMUser') return users.get(who.userName ?? '');
  return who.type === 'AssumedRole' ? roles.get(who.roleName ?? '') : undefined;
}

function documentsOf(
  world: World,
  account: string,
  { inline, attached }: Identity,
): readonly PolicyDocument[] {
  const managed = [...attached].flatMap((arn) => managedPolicy(world, account, arn) ?? []);
  return [...inline.values(), ...managed.map(({ policy }) => policy)].map(({ document }) => document);
}

/** Those that the account was given directly, and those of its organization. */
const scpsOf = (world: World, account: string): readonly PolicyDocument[] => [
  ...(world.accounts.get(account)?.scps ?? []).map(read('scp')),
  ...scpsOver(world, account),
];

/** AWS's services and their service-linked roles stand outside of service control policies. */
const underScps = (who: Principal, identity: Identity | undefined) =>
  who.type !== 'AWSService' && !identity?.path.startsWith('/aws-service-role/');

const parsed = new Map<string, PolicyDocument>();

/** SCPs and session policies are kept as text; each text is read once. */
const read =
  (kind: PolicyKind) =>
  (text: string): PolicyDocument => {
    const key = `${kind} ${text}`;
    const document = parsed.get(key) ?? parsePolicy(text, kind);
    if (parsed.size > 500) parsed.clear();
    parsed.set(key, document);
    return document;
  };
