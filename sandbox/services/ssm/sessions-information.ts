import type {
  DescribeInstanceInformationRequest,
  DescribeInstanceInformationResult,
  InstanceInformation,
  InstanceInformationStringFilter,
} from '@aws-sdk/client-ssm';
import { AwsError } from '../../core/errors.ts';
import { type Call, operation } from '../../core/service.ts';
import { refuseUnknown } from '../ec2/ec2-operation.ts';
import type { Instance } from '../ec2/instances/model.ts';
import { ec2State } from '../ec2/state.ts';
import { pageByKey } from '../pages.ts';
import { isManaged, validation } from './sessions-state.ts';

/** Lists the instances that Systems Manager knows, with the state of their agents. */
export const describeInstanceInformation = operation<
  DescribeInstanceInformationRequest,
  DescribeInstanceInformationResult
>({
  run(input, call) {
    refuseUnknown(input, ['Filters', 'MaxResults', 'NextToken'], '');
    const { MaxResults: size = 50, Filters: filters = [] } = input;
    if (size < 5 || size > 50) throw validation('MaxResults must be between 5 and 50');
    const found = [...ec2State.of(call).instances.seen().values()].filter(
      (one) =>
        one.state !== 'terminated' && isManaged(call, one) && filters.every((filter) => passes(one, filter)),
    );
    const page = pageByKey(found, ({ id }) => id, size, input.NextToken);
    if (!page) throw new AwsError('InvalidNextToken', 'The specified token is not valid.');
    return { InstanceInformationList: page.items.map((one) => show(call, one)), NextToken: page.next };
  },
});

const pingOf = ({ state }: Instance) => (state === 'running' ? 'Online' : 'ConnectionLost');
const platformOf = ({ image }: Instance) => (image.platform === 'windows' ? 'Windows' : 'Linux');

function passes(one: Instance, { Key = '', Values = [] }: InstanceInformationStringFilter): boolean {
  if (Key.startsWith('tag:')) {
    return one.tags.some((tag) => tag.Key === Key.slice('tag:'.length) && Values.includes(tag.Value));
  }
  switch (Key) {
    case 'InstanceIds':
      return Values.includes(one.id);
    case 'PingStatus':
      return Values.includes(pingOf(one));
    case 'PlatformTypes':
      return Values.includes(platformOf(one));
    case 'ResourceType':
      return Values.includes('EC2Instance');
    default:
      throw new AwsError('InvalidFilterKey', `The filter key ${Key} is not valid.`);
  }
}

/** An agent reports every five minutes while its instance runs; afterwards it was last heard of when that was launched. */
function show({ now }: Call, one: Instance): InstanceInformation {
  return {
    InstanceId: one.id,
    PingStatus: pingOf(one),
    LastPingDateTime: one.state === 'running' ? now : one.launchTime,
    AgentVersion: '3.3.3050.0',
    IsLatestVersion: true,
    PlatformType: platformOf(one),
    ResourceType: 'EC2Instance',
  };
}
