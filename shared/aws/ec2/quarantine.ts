import { EC2Client, ModifyNetworkInterfaceAttributeCommand, type SecurityGroup } from '@aws-sdk/client-ec2';
import { type Aws, verb } from '../access.ts';
import { securityGroupsByTag } from './security-groups.ts';
import type { Lookup } from './stopping/facts.ts';

/** Marks the one security group of a VPC that quarantine uses; whoever writes it decides which that is. */
export const QUARANTINE_TAG = 'reeve:quarantine';

/**
 * The quarantine group of each of these VPCs: the only one with the tag, of this account, that lets nothing in and nothing
 * out. Otherwise why there is none that could be used.
 */
export const quarantineGroups = verb(
  securityGroupsByTag.rights,
  async (aws: Aws, vpcIds: readonly string[]): Promise<ReadonlyMap<string, Lookup<string>>> => {
    const tagged = await securityGroupsByTag(aws, QUARANTINE_TAG);
    return new Map(
      vpcIds.map((vpcId) => [
        vpcId,
        choose(
          vpcId,
          tagged.filter((group) => group.VpcId === vpcId),
          aws.place.account,
        ),
      ]),
    );
  },
);

function choose(vpcId: string, groups: readonly SecurityGroup[], account: string): Lookup<string> {
  const [group, second] = groups;
  if (group?.GroupId === undefined) {
    return { unknown: `${vpcId} has no security group with the tag ${QUARANTINE_TAG}` };
  }
  if (second !== undefined) {
    return { unknown: `${vpcId} has several security groups with the tag ${QUARANTINE_TAG}` };
  }
  if (group.OwnerId !== account) return { unknown: `another account owns ${group.GroupId}` };
  const rules = [...(group.IpPermissions ?? []), ...(group.IpPermissionsEgress ?? [])];
  if (rules.length > 0 || group.IpPermissions === undefined || group.IpPermissionsEgress === undefined) {
    return { unknown: `${group.GroupId} has rules, so that it would isolate nothing` };
  }
  return { value: group.GroupId };
}

/** Gives a network interface just these security groups. */
export const setInterfaceGroups = verb(
  ['ec2:ModifyNetworkInterfaceAttribute'],
  async (aws: Aws, interfaceId: string, groupIds: readonly string[]): Promise<void> => {
    const command = new ModifyNetworkInterfaceAttributeCommand({
      NetworkInterfaceId: interfaceId,
      Groups: [...groupIds],
    });
    await aws.send(EC2Client, command);
  },
);
