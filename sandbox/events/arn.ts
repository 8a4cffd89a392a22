import type { Where } from '../core/service.ts';

/** Where the resource of an ARN lives. */
export function whereOf(arn: string): Where {
  const [, partition = 'aws', , region = '', account = ''] = arn.split(':');
  return { partition, region, account };
}

/** The URL by which SQS knows the queue of an ARN. */
export function queueUrl(arn: string): string {
  const [, partition, , region, account, name] = arn.split(':');
  const domain = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `https://sqs.${region}.${domain}/${account}/${name}`;
}
