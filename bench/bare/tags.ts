import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeAddressesCommand,
  DescribeImagesCommand,
  EC2Client,
  paginateDescribeInstances,
  paginateDescribeNatGateways,
  paginateDescribeNetworkInterfaces,
  paginateDescribeSecurityGroups,
  paginateDescribeSnapshots,
  paginateDescribeSubnets,
  paginateDescribeVolumes,
  paginateDescribeVpcs,
  type Tag,
} from '@aws-sdk/client-ec2';
import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import {
  GetResourcesCommand,
  ResourceGroupsTaggingAPIClient,
} from '@aws-sdk/client-resource-groups-tagging-api';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { tellNews } from './tell-news.ts';

/**
 * The measuring stick: the fewest calls that list everything of all types with its tags, in pages as large as they come.
 * It looks for one key and knows no grace, no parents and no exemptions.
 */
const client = new EC2Client({});
const paged = { client, pageSize: 1000 };

const FILTERS = [
  'dynamodb:table',
  'elasticloadbalancing:loadbalancer',
  'lambda:function',
  'logs:log-group',
  's3',
  'sns',
  'sqs',
];

export async function handler(): Promise<number> {
  const untagged: string[] = [];
  const look = (id: string | undefined, tags: readonly Tag[] = []) => {
    if (id !== undefined && !tags.some(({ Key }) => Key === 'team')) untagged.push(id);
  };
  for await (const { Reservations = [] } of paginateDescribeInstances(paged, {})) {
    for (const { Instances = [] } of Reservations) {
      for (const { InstanceId, Tags } of Instances) look(InstanceId, Tags);
    }
  }
  for await (const { Volumes = [] } of paginateDescribeVolumes(paged, {})) {
    for (const { VolumeId, Tags } of Volumes) look(VolumeId, Tags);
  }
  for await (const { NetworkInterfaces = [] } of paginateDescribeNetworkInterfaces(paged, {})) {
    for (const { NetworkInterfaceId, TagSet } of NetworkInterfaces) look(NetworkInterfaceId, TagSet);
  }
  for await (const { SecurityGroups = [] } of paginateDescribeSecurityGroups(paged, {})) {
    for (const { GroupId, Tags } of SecurityGroups) look(GroupId, Tags);
  }
  await listTheRest();
  await tellNews(untagged);
  return untagged.length;
}

/** Types of which the benchmark's account has next to none: one call each. */
async function listTheRest(): Promise<void> {
  await new AutoScalingClient({}).send(new DescribeAutoScalingGroupsCommand({ MaxRecords: 100 }));
  for await (const _ of paginateDescribeSnapshots(paged, { OwnerIds: ['self'] }));
  await client.send(new DescribeImagesCommand({ Owners: ['self'] }));
  await client.send(new DescribeAddressesCommand({}));
  for await (const _ of paginateDescribeNatGateways(paged, {}));
  for await (const _ of paginateDescribeVpcs(paged, {}));
  for await (const _ of paginateDescribeSubnets(paged, {}));
  await new S3Client({ forcePathStyle: true }).send(new ListBucketsCommand({}));
  await new RDSClient({}).send(new DescribeDBInstancesCommand({}));
  await new LambdaClient({}).send(new ListFunctionsCommand({}));
  await new SNSClient({}).send(new ListTopicsCommand({}));
  await new SQSClient({}).send(new ListQueuesCommand({}));
  await new DynamoDBClient({}).send(new ListTablesCommand({}));
  await new CloudWatchLogsClient({}).send(new DescribeLogGroupsCommand({}));
  await new ElasticLoadBalancingV2Client({}).send(new DescribeLoadBalancersCommand({}));
  await new ResourceGroupsTaggingAPIClient({}).send(
    new GetResourcesCommand({ ResourceTypeFilters: FILTERS }),
  );
}
