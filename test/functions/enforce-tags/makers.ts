import { AutoScalingClient, CreateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  AllocateAddressCommand,
  CreateImageCommand,
  CreateLaunchTemplateCommand,
  CreateNatGatewayCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  CreateSnapshotCommand,
  CreateSubnetCommand,
  CreateVolumeCommand,
  CreateVpcCommand,
  DescribeSubnetsCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateLoadBalancerCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { zipSync } from 'fflate';
import type { TypeName } from '../../../functions/enforce-tags/type-names.ts';
import { seedRole } from '../../../sandbox/services/iam/store.ts';
import type { Office } from './office.ts';

/** What it takes to make something in a simulated account. */
export type Workshop = Pick<Office, 'client' | 'ec2' | 'launch' | 'pass' | 'place'> & {
  readonly sandbox: Pick<Office['sandbox'], 'account' | 'world'>;
};

async function subnets({ ec2 }: Workshop): Promise<string[]> {
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  return Subnets.slice(0, 2).flatMap(({ SubnetId }) => SubnetId ?? []);
}

async function volume({ ec2, place }: Workshop): Promise<string> {
  const made = await ec2.send(new CreateVolumeCommand({ AvailabilityZone: `${place.region}a`, Size: 1 }));
  return made.VolumeId ?? '';
}

async function vpc({ ec2 }: Workshop): Promise<string> {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }));
  return Vpc?.VpcId ?? '';
}

const arn = ({ place }: Workshop, service: string, resource: string) =>
  `arn:${place.partition}:${service}:${place.region}:${place.account}:${resource}`;

/** Makes one of each type, without tags, by the calls that people use; its id. */
export const MAKERS: Readonly<Record<TypeName, (office: Workshop) => Promise<string>>> = {
  'AWS::AutoScaling::AutoScalingGroup': async (office) => {
    const LaunchTemplateData = { ImageId: 'ami-0abcdef1234567890', InstanceType: 't3.micro' } as const;
    const template = { LaunchTemplateName: 'web', LaunchTemplateData };
    await office.ec2.send(new CreateLaunchTemplateCommand(template));
    await office.client(AutoScalingClient).send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: 'web',
        LaunchTemplate: { LaunchTemplateName: 'web' },
        VPCZoneIdentifier: (await subnets(office)).join(','),
        MinSize: 0,
        MaxSize: 3,
      }),
    );
    return 'web';
  },
  'AWS::EC2::Instance': async (office) => (await office.launch())[0] ?? '',
  'AWS::EC2::Volume': volume,
  'AWS::EC2::Snapshot': async (office) => {
    const VolumeId = await volume(office);
    await office.pass(1);
    return (await office.ec2.send(new CreateSnapshotCommand({ VolumeId }))).SnapshotId ?? '';
  },
  'AWS::EC2::Image': async (office) => {
    const [InstanceId = ''] = await office.launch();
    await office.pass(5);
    return (await office.ec2.send(new CreateImageCommand({ InstanceId, Name: 'golden' }))).ImageId ?? '';
  },
  'AWS::EC2::SecurityGroup': async ({ ec2 }) => {
    const made = new CreateSecurityGroupCommand({ GroupName: 'web', Description: 'web' });
    return (await ec2.send(made)).GroupId ?? '';
  },
  'AWS::EC2::NetworkInterface': async (office) => {
    const [SubnetId] = await subnets(office);
    const made = await office.ec2.send(new CreateNetworkInterfaceCommand({ SubnetId }));
    return made.NetworkInterface?.NetworkInterfaceId ?? '';
  },
  'AWS::EC2::EIP': async ({ ec2 }) => (await ec2.send(new AllocateAddressCommand({}))).AllocationId ?? '',
  'AWS::EC2::NatGateway': async (office) => {
    const [SubnetId] = await subnets(office);
    const { AllocationId } = await office.ec2.send(new AllocateAddressCommand({}));
    const made = await office.ec2.send(new CreateNatGatewayCommand({ SubnetId, AllocationId }));
    return made.NatGateway?.NatGatewayId ?? '';
  },
  'AWS::EC2::VPC': vpc,
  'AWS::EC2::Subnet': async (office) => {
    const VpcId = await vpc(office);
    const made = await office.ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: '10.9.1.0/24' }));
    return made.Subnet?.SubnetId ?? '';
  },
  'AWS::S3::Bucket': async (office) => {
    const LocationConstraint = office.place.region as 'eu-central-1';
    const CreateBucketConfiguration = { LocationConstraint };
    await office
      .client(S3Client)
      .send(new CreateBucketCommand({ Bucket: 'orders-2026', CreateBucketConfiguration }));
    return 'arn:aws:s3:::orders-2026';
  },
  'AWS::RDS::DBInstance': async (office) => {
    const made = await office.client(RDSClient).send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: 'orders',
        DBInstanceClass: 'db.t3.micro',
        Engine: 'postgres',
        AllocatedStorage: 20,
        MasterUsername: 'root1',
        MasterUserPassword: 'not-a-real-one',
      }),
    );
    return made.DBInstance?.DBInstanceArn ?? '';
  },
  'AWS::Lambda::Function': async (office) => {
    const { world, account } = office.sandbox;
    const trusted = {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: 'lambda.amazonaws.com' },
    };
    const trust = { Version: '2012-10-17', Statement: [trusted] };
    seedRole(world, account, { name: 'worker', trust, policies: {} });
    const made = await office.client(LambdaClient).send(
      new CreateFunctionCommand({
        FunctionName: 'orders',
        Role: `arn:aws:iam::${account}:role/worker`,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Code: {
          ZipFile: zipSync({ 'index.mjs': new TextEncoder().encode('export const handler = () => {};') }),
        },
      }),
    );
    return made.FunctionArn ?? '';
  },
  'AWS::SNS::Topic': async (office) =>
    (await office.client(SNSClient).send(new CreateTopicCommand({ Name: 'orders' }))).TopicArn ?? '',
  'AWS::SQS::Queue': async (office) => {
    await office.client(SQSClient).send(new CreateQueueCommand({ QueueName: 'orders' }));
    return arn(office, 'sqs', 'orders');
  },
  'AWS::DynamoDB::Table': async (office) => {
    await office.client(DynamoDBClient).send(
      new CreateTableCommand({
        TableName: 'orders',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
    return arn(office, 'dynamodb', 'table/orders');
  },
  'AWS::Logs::LogGroup': async (office) => {
    const made = new CreateLogGroupCommand({ logGroupName: '/aws/lambda/orders' });
    await office.client(CloudWatchLogsClient).send(made);
    return arn(office, 'logs', 'log-group:/aws/lambda/orders');
  },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': async (office) => {
    const Subnets = await subnets(office);
    const made = new CreateLoadBalancerCommand({ Name: 'orders', Subnets });
    const { LoadBalancers = [] } = await office.client(ElasticLoadBalancingV2Client).send(made);
    return LoadBalancers[0]?.LoadBalancerArn ?? '';
  },
};
