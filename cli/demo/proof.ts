import { DescribeSecurityGroupsCommand, EC2Client, type SecurityGroup } from '@aws-sdk/client-ec2';
import Table from 'cli-table3';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { BORDERLESS, trimmed } from '../render/borderless.ts';
import type { Terminal } from '../terminal.ts';
import type { LeftOpen } from './story.ts';

/**
 * Reads the account back by a plain SDK client and prints who may reach what. True when exactly the groups that were
 * meant to stay open are open. Knows nothing of Reeve's judge on purpose.
 */
export async function prove(
  sandbox: Sandbox,
  left: readonly LeftOpen[],
  terminal: Terminal,
): Promise<boolean> {
  const { endpoint } = await sandbox.listen();
  const ec2 = new EC2Client({
    region: sandbox.region,
    endpoint,
    credentials: sandbox.credentials({ user: 'ops' }),
  });
  const { SecurityGroups: groups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({}));
  const table = new Table({
    head: ['GROUP', 'OPEN', 'WHY'].map((title) => terminal.colors.bold(title)),
    colWidths: [8, 28, Math.min(60, terminal.columns - 40)],
    wordWrap: true,
    ...BORDERLESS,
  });
  const open = new Set(groups.filter(reachesSsh).map(({ GroupId }) => GroupId));
  for (const group of groups) {
    if (group.GroupName === 'default') continue;
    const why = left.find(({ groupId }) => groupId === group.GroupId)?.because ?? '';
    table.push([group.GroupName ?? '', openings(group), why]);
  }
  terminal.out(trimmed(table));
  const expected = new Set(left.map(({ groupId }) => groupId));
  return open.size === expected.size && [...open].every((id) => id !== undefined && expected.has(id));
}

function openings({ IpPermissions: permissions = [] }: SecurityGroup): string {
  const texts = permissions.flatMap((permission) => {
    const { IpProtocol = '', FromPort, IpRanges = [], Ipv6Ranges = [], PrefixListIds = [] } = permission;
    const what = IpProtocol === '-1' ? 'everything' : `${IpProtocol} ${FromPort}`;
    const from = [
      ...IpRanges.map(({ CidrIp }) => CidrIp),
      ...Ipv6Ranges.map(({ CidrIpv6 }) => CidrIpv6),
      ...PrefixListIds.map(({ PrefixListId }) => PrefixListId),
    ];
    return from.map((source) => `${what} from ${source}`);
  });
  return texts.join(', ') || 'nothing';
}

/** Coarse, but independent of the judge: a world-wide source on a rule that covers port 22. */
function reachesSsh({ IpPermissions: permissions = [] }: SecurityGroup): boolean {
  return permissions.some(
    ({ IpProtocol, FromPort = 0, ToPort = 65_535, IpRanges = [], Ipv6Ranges = [], PrefixListIds = [] }) => {
      const covers = IpProtocol === '-1' || (IpProtocol === 'tcp' && FromPort <= 22 && ToPort >= 22);
      const wide = [...IpRanges.map(({ CidrIp }) => CidrIp), ...Ipv6Ranges.map(({ CidrIpv6 }) => CidrIpv6)];
      return covers && (PrefixListIds.length > 0 || wide.some((cidr) => /\/[01]$/.test(cidr ?? '')));
    },
  );
}
