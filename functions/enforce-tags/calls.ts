import type { ResourceRef } from '../../shared/engine/signal.ts';
import type { ApiCall, CallTable } from '../../shared/events/api-call.ts';
import { Field } from '../../shared/events/fields.ts';
import { type Announced, CREATIONS } from './creation.ts';
import { requestedTags } from './requested.ts';
import type { TypeName } from './type-names.ts';

type RefsOf = (call: ApiCall) => readonly ResourceRef[];

/** How EC2's ids begin. */
const EC2_IDS: readonly (readonly [prefix: string, type: TypeName, resourceType: string])[] = [
  ['i-', 'AWS::EC2::Instance', 'instance'],
  ['vol-', 'AWS::EC2::Volume', 'volume'],
  ['snap-', 'AWS::EC2::Snapshot', 'snapshot'],
  ['ami-', 'AWS::EC2::Image', 'image'],
  ['sg-', 'AWS::EC2::SecurityGroup', 'security-group'],
  ['eni-', 'AWS::EC2::NetworkInterface', 'network-interface'],
  ['eipalloc-', 'AWS::EC2::EIP', 'elastic-ip'],
  ['nat-', 'AWS::EC2::NatGateway', 'natgateway'],
  ['vpc-', 'AWS::EC2::VPC', 'vpc'],
  ['subnet-', 'AWS::EC2::Subnet', 'subnet'],
];

/** What each creating call of EC2 makes, by the beginning of its ids; the answer tells them. */
const MADE_BY: Readonly<Record<string, readonly string[]>> = {
  RunInstances: ['i-', 'eni-'],
  CreateFleet: ['i-'],
  CreateVolume: ['vol-'],
  CreateSnapshot: ['snap-'],
  CreateSnapshots: ['snap-'],
  CopySnapshot: ['snap-'],
  CreateImage: ['ami-'],
  CopyImage: ['ami-'],
  RegisterImage: ['ami-'],
  CreateSecurityGroup: ['sg-'],
  CreateNetworkInterface: ['eni-'],
  AllocateAddress: ['eipalloc-'],
  CreateNatGateway: ['nat-'],
  CreateVpc: ['vpc-'],
  CreateSubnet: ['subnet-'],
};

/** Calls of the other services, by name: whose they are, and what they make or tag. */
const OTHERS: Readonly<
  Record<string, readonly [source: string, type: TypeName, idOf: (call: Asked) => Field]>
> = {
  CreateAutoScalingGroup: [
    'autoscaling',
    'AWS::AutoScaling::AutoScalingGroup',
    ({ request }) => request.at('autoScalingGroupName'),
  ],
  CreateBucket: ['s3', 'AWS::S3::Bucket', ({ request }) => request.at('bucketName')],
  PutBucketTagging: ['s3', 'AWS::S3::Bucket', ({ request }) => request.at('bucketName')],
  DeleteBucketTagging: ['s3', 'AWS::S3::Bucket', ({ request }) => request.at('bucketName')],
  CreateDBInstance: ['rds', 'AWS::RDS::DBInstance', ({ request }) => request.at('dBInstanceIdentifier')],
  CreateFunction20150331: ['lambda', 'AWS::Lambda::Function', ({ request }) => request.at('functionName')],
  CreateTopic: ['sns', 'AWS::SNS::Topic', ({ request }) => request.at('name')],
  CreateQueue: ['sqs', 'AWS::SQS::Queue', ({ request }) => request.at('queueName')],
  CreateTable: ['dynamodb', 'AWS::DynamoDB::Table', ({ request }) => request.at('tableName')],
  CreateLogGroup: ['logs', 'AWS::Logs::LogGroup', ({ request }) => request.at('logGroupName')],
};

interface Asked {
  readonly request: Field;
  readonly response: Field;
}

/**
 * The CloudTrail calls that make something which has tags, or change tags. What cannot be told to anybody, because
 * neither request nor answer names it, is a malformed event, which an alarm tells of (B2.15).
 */
export const calls: CallTable = {
  ...Object.fromEntries(Object.entries(MADE_BY).map(([name, made]) => [name, ec2Creation(made)])),
  ...Object.fromEntries(
    Object.entries(OTHERS).map(([name, [source, type, idOf]]) => [name, other(source, type, idOf)]),
  ),
  CreateLoadBalancer: loadBalancers,
  CreateTags: retagged,
  DeleteTags: retagged,
};

/** Every id of the kind in the answer: one launch makes many instances (B2.14). */
function ec2Creation(made: readonly string[]): RefsOf {
  return ({ eventSource, request, response }) => {
    if (eventSource !== 'ec2.amazonaws.com') return [];
    const answered = new Field(response, 'responseElements');
    if (answered.isMissing()) return answered.refuse('the ids of what was made');
    const asked = new Field(request, 'requestParameters');
    return [...new Set(textsIn(response))].flatMap((id) => {
      const kind = kindOf(id);
      if (kind === undefined || !made.includes(kind[0])) return [];
      return [{ type: kind[1], id, hint: announced(asked, kind[2]) }];
    });
  };
}

function kindOf(id: string) {
  return EC2_IDS.find(
    ([prefix]) => id.startsWith(prefix) && /^[0-9a-f]{8,17}$/.test(id.slice(prefix.length)),
  );
}

/** All texts of an answer, whatever its form: EC2 records old calls and new ones in different ones. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function other(source: string, type: TypeName, idOf: (call: Asked) => Field): RefsOf {
  return ({ eventSource, eventName, request, response }) => {
    if (eventSource !== `${source}.amazonaws.com`) return [];
    const asked = { request: new Field(request, 'requestParameters'), response: new Field(response, '') };
    const id = idOf(asked).text('the name of what was made or tagged');
    // RDS keeps identifiers in lower case.
    const plain = type === 'AWS::RDS::DBInstance' ? id.toLowerCase() : id;
    return [
      CREATIONS.includes(eventName)
        ? { type, id: plain, hint: announced(asked.request) }
        : { type, id: plain },
    ];
  };
}

/** Classic load balancers have no ARN and are not looked at. */
function loadBalancers({ eventSource, request, response }: ApiCall): readonly ResourceRef[] {
  if (eventSource !== 'elasticloadbalancing.amazonaws.com') return [];
  const hint = announced(new Field(request, 'requestParameters'));
  return new Field(response, 'responseElements')
    .at('loadBalancers')
    .entries()
    .flatMap((one) => one.at('loadBalancerArn').optionalText() ?? [])
    .map((id) => ({ type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', id, hint }));
}

function retagged({ eventSource, request }: ApiCall): readonly ResourceRef[] {
  if (eventSource !== 'ec2.amazonaws.com') return [];
  const ids = new Field(request, 'requestParameters').at('resourcesSet', 'items').entries();
  return ids.flatMap((one) => {
    const id = one.at('resourceId').optionalText() ?? '';
    const kind = kindOf(id);
    return kind === undefined ? [] : [{ type: kind[1], id }];
  });
}

function announced(request: Field, resourceType?: string): Announced {
  return { requested: requestedTags(request, resourceType) };
}
