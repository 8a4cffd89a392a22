import { matches } from './pattern.ts';
import { malformed, record, strings } from './syntax.ts';

/** The Principal or NotPrincipal element of a statement. */
export interface PrincipalElement {
  readonly not: boolean;
  /** ARNs, account ids, unique ids or `*`. */
  readonly aws: readonly string[];
  readonly services: readonly string[];
}

/** The caller as resource policies see it. */
export interface PolicyPrincipal {
  readonly type: 'Root' | 'IAMUser' | 'AssumedRole' | 'AWSService';
  readonly arn: string;
  readonly account: string;
  /** The role behind an assumed-role session. */
  readonly roleArn?: string;
}

/**
 * How closely a resource policy names the caller, which decides what its Allow is worth in the same account: `identity`
 * (the user or the session itself), `role` (the role of the session), `everyone` (`*`), `account` (left to the account's
 * own policies).
 */
export type Naming = 'identity' | 'role' | 'everyone' | 'account';

/** Reads `"*"` or `{ AWS: …, Service: … }`; other kinds of principals are refused by name. */
export function parsePrincipal(value: unknown, not: boolean): PrincipalElement {
  if (value === '*') return { not, aws: ['*'], services: [] };
  const kinds = record(value, 'Principal');
  const strange = Object.keys(kinds).find((kind) => kind !== 'AWS' && kind !== 'Service');
  if (strange) throw malformed(`Invalid principal in policy: ${strange} principals are not supported here.`);
  const aws = kinds.AWS === undefined ? [] : strings(kinds.AWS, 'Principal');
  const services = kinds.Service === undefined ? [] : strings(kinds.Service, 'Principal');
  const invalid =
    aws.find((each) => !isAwsPrincipal(each)) ??
    services.find((each) => !/^[a-z0-9.-]+\.amazonaws\.com/.test(each));
  if (invalid !== undefined) throw malformed(`Invalid principal in policy: "${invalid}"`);
  return { not, aws, services };
}

const isAwsPrincipal = (text: string) =>
  text === '*' ||
  /^\d{12}$/.test(text) ||
  /^A[A-Z]{3}[A-Z0-9]{12,}$/.test(text) ||
  /^arn:aws[a-z-]*:(iam|sts)::\d{12}:(root|(user|role|assumed-role)\/[^*?]+)$/.test(text);

/** How the element names this caller; undefined when it does not. */
export function namingOf(element: PrincipalElement, who: PolicyPrincipal): Naming | undefined {
  const named = best(element, who);
  if (!element.not) return named;
  return named === undefined ? 'everyone' : undefined;
}

function best(element: PrincipalElement, who: PolicyPrincipal): Naming | undefined {
  if (who.type === 'AWSService') {
    return element.services.includes(who.arn) || element.aws.includes('*') ? 'identity' : undefined;
  }
  if (element.aws.includes(who.arn)) return 'identity';
  if (who.roleArn && element.aws.includes(who.roleArn)) return 'role';
  if (element.aws.includes('*')) return 'everyone';
  const ofAccount = (each: string) => each === who.account || matches(`arn:*:iam::${who.account}:root`, each);
  return element.aws.some(ofAccount) ? 'account' : undefined;
}
