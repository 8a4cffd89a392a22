import type { Reservation, RunInstancesRequest } from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import type { Call } from '../../../core/service.ts';
import { ec2Operation, refuseUnknown } from '../ec2-operation.ts';
import type { Image } from '../images/model.ts';
import { once } from '../once.ts';
import { invalidValue, KINDS, missing, resolve } from '../refuse.ts';
import { ec2State } from '../state.ts';
import { tagsFor } from '../tag-specifications.ts';
import { withTemplate } from './from-template.ts';
import { type InstancePlan, layInstance } from './lay-instance.ts';
import { isAws } from './may-change.ts';
import type { Instance } from './model.ts';
import { plannedDevices } from './plan-devices.ts';
import { fitting, interfaceWishes } from './plan-interfaces.ts';
import { takeResourceTokens } from './resource-tokens.ts';
import { runDemands, runTrail } from './run-context.ts';
import { instanceType, launchSettings } from './settings.ts';
import { showReservation } from './show-instance.ts';
import { marketOf, openSpotRequest } from './spot.ts';
import { boot } from './transitions.ts';

/** What a launch may say; also what a launch template's data may say. */
export const PARAMETERS = [
  'ImageId',
  'InstanceType',
  'MinCount',
  'MaxCount',
  'KeyName',
  'SecurityGroupIds',
  'SecurityGroups',
  'SubnetId',
  'NetworkInterfaces',
  'BlockDeviceMappings',
  'IamInstanceProfile',
  'DisableApiTermination',
  'DisableApiStop',
  'TagSpecifications',
  'ClientToken',
  'UserData',
  'Placement',
  'InstanceMarketOptions',
  'Monitoring',
  'MetadataOptions',
  'HibernationOptions',
  'InstanceInitiatedShutdownBehavior',
  'EbsOptimized',
  'CreditSpecification',
  'LaunchTemplate',
] as const;

const MAX_AT_ONCE = 1000;
/** The account of AWS's own that Auto Scaling launches for others from. */
const AWS_REQUESTER = '940372691376';
const TAGGABLE = ['instance', 'network-interface', 'volume', 'spot-instances-request'];

/** Launches as many instances as fit, from MinCount to MaxCount, each with its interfaces, groups and volumes. */
export const RunInstances = ec2Operation<RunInstancesRequest, Reservation>(PARAMETERS, {
  run(input, call) {
    return once(call, input.ClientToken, input, () => {
      const asked = withTemplate(call, input);
      refuseUnknown(asked, PARAMETERS, '');
      const launched = launch(call, asked);
      return { ...showReservation(call, launched), Groups: [] };
    });
  },
  authorize: (input, call) => runDemands(input, call),
  trail: runTrail,
});

function launch(call: Call, input: RunInstancesRequest): readonly Instance[] {
  const state = ec2State.of(call);
  const { min, max } = checkedCounts(input);
  const image = usableImage(call, input.ImageId);
  const type = instanceType(input.InstanceType);
  const byAws = isAws(call.principal);
  const tagged = (kind: string) => tagsFor(input.TagSpecifications, kind, TAGGABLE, byAws);
  const market = marketOf(input);
  const interfaces = interfaceWishes(input, call);
  const plan: Omit<InstancePlan, 'launchIndex'> = {
    image,
    interfaces,
    instanceType: type.name,
    settings: launchSettings(call, input, type),
    devices: plannedDevices(call, image, input.BlockDeviceMappings),
    tags: { instance: tagged('instance'), interface: tagged('network-interface'), volume: tagged('volume') },
    reservationId: state.newId('r'),
    launchTime: call.now,
    ...(byAws && { more: { requesterId: AWS_REQUESTER } }),
  };
  const spotTags = tagged('spot-instances-request');
  const count = fitting(call, interfaces, min, max);
  takeResourceTokens(call, count);
  return Array.from({ length: count }, (_, launchIndex) => {
    const laid = layInstance(call, { ...plan, launchIndex });
    const made = market ? openSpotRequest(call, laid, market, spotTags) : laid;
    boot(call, made);
    return state.instances.newest.get(made.id) ?? made;
  });
}

function usableImage(call: Call, id: string | undefined): Image {
  const image = resolve(ec2State.of(call).images.newest, id, KINDS.image, 'ImageId');
  if (image.availableAt <= call.now.getTime()) return image;
  throw new AwsError('InvalidAMIID.Unavailable', `The image ID '${image.id}' is not available`);
}

function checkedCounts({ MinCount: min, MaxCount: max }: RunInstancesRequest) {
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
