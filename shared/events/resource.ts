import { parseArn } from '../aws/arn.ts';
import type { ResourceRef } from '../engine/signal.ts';
import { ACCOUNT, REGION } from './fields.ts';

/** CloudFormation's name of a resource by its ARN's service and resource type, as far as policies know them. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['ec2:instance', 'AWS::EC2::Instance'],
  ['ec2:security-group', 'AWS::EC2::SecurityGroup'],
  ['ec2:network-interface', 'AWS::EC2::NetworkInterface'],
  ['ec2:prefix-list', 'AWS::EC2::PrefixList'],
  ['ec2:volume', 'AWS::EC2::Volume'],
  ['ec2:snapshot', 'AWS::EC2::Snapshot'],
  ['ec2:image', 'AWS::EC2::Image'],
  ['ec2:vpc', 'AWS::EC2::VPC'],
  ['ec2:subnet', 'AWS::EC2::Subnet'],
  ['s3:bucket', 'AWS::S3::Bucket'],
]);

/** The Security Finding Format's own names for the same types. */
const FINDING_TYPES: ReadonlyMap<string, string> = new Map([
  ['AwsEc2Instance', 'AWS::EC2::Instance'],
  ['AwsEc2SecurityGroup', 'AWS::EC2::SecurityGroup'],
  ['AwsEc2NetworkInterface', 'AWS::EC2::NetworkInterface'],
  ['AwsEc2Volume', 'AWS::EC2::Volume'],
  ['AwsEc2Vpc', 'AWS::EC2::VPC'],
  ['AwsEc2Subnet', 'AWS::EC2::Subnet'],
  ['AwsS3Bucket', 'AWS::S3::Bucket'],
]);

export interface Located {
  readonly ref: ResourceRef;
  /** From the ARN; undefined where it leaves them out, as S3's does. */
  readonly account: string | undefined;
  readonly region: string | undefined;
}

/** The resource of an ARN, under the plain id that its own API takes; undefined when it is not an ARN. */
export function resourceOfArn(text: string, hint?: unknown): Located | undefined {
  const arn = parseArn(text);
  if (!arn) return undefined;

  const slash = arn.resource.indexOf('/');
  const bucket = arn.service === 's3' && slash < 0;
  const kind = `${arn.service}:${bucket ? 'bucket' : arn.resource.slice(0, Math.max(slash, 0))}`;
  const type = TYPES.get(kind);
  const ref = type ? { type, id: arn.resource.slice(slash + 1) } : { type: kind, id: text };
  return {
    ref: hint === undefined ? ref : { ...ref, hint },
    account: ACCOUNT.test(arn.account) ? arn.account : undefined,
    region: REGION.test(arn.region) ? arn.region : undefined,
  };
}

/** A resource as Security Hub names it: `AwsEc2SecurityGroup` and mostly an ARN. Unknown types keep their name. */
export function resourceOfFinding(type: string, id: string): Located {
  const known = FINDING_TYPES.get(type);
  const byArn = resourceOfArn(id);
  if (!byArn) return { ref: { type: known ?? type, id }, account: undefined, region: undefined };
  return known && byArn.ref.type === known ? byArn : { ...byArn, ref: { type: known ?? type, id } };
}
