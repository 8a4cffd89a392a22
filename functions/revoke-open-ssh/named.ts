import type { NetworkAcl, SecurityGroup } from '@aws-sdk/client-ec2';
import { type Aws, verb } from '../../shared/aws/access.ts';
import { instancesById } from '../../shared/aws/ec2/instances.ts';
import { interfacesById } from '../../shared/aws/ec2/network-interfaces.ts';
import { prefixListUsers } from '../../shared/aws/ec2/prefix-lists.ts';
import { aclsById } from '../../shared/aws/ec2/routing.ts';
import { securityGroupsById, securityGroupsByName } from '../../shared/aws/ec2/security-groups.ts';
import { AwsFailure } from '../../shared/aws/errors.ts';
import type { Missing } from '../../shared/engine/policy.ts';
import type { ResourceRef } from '../../shared/engine/signal.ts';

interface Named {
  readonly groups: readonly SecurityGroup[];
  readonly acls: readonly NetworkAcl[];
  readonly missing: readonly Missing[];
}

/** The groups behind references of any type: the group itself, or what uses it; what was not found is told why. */
export const readNamed = verb(
  [
    ...securityGroupsById.rights,
    ...securityGroupsByName.rights,
    ...instancesById.rights,
    ...interfacesById.rights,
    ...prefixListUsers.rights,
    ...aclsById.rights,
  ],
  async (aws: Aws, refs: readonly ResourceRef[]): Promise<Named> => {
    const ofType = (type: string) => refs.filter((ref) => ref.type === type);
    const direct = ofType('AWS::EC2::SecurityGroup').filter(({ id }) => isGroupId(id));
    const users = [
      await ofInstances(aws, ofType('AWS::EC2::Instance')),
      await ofInterfaces(aws, ofType('AWS::EC2::NetworkInterface')),
      await ofPrefixLists(aws, ofType('AWS::EC2::PrefixList')),
    ];
    const ids = [...direct.map(({ id }) => id), ...users.flatMap(({ groupIds }) => groupIds)];
    const groups = await securityGroupsById(aws, ids);
    const found = new Set(groups.map(({ GroupId }) => GroupId));
    const named = await ofNames(
      aws,
      ofType('AWS::EC2::SecurityGroup').filter(({ id }) => !isGroupId(id)),
    );
    const acls = await ofAcls(aws, ofType('AWS::EC2::NetworkAcl'));
    return {
      groups: [...groups, ...named.groups.filter(({ GroupId }) => !found.has(GroupId))],
      acls: acls.acls,
      missing: [
        ...direct.filter(({ id }) => !found.has(id)).map(gone),
        ...users.flatMap(({ missing }) => missing),
        ...named.missing,
        ...acls.missing,
        ...refs.filter(({ type }) => !TYPES.includes(type)).map(unresolved),
      ],
    };
  },
);

const TYPES: readonly string[] = [
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::Instance',
  'AWS::EC2::NetworkInterface',
  'AWS::EC2::PrefixList',
  'AWS::EC2::NetworkAcl',
];

function unresolved(ref: ResourceRef): Missing {
  return {
    ref,
    why: 'unresolved',
    reason: `${ref.id} is a ${ref.type}, behind which no security group is looked for.`,
  };
}

async function ofAcls(aws: Aws, refs: readonly ResourceRef[]): Promise<Pick<Named, 'acls' | 'missing'>> {
  const acls =
    refs.length === 0
      ? []
      : await aclsById(
          aws,
          refs.map(({ id }) => id),
        );
  const found = new Set(acls.map(({ NetworkAclId }) => NetworkAclId));
  return { acls, missing: refs.filter(({ id }) => !found.has(id)).map(gone) };
}

/** Leftovers of EC2-Classic name groups instead of giving ids; a name means the default VPC's (B3.32). */
async function ofNames(aws: Aws, refs: readonly ResourceRef[]): Promise<Pick<Named, 'groups' | 'missing'>> {
  const groups: SecurityGroup[] = [];
  const missing: Missing[] = [];
  for (const ref of refs) {
    try {
      groups.push(...(await securityGroupsByName(aws, ref.id)));
    } catch (error) {
      if (!(error instanceof AwsFailure) || error.kind !== 'gone') throw error;
      missing.push(gone(ref));
    }
  }
  return { groups, missing };
}

interface Users {
  readonly groupIds: readonly string[];
  readonly missing: readonly Missing[];
}

async function ofInstances(aws: Aws, refs: readonly ResourceRef[]): Promise<Users> {
  const ids = refs.map(({ id }) => id);
  const instances = ids.length === 0 ? [] : await instancesById(aws, ids);
  const found = new Set(instances.map(({ InstanceId }) => InstanceId));
  const interfaces = instances.flatMap(({ NetworkInterfaces: all = [] }) => all);
  const groups = [...instances.flatMap(({ SecurityGroups: all = [] }) => all), ...groupsOf(interfaces)];
  return {
    groupIds: groups.flatMap(({ GroupId }) => GroupId ?? []),
    missing: refs.filter(({ id }) => !found.has(id)).map(gone),
  };
}

async function ofInterfaces(aws: Aws, refs: readonly ResourceRef[]): Promise<Users> {
  const ids = refs.map(({ id }) => id);
  const interfaces = ids.length === 0 ? [] : await interfacesById(aws, ids);
  const found = new Set(interfaces.map(({ NetworkInterfaceId }) => NetworkInterfaceId));
  return {
    groupIds: groupsOf(interfaces).flatMap(({ GroupId }) => GroupId ?? []),
    missing: refs.filter(({ id }) => !found.has(id)).map(gone),
  };
}

function groupsOf(
  interfaces: readonly { readonly Groups?: readonly { GroupId?: string | undefined }[] | undefined }[],
) {
  return interfaces.flatMap(({ Groups = [] }) => Groups);
}

/** A changed list sends no event for the groups that refer to it (B3.14). */
async function ofPrefixLists(aws: Aws, refs: readonly ResourceRef[]): Promise<Users> {
  const groupIds: string[] = [];
  const missing: Missing[] = [];
  for (const ref of refs) {
    try {
      groupIds.push(...(await prefixListUsers(aws, ref.id)).filter(isGroupId));
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error;
      missing.push(
        error.kind === 'gone'
          ? gone(ref)
          : { ref, why: 'unreadable', reason: `Who uses ${ref.id} cannot be read: ${error.message}.` },
      );
    }
  }
  return { groupIds, missing };
}

function isGroupId(id: string): boolean {
  return /^sg-[0-9a-f]+$/.test(id);
}

function gone(ref: ResourceRef): Missing {
  return { ref, why: 'gone', reason: `${ref.id} does not exist (any more).` };
}
