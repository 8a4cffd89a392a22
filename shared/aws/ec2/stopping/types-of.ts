import type { GpuInfo, InstanceTypeInfo } from '@aws-sdk/client-ec2';
import type { Aws } from '../../access.ts';
import { instanceTypes } from '../instance-details.ts';
import type { Lookup, TypeFacts } from './facts.ts';
import type { Stoppable } from './instance.ts';
import { orWhy } from './or-why.ts';

/** How many vCPUs and what else the types of these instances have. */
export async function typesOf(
  aws: Aws,
  instances: readonly Pick<Stoppable, 'instanceType'>[],
): Promise<(instance: Pick<Stoppable, 'instanceType'>) => Lookup<TypeFacts>> {
  const names = instances.map(({ instanceType }) => instanceType);
  const told = names.length === 0 ? { value: [] } : await orWhy(instanceTypes(aws, names));
  if ('unknown' in told) return () => told;
  const byName = new Map(told.value.map((info) => [String(info.InstanceType), typeFrom(info)]));
  return ({ instanceType }) =>
    byName.get(instanceType) ?? { unknown: `nothing is known about the type ${instanceType}` };
}

/** What a type's own description says about it. */
export function typeFrom(info: InstanceTypeInfo): Lookup<TypeFacts> {
  const vcpus = info.VCpuInfo?.DefaultVCpus;
  if (vcpus === undefined || info.InstanceStorageSupported === undefined) {
    return { unknown: 'EC2 does not say what the type is made of' };
  }
  const accelerators = [
    info.GpuInfo,
    info.NeuronInfo,
    info.InferenceAcceleratorInfo,
    info.FpgaInfo,
    info.MediaAcceleratorInfo,
  ];
  const gpus = accelerators.every((each) => each === undefined || each === info.GpuInfo)
    ? nvidiaGpus(info.GpuInfo)
    : undefined;
  return {
    value: {
      vcpus,
      accelerated: accelerators.some((each) => each !== undefined),
      ...(gpus === undefined ? {} : { gpus }),
      instanceStorage: info.InstanceStorageSupported,
    },
  };
}

/** How many there are, if all are NVIDIA's and each is a whole one. */
function nvidiaGpus({ Gpus: gpus = [] }: GpuInfo = {}): number | undefined {
  const isWhole = gpus.every(({ Manufacturer, Count = 0 }) => Manufacturer === 'NVIDIA' && Count >= 1);
  return gpus.length > 0 && isWhole ? gpus.reduce((sum, { Count = 0 }) => sum + Count, 0) : undefined;
}
