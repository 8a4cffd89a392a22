import { drawer } from '../../core/drawer.ts';
import type { Principal } from '../../core/principal.ts';
import type { World } from '../../core/world.ts';
import { type PolicyDocument, type PolicyKind, parsePolicy } from '../../iam/document.ts';
import { resourcePolicyOf, setResourcePolicy } from '../../iam/resource-policies.ts';
import { awsManagedPolicies } from './aws-managed.ts';

export interface StoredPolicy {
  readonly text: string;
  readonly document: PolicyDocument;
}

/** What users and roles have in common. */
export interface Identity {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly id: string;
  readonly createdAt: Date;
  readonly tags: Map<string, string>;
  readonly inline: Map<string, StoredPolicy>;
  /** ARNs of managed policies. */
  readonly attached: Set<string>;
  boundary?: string;
}

export interface Role extends Identity {
  description?: string;
  maxSessionDuration: number;
}

export interface User extends Identity {
  readonly accessKeys: Map<string, { status: 'Active' | 'Inactive'; readonly createdAt: Date }>;
}

export interface ManagedPolicy {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly id: string;
  readonly description?: string;
  readonly createdAt: Date;
  readonly policy: StoredPolicy;
}

export interface IamState {
  readonly roles: Map<string, Role>;
  readonly users: Map<string, User>;
  /** Customer managed policies by ARN. */
  readonly policies: Map<string, ManagedPolicy>;
}

const states = drawer<IamState>(() => ({ roles: new Map(), users: new Map(), policies: new Map() }));

/** The account's IAM: one for all regions. */
export function iamOf(world: World, account: string): IamState {
  return states.of({ world, account, region: 'us-east-1', partition: partitionOf(world, account) });
}

export function partitionOf(world: World, account: string): string {
  return world.accounts.get(account)?.partition ?? 'aws';
}

/** A managed policy of the account or of AWS. */
export function managedPolicy(world: World, account: string, arn: string): ManagedPolicy | undefined {
  return iamOf(world, account).policies.get(arn) ?? awsManagedPolicies(partitionOf(world, account)).get(arn);
}

/** Policies are given as JSON text or as plain objects. */
export type PolicyText = string | object;

export function stored(policy: PolicyText, kind: PolicyKind): StoredPolicy {
  const text = typeof policy === 'string' ? policy : JSON.stringify(policy);
  return { text, document: parsePolicy(text, kind) };
}

export interface IdentitySeed {
  readonly name: string;
  readonly path?: string;
  /** Inline policies by name. */
  readonly policies?: Readonly<Record<string, PolicyText>>;
  /** ARNs of managed policies, or bare names of AWS's own such as `AdministratorAccess`. */
  readonly attached?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
  readonly boundary?: string;
}

/** Puts a role into the account, as CreateRole would, without a call; an older role of that name goes away. */
export function seedRole(
  world: World,
  account: string,
  seed: IdentitySeed & {
    readonly trust: PolicyText;
    readonly description?: string;
    readonly maxSessionDuration?: number;
  },
): Role {
  const trust = stored(seed.trust, 'trust');
  const role: Role = {
    ...identity(world, account, 'role', 'AROA', seed),
    ...(seed.description !== undefined && { description: seed.description }),
    maxSessionDuration: seed.maxSessionDuration ?? 3600,
  };
  setResourcePolicy(world, role.arn, trust.text, { kind: 'trust' });
  iamOf(world, account).roles.set(role.name, role);
  return role;
}

/** Puts a user into the account, as CreateUser would, without a call; an older user of that name goes away. */
export function seedUser(world: World, account: string, seed: IdentitySeed): User {
  const user: User = { ...identity(world, account, 'user', 'AIDA', seed), accessKeys: new Map() };
  iamOf(world, account).users.set(user.name, user);
  return user;
}

/** The role's trust policy as text. */
export function trustPolicyOf(world: World, role: Role): string {
  return resourcePolicyOf(world, role.arn)?.text ?? '';
}

/** The principal that a user's access keys stand for. */
export function principalOfUser(account: string, user: User): Omit<Principal, 'accessKeyId'> {
  return { type: 'IAMUser', arn: user.arn, account, principalId: user.id, userName: user.name };
}

/** The principal of a session of this role. */
export function principalOfSession(
  account: string,
  role: Role,
  sessionName: string,
): Omit<Principal, 'accessKeyId'> {
  const [, partition = 'aws'] = role.arn.split(':');
  return {
    type: 'AssumedRole',
    arn: `arn:${partition}:sts::${account}:assumed-role/${role.name}/${sessionName}`,
    account,
    principalId: `${role.id}:${sessionName}`,
    roleName: role.name,
    sessionName,
  };
}

function identity(
  world: World,
  account: string,
  type: 'role' | 'user',
  prefix: string,
  { name, path = '/', policies = {}, attached = [], tags = {}, boundary }: IdentitySeed,
): Identity {
  const partition = partitionOf(world, account);
  return {
    name,
    path,
    arn: `arn:${partition}:iam::${account}:${type}${path}${name}`,
    id: uniqueId(world, prefix),
    createdAt: new Date(world.clock.now()),
    tags: new Map(Object.entries(tags)),
    inline: new Map(Object.entries(policies).map(([key, policy]) => [key, stored(policy, 'identity')])),
    attached: new Set(
      attached.map((each) => (each.includes(':') ? each : `arn:${partition}:iam::aws:policy/${each}`)),
    ),
    ...(boundary && { boundary }),
  };
}

/** `AROA…`, `AIDA…`, `ANPA…` and so on: four letters and 17 more. */
export function uniqueId(world: World, prefix: string): string {
  return `${prefix}${world.random.hex(17).toUpperCase()}`;
}
