import { matchesGlob } from '../../shared/engine/glob.ts';
import type { Json } from '../../shared/engine/verdict.ts';

/** What a bucket policy means for somebody who would delete the bucket. */
export interface PolicyReading {
  /** Sids (or numbers) of statements that deny deleting (B4.14). */
  readonly denies: readonly string[];
  /** Other accounts, everybody, organisations, canonical users (B4.23). */
  readonly others: readonly string[];
  /** AWS services that may use the bucket: their logs and reports come here (B4.18). */
  readonly services: readonly string[];
  /** Principals of the own account: code may refer to the name (B4.46). */
  readonly own: readonly string[];
}

const DELETING: readonly string[] = [
  's3:DeleteBucket',
  's3:DeleteObject',
  's3:DeleteObjectVersion',
  's3:AbortMultipartUpload',
];

/** Reads a bucket policy; undefined when it cannot be understood, which has to protect. */
export function readPolicy(text: string, account: string): PolicyReading | undefined {
  const document = parsed(text);
  const statements = isObject(document) ? listOf(document.Statement).map(asObject) : [undefined];
  const known = statements.filter((statement) => statement !== undefined);
  if (known.length !== statements.length) return undefined;
  const denies: string[] = [];
  const principals: string[] = [];
  for (const [index, statement] of known.entries()) {
    if (statement.Effect === 'Deny') {
      if (deniesDeleting(statement)) denies.push(String(statement.Sid ?? `statement ${index + 1}`));
    } else if (statement.Effect === 'Allow') principals.push(...principalsOf(statement));
    else return undefined;
  }
  const grantees = [...new Set(principals)];
  const own = grantees.filter((one) => isOwn(one, account));
  const services = grantees.filter((one) => one.startsWith('Service '));
  return {
    denies,
    own,
    services: services.map((one) => one.slice('Service '.length)),
    others: grantees.filter((one) => !own.includes(one) && !services.includes(one)),
  };
}

type Statement = { readonly [key: string]: Json };

function deniesDeleting(statement: Statement): boolean {
  if (onlyRefusesPlainText(statement.Condition)) return false;
  const [actions, spared] = [textsOf(statement.Action), textsOf(statement.NotAction)];
  const matches = (patterns: readonly string[], action: string) =>
    patterns.some((one) => matchesGlob(one.toLowerCase(), action.toLowerCase()));
  return DELETING.some((action) =>
    statement.NotAction === undefined ? matches(actions, action) : !matches(spared, action),
  );
}

/** The usual "TLS only" statement: it denies everything, but not to us. */
function onlyRefusesPlainText(condition: Json | undefined): boolean {
  if (!isObject(condition)) return false;
  const tests = Object.entries(condition).flatMap(([operator, keys]) =>
    Object.keys(asObject(keys) ?? {}).map((key) => `${operator} ${key}`.toLowerCase()),
  );
  const harmless = ['bool aws:securetransport', 'numericlessthan s3:tlsversion'];
  const insecure = JSON.stringify(condition).toLowerCase().includes('"aws:securetransport":"true"');
  return tests.length > 0 && !insecure && tests.every((test) => harmless.includes(test));
}

function principalsOf({ Principal, NotPrincipal }: Statement): readonly string[] {
  if (NotPrincipal !== undefined) return ['*'];
  if (typeof Principal === 'string') return [Principal];
  return Object.entries(asObject(Principal ?? null) ?? {}).flatMap(([kind, who]) =>
    textsOf(who).map((one) => (kind === 'AWS' ? one : `${kind} ${one}`)),
  );
}

function isOwn(principal: string, account: string): boolean {
  return principal === account || new RegExp(`^arn:aws[a-z-]*:(iam|sts)::${account}:`).test(principal);
}

function parsed(text: string): Json | undefined {
  try {
    // JSON.parse gives JSON.
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function isObject(value: Json | undefined): value is Statement {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asObject(value: Json): Statement | undefined {
  return isObject(value) ? value : undefined;
}

function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function textsOf(value: Json | undefined): readonly string[] {
  return listOf(value).map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
}
