import { type Condition, parseConditions } from './conditions.ts';
import { type PrincipalElement, parsePrincipal } from './principals.ts';
import { malformed, parseJson, record, strings } from './syntax.ts';

/** What a policy is attached to, which decides the elements it must and must not have. */
export type PolicyKind = 'identity' | 'resource' | 'trust' | 'scp' | 'session' | 'boundary';

/** One of the pairs Action/NotAction, Resource/NotResource: a list of wildcard patterns, perhaps negated. */
export interface Patterns {
  readonly not: boolean;
  readonly patterns: readonly string[];
}

export interface Statement {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: Patterns;
  /** Absent in trust policies, which speak of the role that they hang on. */
  readonly resources: Patterns | undefined;
  /** Absent in all policies that hang on the caller. */
  readonly principals: PrincipalElement | undefined;
  readonly conditions: readonly Condition[];
}

export interface PolicyDocument {
  /** `${…}` is a variable in this version and plain text in the older one. */
  readonly variables: boolean;
  readonly statements: readonly Statement[];
}

const ELEMENTS = new Set([
  ...['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource'],
  ...['Principal', 'NotPrincipal', 'Condition'],
]);

/** Reads a policy document; whatever IAM or this evaluator does not know is a MalformedPolicyDocument. */
export function parsePolicy(text: string, kind: PolicyKind): PolicyDocument {
  const document = record(parseJson(text), 'the document');
  const strange = Object.keys(document).find((key) => !['Version', 'Id', 'Statement'].includes(key));
  if (strange) throw malformed(`Syntax errors in policy: unknown element ${strange}.`);
  const version = document.Version ?? '2008-10-17';
  if (version !== '2012-10-17' && version !== '2008-10-17') {
    throw malformed('The policy must contain a valid version string');
  }
  const listed = document.Statement;
  const statements = (Array.isArray(listed) ? listed : [listed]).map((each) => parseStatement(each, kind));
  if (statements.length === 0) throw malformed('Syntax errors in policy: no statement.');
  const sids = statements.flatMap(({ sid }) => (sid ? [sid] : []));
  if (new Set(sids).size < sids.length)
    throw malformed('Statement IDs (SID) in a single policy must be unique.');
  return { variables: version === '2012-10-17', statements };
}

function parseStatement(value: unknown, kind: PolicyKind): Statement {
  const statement = record(value, 'a statement');
  const strange = Object.keys(statement).find((key) => !ELEMENTS.has(key));
  if (strange) throw malformed(`Syntax errors in policy: unknown element ${strange}.`);
  const { Sid: sid, Effect: effect } = statement;
  if (effect !== 'Allow' && effect !== 'Deny') throw malformed('Invalid effect: it is Allow or Deny.');
  if (sid !== undefined && typeof sid !== 'string') throw malformed('Statement IDs (SID) must be strings.');
  if (sid && kind !== 'resource' && !/^[0-9A-Za-z]*$/.test(sid)) {
    throw malformed(
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies [0-9A-Za-z]*.',
    );
  }
  return {
    sid: sid || undefined,
    effect,
    actions: parseActions(statement),
    resources: parseResources(statement, kind),
    principals: principalsOf(statement, kind),
    conditions: parseConditions(statement.Condition),
  };
}

function parseActions(statement: Record<string, unknown>): Patterns {
  const actions = pair(statement, 'Action');
  if (!actions) throw malformed('Policy statement must contain actions.');
  const bare = actions.patterns.find(
    (action) => action !== '*' && !/^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/.test(action),
  );
  if (bare !== undefined) {
    throw malformed(`Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.: ${bare}`);
  }
  return actions;
}

function parseResources(statement: Record<string, unknown>, kind: PolicyKind): Patterns | undefined {
  const resources = pair(statement, 'Resource');
  if (kind === 'trust') {
    if (resources) throw malformed('Has prohibited field Resource');
    return undefined;
  }
  if (!resources) throw malformed('Policy statement must contain resources.');
  const strange = resources.patterns.find(
    (resource) => resource !== '*' && !/^arn:.+:.*:.*:.*:.+$/s.test(resource),
  );
  if (strange !== undefined) throw malformed(`Resource ${strange} must be in ARN format or "*".`);
  return resources;
}

function principalsOf(statement: Record<string, unknown>, kind: PolicyKind): PrincipalElement | undefined {
  const needed = kind === 'resource' || kind === 'trust';
  const { Principal: named, NotPrincipal: unnamed } = statement;
  if (named === undefined && unnamed === undefined) {
    if (needed) throw malformed('Missing required field Principal');
    return undefined;
  }
  if (!needed) throw malformed('Policy document should not specify a principal.');
  if (named !== undefined && unnamed !== undefined)
    throw malformed('Both Principal and NotPrincipal are given.');
  return parsePrincipal(named ?? unnamed, named === undefined);
}

function pair(statement: Record<string, unknown>, name: 'Action' | 'Resource'): Patterns | undefined {
  const named = statement[name];
  const unnamed = statement[`Not${name}`];
  if (named !== undefined && unnamed !== undefined) throw malformed(`Both ${name} and Not${name} are given.`);
  const given = named ?? unnamed;
  return given === undefined ? undefined : { not: named === undefined, patterns: strings(given, name) };
}
