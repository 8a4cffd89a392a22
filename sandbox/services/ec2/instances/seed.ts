import { defaultVpcId } from '../groups/find-group.ts';
import { ec2State, type Place, type Tag } from '../state.ts';
import { layInstance } from './lay-instance.ts';
import type { Health, Instance, Whim } from './model.ts';
import type { PlannedInterface } from './plan-interfaces.ts';
import { DEFAULT_METADATA } from './settings.ts';
import { type Market, openSpotRequest } from './spot.ts';
import { INSTANCE_TYPES } from './types.ts';

export interface InstanceWish {
  /** Default `t3.micro`. */
  readonly instanceType?: string;
  readonly imageId?: string;
  /** One set for all, or by index. */
  readonly tags?: readonly Tag[] | ((index: number) => readonly Tag[]);
  /** Default `running`; a stopped one was stopped by its user when it was launched. */
  readonly state?: 'running' | 'stopped';
  /** Default: 30 days before now. */
  readonly launchTime?: Date;
  readonly subnetId?: string;
  /** Default: none. */
  readonly publicIp?: boolean;
  readonly spot?: Market;
  /** Whatever else is to be different: `{ operator: 'eks.amazonaws.com' }`, `{ zone: 'us-west-2-lax-1a' }`. */
  readonly more?: Partial<Instance>;
}

/** Makes many instances at once, with interface and root volume, as if they had been launched long ago; answers their ids. */
export function seedInstances(place: Place, count: number, wish: InstanceWish = {}): readonly string[] {
  const state = ec2State.of(place);
  const image = state.images.newest.get(wish.imageId ?? 'ami-0abcdef1234567890');
  const type = INSTANCE_TYPES.get(wish.instanceType ?? 't3.micro');
  if (!image || !type) throw new Error('The sandbox knows neither that image nor that type.');
  const vpcId = defaultVpcId(state);
  const subnets = [...state.subnets.newest.values()].filter((subnet) =>
    wish.subnetId ? subnet.id === wish.subnetId : subnet.vpcId === vpcId,
  );
  const launchTime = wish.launchTime ?? new Date(place.world.clock.now() - 30 * 86_400_000);
  const stopped = wish.state === 'stopped' && {
    stateReason: {
      Code: 'Client.UserInitiatedShutdown',
      Message: 'Client.UserInitiatedShutdown: User initiated shutdown',
    },
    transitionReason: `User initiated (${launchTime.toISOString().slice(0, 19).replace('T', ' ')} GMT)`,
  };
  return Array.from({ length: count }, (_, index) => {
    const subnet = subnets[index % subnets.length];
    if (!subnet) throw new Error('The sandbox has no subnet for these instances.');
    const nic: PlannedInterface = {
      ...{
        subnet,
        groupIds: undefined,
        publicIp: wish.publicIp ?? false,
        deviceIndex: 0,
        deleteOnTermination: true,
      },
      description: undefined,
    };
    const devices = image.devices.map(({ deviceName, deleteOnTermination, ...settings }) => ({
      ...{ deviceName, deleteOnTermination, settings: { ...settings, multiAttach: false } },
    }));
    const laid = layInstance(place, {
      ...{ image, instanceType: type.name, interfaces: [nic], devices, launchTime, launchIndex: 0 },
      settings: {
        ...{ tenancy: 'default', monitoring: false, ebsOptimized: false, hibernation: false },
        ...{ apiStopDisabled: false, apiTerminationDisabled: false, shutdownBehavior: 'stop' },
        ...(type.credits && { cpuCredits: type.credits }),
        metadata: DEFAULT_METADATA,
      },
      tags: {
        instance: typeof wish.tags === 'function' ? wish.tags(index) : (wish.tags ?? []),
        ...{ interface: [], volume: [] },
      },
      reservationId: state.newId('r'),
      more: { state: wish.state ?? 'running', ...stopped, ...wish.more },
    });
    if (wish.spot) openSpotRequest(place, laid, wish.spot, []);
    return laid.id;
  });
}

/** Sets what DescribeInstanceStatus says of an instance: failed checks, scheduled events. */
export function seedHealth(place: Place, instanceId: string, health: Health): void {
  ec2State.of(place).health.set(instanceId, health);
}

/** Makes something go wrong with an instance: it stays in `stopping`, does not hibernate, or fails to start. */
export function seedWhim(place: Place, instanceId: string, whim: Whim): void {
  ec2State.of(place).whims.set(instanceId, whim);
}

/** Writes tags that users cannot write themselves, such as `aws:autoscaling:groupName`, on an instance. */
export function tagInstance(place: Place, instanceId: string, tags: readonly Tag[]): void {
  const { instances } = ec2State.of(place);
  const instance = instances.newest.get(instanceId);
  if (!instance) throw new Error(`No instance ${instanceId} in ${place.account} ${place.region}`);
  const kept = instance.tags.filter((old) => !tags.some((tag) => tag.Key === old.Key));
  instances.set(instanceId, { ...instance, tags: [...kept, ...tags] });
}
