import type { Place } from '../../engine/signal.ts';

/** Console hosts by partition; there is no public console for the others. */
const HOSTS: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

const REGION = /^[a-z]{2,5}(-[a-z]{2,12}){1,2}-\d{1,2}$/;

interface Page {
  readonly id: RegExp;
  /** Behind the host, for an id that fits. */
  path(id: string, region: string): string;
}

const ec2 = (prefix: string, view: string): Page => ({
  id: new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`),
  path: (id, region) => `/ec2/home?region=${region}#${view}=${id}`,
});

const PAGES: Readonly<Record<string, Page>> = {
  'AWS::EC2::Instance': ec2('i', 'InstanceDetails:instanceId'),
  'AWS::EC2::SecurityGroup': ec2('sg', 'SecurityGroup:groupId'),
  'AWS::EC2::Volume': ec2('vol', 'VolumeDetails:volumeId'),
  'AWS::EC2::Snapshot': ec2('snap', 'SnapshotDetails:snapshotId'),
  'AWS::EC2::Image': ec2('ami', 'ImageDetails:imageId'),
  'AWS::EC2::NetworkInterface': ec2('eni', 'NetworkInterface:networkInterfaceId'),
  'AWS::S3::Bucket': {
    id: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    path: (id, region) => `/s3/buckets/${id}?region=${region}`,
  },
};

/** Where the AWS console shows a resource; undefined for a type, id, region or partition that is not known (B6.23). */
export function consoleLink(type: string, id: string, { partition, region }: Place): string | undefined {
  const host = Object.hasOwn(HOSTS, partition) ? HOSTS[partition] : undefined;
  const page = Object.hasOwn(PAGES, type) ? PAGES[type] : undefined;
  if (host === undefined || !page?.id.test(id) || !REGION.test(region)) return undefined;
  return `https://${region}.${host}${page.path(id, region)}`;
}
