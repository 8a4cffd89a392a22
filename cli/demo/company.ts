import {
  AuthorizeSecurityGroupIngressCommand,
  CreateManagedPrefixListCommand,
  CreateSecurityGroupCommand,
  DescribeManagedPrefixListsCommand,
  DescribeVpcsCommand,
  EC2Client,
  type IpPermission,
  ModifyManagedPrefixListCommand,
  RunInstancesCommand,
  type Tag,
} from '@aws-sdk/client-ec2';
import type { Sandbox } from '../../sandbox/sandbox.ts';

/** What a person or a pipeline of the demo's small company does, through a real SDK client of his own. */
export interface Employee {
  group(name: string, tags?: readonly Tag[]): Promise<string>;
  open(groupId: string, ...permissions: readonly IpPermission[]): Promise<void>;
  launch(name: string, groupId: string, tags: Tags): Promise<string>;
  list(name: string, cidr: string): Promise<string>;
  addToList(listId: string, cidr: string): Promise<void>;
}

type Tags = Readonly<Record<string, string>>;

/** Tags as AWS takes them. */
export function tagList(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

export async function employee(sandbox: Sandbox, user: string): Promise<Employee> {
  const { endpoint } = await sandbox.listen();
  const ec2 = new EC2Client({ region: sandbox.region, endpoint, credentials: sandbox.credentials({ user }) });
  const { Vpcs: [vpc] = [] } = await ec2.send(
    new DescribeVpcsCommand({ Filters: [{ Name: 'is-default', Values: ['true'] }] }),
  );
  return {
    async group(name, tags = []) {
      const { GroupId = '' } = await ec2.send(
        new CreateSecurityGroupCommand({
          GroupName: name,
          Description: `made by ${user}`,
          VpcId: vpc?.VpcId,
          ...(tags.length > 0 && {
            TagSpecifications: [{ ResourceType: 'security-group', Tags: [...tags] }],
          }),
        }),
      );
      return GroupId;
    },
    async open(groupId, ...permissions) {
      await ec2.send(
        new AuthorizeSecurityGroupIngressCommand({ GroupId: groupId, IpPermissions: [...permissions] }),
      );
    },
    async launch(name, groupId, tags) {
      const { Instances: [instance] = [] } = await ec2.send(
        new RunInstancesCommand({
          ImageId: 'ami-0123456789abcdef0',
          InstanceType: 't3.micro',
          MinCount: 1,
          MaxCount: 1,
          SecurityGroupIds: [groupId],
          TagSpecifications: [{ ResourceType: 'instance', Tags: tagList({ Name: name, ...tags }) }],
        }),
      );
      return instance?.InstanceId ?? '';
    },
    async list(name, cidr) {
      const { PrefixList } = await ec2.send(
        new CreateManagedPrefixListCommand({
          PrefixListName: name,
          AddressFamily: 'IPv4',
          MaxEntries: 5,
          Entries: [{ Cidr: cidr }],
        }),
      );
      return PrefixList?.PrefixListId ?? '';
    },
    async addToList(listId, cidr) {
      const { PrefixLists: [list] = [] } = await ec2.send(
        new DescribeManagedPrefixListsCommand({ PrefixListIds: [listId] }),
      );
      await ec2.send(
        new ModifyManagedPrefixListCommand({
          PrefixListId: listId,
          CurrentVersion: list?.Version,
          AddEntries: [{ Cidr: cidr }],
        }),
      );
    },
  };
}

export function tcp(port: number, ...cidrs: readonly string[]): IpPermission {
  return {
    IpProtocol: 'tcp',
    FromPort: port,
    ToPort: port,
    IpRanges: cidrs.filter((cidr) => !cidr.includes(':')).map((CidrIp) => ({ CidrIp })),
    Ipv6Ranges: cidrs.filter((cidr) => cidr.includes(':')).map((CidrIpv6) => ({ CidrIpv6 })),
  };
}

export const everything: IpPermission = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };

/** What the company agreed on, and its configuration asks for. */
export const WELL_TAGGED = { Owner: 'ana', CreatedBy: 'terraform', CostCenter: '4711' };
