import type { Reservation, RunInstancesRequest } from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import type { Call } from '../../../core/service.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { once } from '../once.ts';
import { combination, invalidValue, missing } from '../refuse.ts';
import { ec2State, newResource } from '../state.ts';
import { tagsFor } from '../tag-specifications.ts';
import { layInterface } from './lay-interface.ts';
import type { Instance } from './model.ts';
import { fitting, interfaceWishes, type PlannedInterface } from './plan-interfaces.ts';
import { runDemands, runTrail } from './run-context.ts';
import { showReservation } from './show-instance.ts';

const PARAMETERS = [
  'ImageId',
  'InstanceType',
  'MinCount',
  'MaxCount',
  'KeyName',
  'SecurityGroupIds',
  'SecurityGroups',
  'SubnetId',
  'NetworkInterfaces',
  'IamInstanceProfile',
  'DisableApiTermination',
  'TagSpecifications',
  'ClientToken',
] as const;

const MAX_AT_ONCE = 1000;

/** Launches as many instances as fit, from MinCount to MaxCount, each with its network interfaces and groups. */
export const RunInstances = ec2Operation<RunInstancesRequest, Reservation>(PARAMETERS, {
  run(input, call) {
    const state = ec2State.of(call);
    return once(call, input.ClientToken, input, () => {
      const { min, max } = checkedCounts(input);
      const wishes = interfaceWishes(input, call);
      const count = fitting(call, wishes, min, max);
      const reservationId = state.newId('r');
      const launched = Array.from({ length: count }, (_, index) =>
        launch(input, call, wishes, reservationId, index),
      );
      const shown = showReservation(
        call,
        launched.map((one) => ({ ...one, state: 'pending' as const })),
      );
      return { ...shown, Groups: [] };
    });
  },
  authorize: runDemands,
  trail: runTrail,
});

function checkedCounts({ ImageId, MinCount: min, MaxCount: max }: RunInstancesRequest) {
  if (!ImageId) throw missing('ImageId');
  if (!/^ami-[0-9a-f]{8,17}$/.test(ImageId)) {
    throw new AwsError('InvalidAMIID.Malformed', `Invalid id: "${ImageId}" (expecting "ami-...")`);
  }
  if (min === undefined) throw missing('MinCount');
  if (max === undefined) throw missing('MaxCount');
  if (min < 1 || max < min)
    throw invalidValue(
      `Value (${min}) for parameter minCount is invalid. Expecting a positive integer not above maxCount.`,
    );
  if (max > MAX_AT_ONCE) {
    throw new AwsError(
      'InstanceLimitExceeded',
      `You have requested more instances (${max}) than your current limit allows.`,
    );
  }
  return { min, max };
}

function launch(
  input: RunInstancesRequest,
  call: Call,
  planned: readonly PlannedInterface[],
  reservationId: string,
  launchIndex: number,
): Instance {
  const state = ec2State.of(call);
  const types = ['instance', 'network-interface', 'volume'];
  const resource = newResource(state, 'i', call.account, tagsFor(input.TagSpecifications, 'instance', types));
  const tags = tagsFor(input.TagSpecifications, 'network-interface', types);
  const [primary] = planned;
  if (!primary) throw combination('NetworkInterfaces', 'MinCount');
  const interfaces = planned.map((wish) =>
    layInterface(call, {
      ...wish,
      tags,
      attachment: {
        id: state.newId('eni-attach'),
        instanceId: resource.id,
        deviceIndex: wish.deviceIndex,
        deleteOnTermination: wish.deleteOnTermination,
        attachTime: call.now,
      },
    }),
  );
  const profile = input.IamInstanceProfile;
  const instance: Instance = {
    ...resource,
    reservationId,
    launchIndex,
    imageId: input.ImageId ?? '',
    instanceType: input.InstanceType ?? 'm1.small',
    ...(input.KeyName ? { keyName: input.KeyName } : {}),
    ...(profile
      ? {
          profileArn:
            profile.Arn ?? `arn:${call.partition}:iam::${call.account}:instance-profile/${profile.Name}`,
        }
      : {}),
    state: 'running',
    launchTime: call.now,
    subnetId: primary.subnet.id,
    vpcId: primary.subnet.vpcId,
    zone: primary.subnet.zone,
    interfaceIds: interfaces.map((one) => one.id),
    apiTerminationDisabled: input.DisableApiTermination ?? false,
  };
  state.instances.set(instance.id, instance);
  return instance;
}
