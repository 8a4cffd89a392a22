import { EC2Client, paginateDescribeSecurityGroups, type SecurityGroup } from '@aws-sdk/client-ec2';
import { shareSecurityGroup } from '../../sandbox/services/ec2/seed.ts';
import { type Job, placeOf } from './job.ts';

export const OPEN_GROUPS = 5;

const OPEN = {
  protocol: 'tcp',
  fromPort: 22,
  toPort: 22,
  peer: { kind: 'ipv4', cidr: '0.0.0.0/0' },
} as const;
export const FINE = { ...OPEN, fromPort: 443, toPort: 443 };
const OFFICE = { ...OPEN, peer: { kind: 'ipv4', cidr: '203.0.113.0/24' } } as const;

/** Security groups that are in order, with some among them that are not. */
export const ssh: Job = {
  seed(sandbox, groups) {
    const { account: owner } = sandbox;
    const every = Math.floor(groups / OPEN_GROUPS);
    for (let number = 0; number < groups; number++) {
      const isOpen = number % every === 0 && number < OPEN_GROUPS * every;
      const inbound = isOpen ? [OPEN, FINE] : [FINE, OFFICE];
      shareSecurityGroup(placeOf(sandbox), { owner, name: `group-${number}`, inbound });
    }
  },
  async flaws(sandbox, groups) {
    const client = new EC2Client(sandbox.clientConfig({ user: 'ana' }));
    let stillOpen = 0;
    const listing = paginateDescribeSecurityGroups({ client, pageSize: 1000 }, {});
    for await (const { SecurityGroups = [] } of listing) {
      stillOpen += SecurityGroups.filter(isOpenToAll).length;
    }
    return stillOpen === 0 ? [] : [`${stillOpen} of ${groups} groups are open`];
  },
};

function isOpenToAll({ IpPermissions = [] }: SecurityGroup): boolean {
  return IpPermissions.some(
    ({ FromPort, IpRanges = [] }) => FromPort === 22 && IpRanges.some(({ CidrIp }) => CidrIp === '0.0.0.0/0'),
  );
}
