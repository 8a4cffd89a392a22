import type { LogGroupClass } from '@aws-sdk/client-cloudwatch-logs';
import { drawer } from '../../core/drawer.ts';
import { AwsError } from '../../core/errors.ts';
import type { Call, Where } from '../../core/service.ts';

export interface LogGroup {
  readonly name: string;
  /** Without the `:*` that stands for all of its streams. */
  readonly arn: string;
  readonly createdAt: number;
  readonly class: LogGroupClass;
  readonly tags: Map<string, string>;
  retentionInDays?: number;
}

export const logGroups = drawer<Map<string, LogGroup>>(() => new Map());

export function logGroupArn({ partition, region, account }: Where, name = ''): string {
  return `arn:${partition}:logs:${region}:${account}:log-group:${name}`;
}

export function groupNamed(call: Call, name = ''): LogGroup {
  const group = logGroups.of(call).get(name);
  if (group) return group;
  throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

/** The demand of an operation on one log group. */
export const onGroup = ({ logGroupName }: { readonly logGroupName?: string | undefined }, call: Call) => [
  { action: `logs:${call.operation}`, resources: [logGroupArn(call, logGroupName)] },
];
