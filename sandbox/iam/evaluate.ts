import { conditionsHold } from './conditions.ts';
import type { Patterns, PolicyDocument, PolicyKind, Statement } from './document.ts';
import { matches, type RequestContext } from './pattern.ts';
import { type Naming, namingOf, type PolicyPrincipal } from './principals.ts';

/** Everything that may speak about one request. */
export interface Policies {
  readonly identity: readonly PolicyDocument[];
  /** The policy of the resource itself; for roles, their trust policy. */
  readonly resource?: PolicyDocument | undefined;
  /** Each document that allows anything is a level of the organization that must allow the request. */
  readonly scp?: readonly PolicyDocument[] | undefined;
  readonly session?: readonly PolicyDocument[] | undefined;
  readonly boundary?: PolicyDocument | undefined;
}

export interface PolicyRequest {
  readonly principal: PolicyPrincipal;
  readonly action: string;
  /** An ARN, or `*` for actions that know no resource. */
  readonly resource: string;
  readonly resourceAccount: string;
  /** The resource's own policy has to allow, whoever asks (AssumeRole). */
  readonly resourceMustAllow?: boolean;
  readonly context: RequestContext;
}

export interface Judgement {
  readonly decision: 'allowed' | 'implicit-deny' | 'explicit-deny';
  /** The policy that decided: that denied, that failed to allow, or that allowed. */
  readonly by: { readonly kind: PolicyKind; readonly sid?: string };
}

/**
 * May this request go ahead? Follows IAM's policy evaluation logic: an explicit deny anywhere wins, then SCPs, the
 * resource's policy, the boundary, the session's policies and the identity's policies each have their say.
 */
export function evaluate(policies: Policies, request: PolicyRequest): Judgement {
  const denied = explicitDeny(policies, request);
  if (denied) return denied;
  if (!scpsAllow(policies.scp ?? [], request)) return implicit('scp');

  const sameAccount = request.principal.account === request.resourceAccount;
  const naming = namingByResource(policies.resource, request);
  if (!naming && resourceHasToAllow(request, sameAccount)) return implicit('resource');
  // A resource of the same account that names this very user, session or service grants on its own.
  if (naming === 'identity' && (sameAccount || isService(request))) return allowed('resource');

  const { boundary, session } = policies;
  if (boundary && !allows([boundary], request)) return implicit('boundary');
  if (session && !allows(session, request)) return implicit('session');
  // One that names the role or everyone needs no identity policy beside it either, but stays within those two.
  if (naming && naming !== 'account' && sameAccount) return allowed('resource');
  return allows(policies.identity, request) ? allowed('identity') : implicit('identity');
}

const isService = ({ principal }: PolicyRequest) => principal.type === 'AWSService';

const resourceHasToAllow = (request: PolicyRequest, sameAccount: boolean) =>
  isService(request) || !sameAccount || request.resourceMustAllow === true;

/** Does the trust policy (or another resource policy on its own) let this principal do the action? */
export function resourceAllows(document: PolicyDocument, request: PolicyRequest): boolean {
  if (document.statements.some((each) => each.effect === 'Deny' && applies(each, document, request)))
    return false;
  return namingByResource(document, request) !== undefined;
}

function explicitDeny(policies: Policies, request: PolicyRequest): Judgement | undefined {
  const { identity, resource, scp = [], session = [], boundary } = policies;
  const byKind: readonly [PolicyKind, readonly PolicyDocument[]][] = [
    ['scp', scp],
    ['resource', resource ? [resource] : []],
    ['boundary', boundary ? [boundary] : []],
    ['session', session],
    ['identity', identity],
  ];
  for (const [kind, documents] of byKind) {
    for (const document of documents) {
      const found = document.statements.find(
        (each) => each.effect === 'Deny' && applies(each, document, request),
      );
      if (found) return { decision: 'explicit-deny', by: { kind, ...(found.sid && { sid: found.sid }) } };
    }
  }
  return undefined;
}

function scpsAllow(scps: readonly PolicyDocument[], request: PolicyRequest): boolean {
  const levels = scps.filter(({ statements }) => statements.some(({ effect }) => effect === 'Allow'));
  return levels.every((level) => allows([level], request));
}

function allows(documents: readonly PolicyDocument[], request: PolicyRequest): boolean {
  return documents.some((document) =>
    document.statements.some((each) => each.effect === 'Allow' && applies(each, document, request)),
  );
}

const CLOSEST_FIRST: readonly Naming[] = ['identity', 'role', 'everyone', 'account'];

function namingByResource(document: PolicyDocument | undefined, request: PolicyRequest): Naming | undefined {
  const namings = (document?.statements ?? [])
    .filter((each) => document && each.effect === 'Allow' && applies(each, document, request))
    .map(({ principals }) => principals && namingOf(principals, request.principal));
  return CLOSEST_FIRST.find((naming) => namings.includes(naming));
}

function applies(statement: Statement, document: PolicyDocument, request: PolicyRequest): boolean {
  const { actions, resources, principals, conditions } = statement;
  const { context } = request;
  const variables = document.variables ? context : undefined;
  const action = request.action.toLowerCase();
  return (
    within(actions, (pattern) => matches(pattern.toLowerCase(), action)) &&
    (!resources || within(resources, (pattern) => matches(pattern, request.resource, variables))) &&
    (!principals || namingOf(principals, request.principal) !== undefined) &&
    conditionsHold(conditions, context, document.variables)
  );
}

function within({ not, patterns }: Patterns, fits: (pattern: string) => boolean): boolean {
  return patterns.some(fits) !== not;
}

function allowed(kind: PolicyKind): Judgement {
  return { decision: 'allowed', by: { kind } };
}

function implicit(kind: PolicyKind): Judgement {
  return { decision: 'implicit-deny', by: { kind } };
}
