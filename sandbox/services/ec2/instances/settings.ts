import type { Placement, RunInstancesRequest } from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import type { Call } from '../../../core/service.ts';
import { refuseUnknown } from '../ec2-operation.ts';
import { invalidValue, unsupported } from '../refuse.ts';
import { ec2State } from '../state.ts';
import type { InstanceSettings } from './model.ts';
import { INSTANCE_TYPES, type InstanceType } from './types.ts';

const PLACEMENT = ['AvailabilityZone', 'Tenancy', 'HostId', 'Affinity', 'GroupName'];
/** How an instance's metadata service is set unless its launch says so. */
export const DEFAULT_METADATA: InstanceSettings['metadata'] = {
  httpTokens: 'optional',
  hopLimit: 1,
  httpEndpoint: 'enabled',
  instanceMetadataTags: 'disabled',
};
const METADATA = ['HttpTokens', 'HttpPutResponseHopLimit', 'HttpEndpoint', 'InstanceMetadataTags'];

/** The type by name; one that the sandbox's table does not hold is refused by name. */
export function instanceType(name = 'm1.small'): InstanceType {
  const found = INSTANCE_TYPES.get(name);
  if (!found) throw unsupported(`the instance type ${name}`);
  return found;
}

/** What a launch asks of its instances, checked. */
export function launchSettings(call: Call, input: RunInstancesRequest, type: InstanceType): InstanceSettings {
  const { Placement: placement = {}, IamInstanceProfile: profile, KeyName: keyName } = input;
  if (keyName && ![...ec2State.of(call).keyPairs.newest.values()].some((key) => key.name === keyName)) {
    throw new AwsError('InvalidKeyPair.NotFound', `The key pair '${keyName}' does not exist`);
  }
  const hibernation = input.HibernationOptions?.Configured ?? false;
  if (hibernation && !type.hibernation) {
    const message = `Hibernation is not supported for the instance type ${type.name}.`;
    throw new AwsError('UnsupportedHibernationConfiguration', message);
  }
  const behaviour = input.InstanceInitiatedShutdownBehavior ?? 'stop';
  return {
    ...placed(placement),
    ...credits(input, type),
    ...(keyName && { keyName }),
    ...(profile && {
      profileArn:
        profile.Arn ?? `arn:${call.partition}:iam::${call.account}:instance-profile/${profile.Name}`,
    }),
    ...(input.UserData !== undefined && { userData: checkedUserData(input.UserData) }),
    monitoring: input.Monitoring?.Enabled ?? false,
    ebsOptimized: input.EbsOptimized ?? false,
    hibernation,
    apiStopDisabled: input.DisableApiStop ?? false,
    apiTerminationDisabled: input.DisableApiTermination ?? false,
    shutdownBehavior: behaviour === 'terminate' ? 'terminate' : 'stop',
    metadata: metadata(input),
  };
}

function placed(
  placement: Placement,
): Pick<InstanceSettings, 'tenancy' | 'hostId' | 'affinity' | 'groupName'> {
  refuseUnknown(placement, PLACEMENT, 'Placement.');
  const { Tenancy: tenancy, HostId: hostId, Affinity: affinity, GroupName: groupName } = placement;
  return {
    tenancy: tenancy ?? (hostId ? 'host' : 'default'),
    ...(hostId && { hostId }),
    ...(affinity && { affinity }),
    ...(groupName && { groupName }),
  };
}

function credits({ CreditSpecification: wish }: RunInstancesRequest, type: InstanceType) {
  const wanted = wish?.CpuCredits;
  if (wanted === undefined) return type.credits && { cpuCredits: type.credits };
  if (!type.burstable) {
    const message = `The ${type.name} instance type does not support T2 Unlimited.`;
    throw new AwsError('InstanceCreditSpecification.NotSupported', message);
  }
  if (wanted !== 'standard' && wanted !== 'unlimited')
    throw invalidValue(`Invalid value '${wanted}' for CpuCredits.`);
  return { cpuCredits: wanted } as const;
}

function checkedUserData(text: string): string {
  if (Buffer.from(text, 'base64').length > 16_384) throw invalidValue('User data is limited to 16384 bytes');
  return text;
}

function metadata({ MetadataOptions: given = {} }: RunInstancesRequest): InstanceSettings['metadata'] {
  refuseUnknown(given, METADATA, 'MetadataOptions.');
  return {
    httpTokens: given.HttpTokens ?? DEFAULT_METADATA.httpTokens,
    hopLimit: given.HttpPutResponseHopLimit ?? DEFAULT_METADATA.hopLimit,
    httpEndpoint: given.HttpEndpoint ?? DEFAULT_METADATA.httpEndpoint,
    instanceMetadataTags: given.InstanceMetadataTags ?? DEFAULT_METADATA.instanceMetadataTags,
  };
}
