import type { Image } from '../images/model.ts';
import { ec2State, newResource, type Place, type Tag } from '../state.ts';
import { layVolume } from '../storage/lay-volume.ts';
import { layInterface } from './lay-interface.ts';
import type { Instance, InstanceSettings } from './model.ts';
import type { PlannedDevice } from './plan-devices.ts';
import type { PlannedInterface } from './plan-interfaces.ts';

/** One instance to be, with all that is known to exist and to fit. */
export interface InstancePlan {
  readonly image: Image;
  readonly instanceType: string;
  readonly settings: InstanceSettings;
  /** Primary first. */
  readonly interfaces: readonly [PlannedInterface, ...PlannedInterface[]];
  readonly devices: readonly PlannedDevice[];
  readonly tags: {
    readonly instance: readonly Tag[];
    readonly interface: readonly Tag[];
    readonly volume: readonly Tag[];
  };
  readonly reservationId: string;
  readonly launchIndex: number;
  readonly launchTime: Date;
  readonly more?: Partial<Instance>;
}

/** An instance with its interfaces and volumes; `pending` unless told. */
export function layInstance(place: Place, plan: InstancePlan): Instance {
  const state = ec2State.of(place);
  const resource = newResource(state, 'i', place.account, plan.tags.instance);
  const [primary] = plan.interfaces;
  const zone = plan.more?.zone ?? primary.subnet.zone;
  const interfaces = plan.interfaces.map((wish) =>
    layInterface(place, {
      ...wish,
      tags: plan.tags.interface,
      attachment: {
        id: state.newId('eni-attach'),
        instanceId: resource.id,
        deviceIndex: wish.deviceIndex,
        deleteOnTermination: wish.deleteOnTermination,
        attachTime: plan.launchTime,
      },
    }),
  );
  const volumes = plan.devices.map(({ deviceName, deleteOnTermination, settings }) => {
    const attachment = {
      instanceId: resource.id,
      device: deviceName,
      attachTime: plan.launchTime,
      deleteOnTermination,
    };
    return layVolume(place, settings, {
      zone,
      tags: plan.tags.volume,
      attachment,
      createTime: plan.launchTime,
    });
  });
  const {
    architecture,
    platform,
    platformDetails,
    usageOperation,
    rootDeviceName,
    rootDeviceType,
    productCodes,
  } = plan.image;
  const instance: Instance = {
    ...resource,
    ...plan.settings,
    reservationId: plan.reservationId,
    launchIndex: plan.launchIndex,
    imageId: plan.image.id,
    image: {
      ...{ architecture, platformDetails, usageOperation, rootDeviceName, rootDeviceType, productCodes },
      ...(platform && { platform }),
    },
    instanceType: plan.instanceType,
    state: 'pending',
    turn: 0,
    transitionReason: '',
    launchTime: plan.launchTime,
    subnetId: primary.subnet.id,
    vpcId: primary.subnet.vpcId,
    zone,
    interfaceIds: interfaces.map((one) => one.id),
    volumeIds: volumes.map((one) => one.id),
    ...plan.more,
  };
  state.instances.set(instance.id, instance);
  return instance;
}
