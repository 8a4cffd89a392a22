/** What the sandbox knows of an instance type (EC2 "Instance types" guide and DescribeInstanceTypes). */
export interface InstanceType {
  readonly name: string;
  readonly vcpus: number;
  readonly memoryGib: number;
  readonly architecture: 'x86_64' | 'arm64' | 'arm64_mac';
  readonly burstable: boolean;
  /** Default CPU credit option of a burstable family. */
  readonly credits?: 'standard' | 'unlimited';
  readonly metal: boolean;
  readonly hypervisor?: 'nitro' | 'xen';
  readonly storageGb?: number;
  readonly gpu?: {
    readonly name: string;
    readonly manufacturer: string;
    readonly count: number;
    readonly gib: number;
  };
  readonly neuron?: { readonly name: string; readonly count: number; readonly gib: number };
  readonly hibernation: boolean;
}

type Row = readonly [name: string, vcpus: number, memoryGib: number, more?: Partial<InstanceType>];

const gpu = (name: string, count: number, gib: number): Partial<InstanceType> => ({
  gpu: { name, manufacturer: 'NVIDIA', count, gib },
});
const neuron = (name: string, count: number, gib: number): Partial<InstanceType> => ({
  neuron: { name, count, gib },
});
const T2 = { burstable: true, credits: 'standard', hypervisor: 'xen', hibernation: true } as const;
const T3 = { burstable: true, credits: 'unlimited', hibernation: true } as const;
const T4G = { ...T3, architecture: 'arm64' } as const;
const ARM = { architecture: 'arm64', hibernation: true } as const;
const SLEEPS = { hibernation: true } as const;

const ROWS: readonly Row[] = [
  ['t2.nano', 1, 0.5, T2],
  ['t2.micro', 1, 1, T2],
  ['t2.medium', 2, 4, T2],
  ['t3.nano', 2, 0.5, T3],
  ['t3.micro', 2, 1, T3],
  ['t3.small', 2, 2, T3],
  ['t3.medium', 2, 4, T3],
  ['t3.large', 2, 8, T3],
  ['t3.xlarge', 4, 16, T3],
  ['t3.2xlarge', 8, 32, T3],
  ['t3a.micro', 2, 1, T3],
  ['t3a.medium', 2, 4, T3],
  ['t4g.micro', 2, 1, T4G],
  ['t4g.medium', 2, 4, T4G],
  ['m1.small', 1, 1.7, { hypervisor: 'xen', storageGb: 160 }],
  ['m3.medium', 1, 3.75, { hypervisor: 'xen', storageGb: 4, hibernation: true }],
  ['m5.large', 2, 8, SLEEPS],
  ['m5.xlarge', 4, 16, SLEEPS],
  ['m5.2xlarge', 8, 32, SLEEPS],
  ['m5.24xlarge', 96, 384],
  ['m5d.large', 2, 8, { storageGb: 75, hibernation: true }],
  ['m6g.large', 2, 8, ARM],
  ['m6i.large', 2, 8, SLEEPS],
  ['m7g.large', 2, 8, ARM],
  ['m7i.large', 2, 8, SLEEPS],
  ['m7i.xlarge', 4, 16, SLEEPS],
  ['m7i.48xlarge', 192, 768],
  ['c5.large', 2, 4, SLEEPS],
  ['c5.xlarge', 4, 8, SLEEPS],
  ['c5.metal', 96, 192, { metal: true }],
  ['c6g.large', 2, 4, ARM],
  ['c7i.24xlarge', 96, 192],
  ['r5.large', 2, 16, SLEEPS],
  ['r5.xlarge', 4, 32, SLEEPS],
  ['r6i.large', 2, 16, SLEEPS],
  ['i3.large', 2, 15.25, { storageGb: 475, hibernation: true }],
  ['i4i.large', 2, 16, { storageGb: 468 }],
  ['d3.xlarge', 4, 32, { storageGb: 5940 }],
  ['g4dn.xlarge', 4, 16, { storageGb: 125, ...gpu('T4', 1, 16) }],
  ['g5.xlarge', 4, 16, { storageGb: 250, ...gpu('A10G', 1, 24) }],
  ['p3.2xlarge', 8, 61, { hypervisor: 'xen', ...gpu('V100', 1, 16) }],
  ['p4d.24xlarge', 96, 1152, { storageGb: 8000, ...gpu('A100', 8, 40) }],
  ['inf2.xlarge', 4, 16, neuron('Inferentia2', 1, 32)],
  ['trn1.2xlarge', 8, 32, { storageGb: 474, ...neuron('Trainium', 1, 32) }],
  ['mac2.metal', 8, 16, { architecture: 'arm64_mac', metal: true }],
];

/** Every type that the sandbox offers, by name. */
export const INSTANCE_TYPES: ReadonlyMap<string, InstanceType> = new Map(
  ROWS.map(([name, vcpus, memoryGib, more = {}]) => [
    name,
    {
      ...{
        name,
        vcpus,
        memoryGib,
        architecture: 'x86_64',
        burstable: false,
        metal: false,
        hibernation: false,
      },
      ...(!more.metal && { hypervisor: 'nitro' }),
      ...more,
    },
  ]),
);
