import type {
  DescribeInstanceTypesRequest,
  DescribeInstanceTypesResult,
  InstanceTypeInfo,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../../core/errors.ts';
import { ec2Operation } from '../ec2-operation.ts';
import { filterBy, pageOf } from '../listing.ts';
import { INSTANCE_TYPES, type InstanceType } from './types.ts';

/** Lists the instance types of the sandbox's table. */
export const DescribeInstanceTypes = ec2Operation<DescribeInstanceTypesRequest, DescribeInstanceTypesResult>(
  ['InstanceTypes', 'Filters', 'MaxResults', 'NextToken'],
  {
    run(input) {
      const names: readonly string[] = input.InstanceTypes ?? [];
      if (names.length > 100) {
        throw new AwsError('InvalidParameterValue', 'At most 100 instance types can be described at once.');
      }
      const lost = names.filter((name) => !INSTANCE_TYPES.has(name));
      if (lost.length > 0) {
        const message = `The following supplied instance types do not exist: [${lost.join(', ')}]`;
        throw new AwsError('InvalidInstanceType', message);
      }
      const keep = filterBy<InstanceType>(input.Filters, {
        'bare-metal': (type) => [String(type.metal)],
        'burstable-performance-supported': (type) => [String(type.burstable)],
        'hibernation-supported': (type) => [String(type.hibernation)],
        'instance-storage-supported': (type) => [String(type.storageGb !== undefined)],
        'instance-type': (type) => [type.name],
        'processor-info.supported-architecture': (type) => [type.architecture],
        'vcpu-info.default-vcpus': (type) => [String(type.vcpus)],
      });
      const found = [...INSTANCE_TYPES.values()]
        .map((type, index) => ({ ...type, serial: index + 1 }))
        .filter((type) => (names.length === 0 || names.includes(type.name)) && keep(type));
      const page = pageOf(found, input, {
        min: 5,
        max: 100,
        ids: names.length > 0 ? 'InstanceTypes' : undefined,
      });
      return { InstanceTypes: page.items.map(show), NextToken: page.NextToken };
    },
  },
);

function show(type: InstanceType): InstanceTypeInfo {
  return {
    // The SDK's union of names is that of its own day; the table's names are all in it.
    InstanceType: type.name as InstanceTypeInfo['InstanceType'],
    CurrentGeneration: !/^(m1|m3|t1)\./.test(type.name),
    SupportedUsageClasses:
      type.metal && type.architecture === 'arm64_mac' ? ['on-demand'] : ['on-demand', 'spot'],
    SupportedRootDeviceTypes:
      type.hypervisor === 'xen' && type.storageGb ? ['ebs', 'instance-store'] : ['ebs'],
    SupportedVirtualizationTypes: ['hvm'],
    BareMetal: type.metal,
    ProcessorInfo: { SupportedArchitectures: [type.architecture] },
    VCpuInfo: { DefaultVCpus: type.vcpus },
    MemoryInfo: { SizeInMiB: type.memoryGib * 1024 },
    InstanceStorageSupported: type.storageGb !== undefined,
    HibernationSupported: type.hibernation,
    BurstablePerformanceSupported: type.burstable,
    DedicatedHostsSupported: !type.burstable || /^t3\./.test(type.name),
    ...(type.hypervisor && { Hypervisor: type.hypervisor }),
    ...(type.storageGb !== undefined && { InstanceStorageInfo: { TotalSizeInGB: type.storageGb } }),
    ...(type.gpu && {
      GpuInfo: {
        Gpus: [
          {
            Name: type.gpu.name,
            Manufacturer: type.gpu.manufacturer,
            Count: type.gpu.count,
            MemoryInfo: { SizeInMiB: type.gpu.gib * 1024 },
          },
        ],
        TotalGpuMemoryInMiB: type.gpu.count * type.gpu.gib * 1024,
      },
    }),
    ...(type.neuron && {
      NeuronInfo: {
        NeuronDevices: [
          {
            Name: type.neuron.name,
            Count: type.neuron.count,
            MemoryInfo: { SizeInMiB: type.neuron.gib * 1024 },
          },
        ],
        TotalNeuronDeviceMemoryInMiB: type.neuron.count * type.neuron.gib * 1024,
      },
    }),
  };
}
