import type * as logs from '@aws-sdk/client-cloudwatch-logs';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import { onlySupported } from '../../core/supported.ts';
import { groupNamed, invalidParameter, type LogGroup, logGroupArn, logGroups, onGroup } from './state.ts';

const PAGE = 50;
const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export const createLogGroup = operation<logs.CreateLogGroupRequest, object>({
  authorize: (input, call) => {
    const own = onGroup(input, call);
    const tagging = { action: 'logs:TagResource', resources: [logGroupArn(call, input.logGroupName)] };
    return input.tags ? [...own, tagging] : own;
  },
  run(input, call) {
    onlySupported(call, input, ['logGroupName', 'logGroupClass', 'tags']);
    const { logGroupName: name = '', logGroupClass = 'STANDARD', tags = {} } = input;
    if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name)) {
      throw invalidParameter(
        `1 validation error detected: Value '${name}' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+`,
      );
    }
    if (logGroups.of(call).has(name)) {
      throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
    }
    logGroups.of(call).set(name, {
      name,
      arn: logGroupArn(call, name),
      createdAt: call.now.getTime(),
      class: logGroupClass,
      tags: new Map(Object.entries(tags)),
    });
    return {};
  },
});

export const deleteLogGroup = operation<logs.DeleteLogGroupRequest, object>({
  authorize: onGroup,
  run({ logGroupName }, call) {
    logGroups.of(call).delete(groupNamed(call, logGroupName).name);
    return {};
  },
});

/** Lists log groups by name, 50 a page. */
export const describeLogGroups = operation<logs.DescribeLogGroupsRequest, logs.DescribeLogGroupsResponse>({
  run(input, call) {
    onlySupported(call, input, [
      'logGroupNamePrefix',
      'logGroupNamePattern',
      'limit',
      'nextToken',
      'logGroupClass',
    ]);
    const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern, limit = PAGE, nextToken } = input;
    if (limit < 1 || limit > PAGE) throw invalidParameter(`limit must be between 1 and ${PAGE}.`);
    if (prefix !== undefined && pattern !== undefined) {
      throw invalidParameter(
        'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
      );
    }
    const found = [...logGroups.of(call).values()]
      .filter(
        (group) =>
          group.name.startsWith(prefix ?? '') &&
          group.name.toLowerCase().includes((pattern ?? '').toLowerCase()) &&
          (input.logGroupClass === undefined || input.logGroupClass === group.class),
      )
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const rest = nextToken === undefined ? found : found.filter(({ name }) => name > nameIn(nextToken));
    const page = rest.slice(0, limit);
    const last = page.at(-1);
    return {
      logGroups: page.map(shown),
      ...(page.length < rest.length && last && { nextToken: Buffer.from(last.name).toString('base64') }),
    };
  },
});

export const putRetentionPolicy = operation<logs.PutRetentionPolicyRequest, object>({
  authorize: onGroup,
  run({ logGroupName, retentionInDays = 0 }, call) {
    if (!RETENTIONS.includes(retentionInDays)) {
      throw invalidParameter(
        `1 validation error detected: Value '${retentionInDays}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${RETENTIONS.join(', ')}]`,
      );
    }
    groupNamed(call, logGroupName).retentionInDays = retentionInDays;
    return {};
  },
});

export const deleteRetentionPolicy = operation<logs.DeleteRetentionPolicyRequest, object>({
  authorize: onGroup,
  run({ logGroupName }, call) {
    delete groupNamed(call, logGroupName).retentionInDays;
    return {};
  },
});

function nameIn(token: string): string {
  const name = Buffer.from(token, 'base64').toString();
  if (name === '' || Buffer.from(name).toString('base64') !== token) {
    throw invalidParameter('The specified nextToken is invalid.');
  }
  return name;
}

function shown({ name, arn, createdAt, class: logGroupClass, retentionInDays }: LogGroup): logs.LogGroup {
  return {
    logGroupName: name,
    creationTime: createdAt,
    ...(retentionInDays !== undefined && { retentionInDays }),
    metricFilterCount: 0,
    arn: `${arn}:*`,
    logGroupArn: arn,
    logGroupClass,
    storedBytes: 0,
  };
}

/** The log group that a tag operation names by its ARN. */
export function groupAt(call: Call, arn = ''): LogGroup {
  const prefix = logGroupArn(call);
  if (!arn.startsWith(prefix) || arn.endsWith(':*')) throw invalidParameter('The provided ARN is not valid.');
  return groupNamed(call, arn.slice(prefix.length));
}
