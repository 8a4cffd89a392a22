import { AwsError } from '../../core/errors.ts';
import type { Call } from '../../core/service.ts';
import type { World } from '../../core/world.ts';
import type { PolicyDocument } from '../../iam/document.ts';
import type { TagPolicy } from './tag-policy.ts';

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly joinedAt: Date;
}

export interface KeptPolicy {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly description: string;
  readonly content: string;
  readonly rule:
    | { readonly type: 'TAG_POLICY'; readonly parsed: TagPolicy }
    | { readonly type: 'SERVICE_CONTROL_POLICY'; readonly document: PolicyDocument };
  /** Ids of the root and of accounts. */
  readonly targets: Set<string>;
  /** When the policy was attached or detached the last time. */
  changedAt: Date;
}

export interface Organization {
  readonly id: string;
  readonly rootId: string;
  readonly partition: string;
  /** The management account. */
  readonly management: string;
  readonly members: ReadonlyMap<string, Member>;
  readonly policies: Map<string, KeptPolicy>;
}

/** A world has one organization at most; accounts outside of it stand alone. */
const organizations = new WeakMap<World, Organization>();

/** Brings accounts of this world together; the first is the management account. */
export function seedOrganization(
  world: World,
  accounts: readonly { readonly id: string; readonly name?: string; readonly email?: string }[],
): Organization {
  const [first] = accounts;
  if (!first) throw new Error('An organization needs a management account.');
  const joinedAt = new Date(world.clock.now());
  const members = accounts.map(({ id, name = id, email = `aws+${id}@example.com` }) => {
    if (!world.accounts.has(id)) throw new Error(`The sandbox has no account ${id}.`);
    return [id, { id, name, email, joinedAt }] as const;
  });
  const organization: Organization = {
    id: `o-${world.random.hex(10)}`,
    rootId: `r-${world.random.hex(4)}`,
    partition: world.accounts.get(first.id)?.partition ?? 'aws',
    management: first.id,
    members: new Map(members),
    policies: new Map(),
  };
  organizations.set(world, organization);
  return organization;
}

/** The organization that an account belongs to, if any. */
export function organizationOf(world: World, account: string): Organization | undefined {
  const found = organizations.get(world);
  return found?.members.has(account) ? found : undefined;
}

/** The caller's organization; members may only look at themselves, the rest is for the management account. */
export function inOrganization(call: Call, who: 'member' | 'management'): Organization {
  const found = organizationOf(call.world, call.account);
  if (!found) {
    throw new AwsError(
      'AWSOrganizationsNotInUseException',
      'Your account is not a member of an organization.',
    );
  }
  if (who === 'management' && call.account !== found.management) {
    throw new AwsError('AccessDeniedException', "You don't have permissions to access this resource.");
  }
  return found;
}

/** `arn:aws:organizations::111122223333:account/o-…/444455556666` */
export function organizationArn(
  { partition, management, id }: Organization,
  kind: 'organization' | 'root' | 'account' | 'policy',
  rest = '',
): string {
  return `arn:${partition}:organizations::${management}:${kind}/${id}${rest && `/${rest}`}`;
}
