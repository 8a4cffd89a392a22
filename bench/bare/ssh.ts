import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeSecurityGroupRulesCommand,
  EC2Client,
  paginateDescribeSecurityGroups,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';

/**
 * The measuring stick: the fewest calls that close an open port, journal it and tell somebody, and nothing else. It
 * knows one form of opening, checks nothing before it acts and nothing after.
 */
const ec2 = new EC2Client({});
const dynamodb = new DynamoDBClient({});
const sns = new SNSClient({});

interface BareEvent {
  readonly detail?: { readonly requestParameters: { readonly groupId: string } };
}

/** Closes the group of an `AuthorizeSecurityGroupIngress` event, or every open group of the region. */
export async function handler({ detail }: BareEvent): Promise<void> {
  const groups = detail === undefined ? await openGroups() : [detail.requestParameters.groupId];
  const closed = await Promise.all(groups.map(close));
  const Message = closed.filter(Boolean).join('\n');
  if (Message !== '') await sns.send(new PublishCommand({ TopicArn: process.env.BARE_TOPIC, Message }));
}

async function openGroups(): Promise<string[]> {
  const open: string[] = [];
  for await (const { SecurityGroups = [] } of paginateDescribeSecurityGroups(
    { client: ec2, pageSize: 1000 },
    {},
  )) {
    for (const { GroupId = '', IpPermissions = [] } of SecurityGroups) {
      const isOpen = IpPermissions.some(
        ({ FromPort, IpRanges = [] }) =>
          FromPort === 22 && IpRanges.some(({ CidrIp }) => CidrIp === '0.0.0.0/0'),
      );
      if (isOpen) open.push(GroupId);
    }
  }
  return open;
}

async function close(GroupId: string): Promise<string> {
  const { SecurityGroupRules = [] } = await ec2.send(
    new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [GroupId] }] }),
  );
  const open = SecurityGroupRules.filter(
    ({ FromPort, CidrIpv4, IsEgress }) => !IsEgress && FromPort === 22 && CidrIpv4 === '0.0.0.0/0',
  );
  const SecurityGroupRuleIds = open.flatMap(({ SecurityGroupRuleId }) => SecurityGroupRuleId ?? []);
  if (SecurityGroupRuleIds.length === 0) return '';
  const intent = { S: JSON.stringify(open) };
  await dynamodb.send(
    new PutItemCommand({ TableName: process.env.BARE_TABLE, Item: { pk: { S: GroupId }, intent } }),
  );
  await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds }));
  return `${GroupId}: ${SecurityGroupRuleIds.join(' ')}`;
}
