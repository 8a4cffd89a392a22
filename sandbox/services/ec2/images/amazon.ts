import type { World } from '../../../core/world.ts';
import type { Ec2State } from '../state.ts';
import type { Image } from './model.ts';

type Row = Pick<Image, 'id' | 'owner' | 'name'> & Partial<Image>;

const AMAZON = { owner: '137112412989', ownerAlias: 'amazon' };

/** Public images that every region of the sandbox offers; the first two ids are those of AWS's own examples. */
const PUBLIC: readonly Row[] = [
  { ...AMAZON, id: 'ami-0abcdef1234567890', name: 'al2023-ami-2023.9.20261012.0-kernel-6.12-x86_64' },
  { ...AMAZON, id: 'ami-0123456789abcdef0', name: 'amzn2-ami-kernel-5.10-hvm-2.0.20261007.0-x86_64-gp2' },
  {
    ...AMAZON,
    id: 'ami-0a0a0a0a0a0a0a0a0',
    name: 'al2023-ami-2023.9.20261012.0-kernel-6.12-arm64',
    architecture: 'arm64',
  },
  {
    id: 'ami-0b0b0b0b0b0b0b0b0',
    owner: '801119661308',
    ownerAlias: 'amazon',
    name: 'Windows_Server-2025-English-Full-Base-2026.10.14',
    platform: 'windows',
    platformDetails: 'Windows',
    usageOperation: 'RunInstances:0002',
    rootDeviceName: '/dev/sda1',
  },
  {
    id: 'ami-0c0c0c0c0c0c0c0c0',
    owner: '099720109477',
    name: 'ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20261010',
    rootDeviceName: '/dev/sda1',
  },
  {
    ...AMAZON,
    id: 'ami-0d0d0d0d0d0d0d0d0',
    name: 'amzn-ami-hvm-2018.03.0.20231218.0-x86_64-s3',
    rootDeviceType: 'instance-store',
    rootDeviceName: '/dev/sda1',
  },
  {
    id: 'ami-0e0e0e0e0e0e0e0e0',
    owner: '679593333241',
    ownerAlias: 'aws-marketplace',
    name: 'example-firewall-7.2-marketplace',
    productCodes: ['3tdzgqyh2xzqdp4lzbsw7vqae'],
    usageOperation: 'RunInstances:00g0',
  },
];

/** Puts the public images of Amazon and others into a region. */
export function layAmazonImages(state: Ec2State, world: World): void {
  const creationDate = new Date(world.clock.now() - 21 * 86_400_000);
  for (const row of PUBLIC) {
    const rootDeviceName = row.rootDeviceName ?? '/dev/xvda';
    const root = {
      deviceName: rootDeviceName,
      size: row.platform ? 30 : 8,
      type: 'gp3',
      iops: 3000,
      throughput: 125,
      encrypted: false,
      deleteOnTermination: true,
      snapshotId: `snap-${row.id.slice('ami-'.length)}`,
    };
    state.images.set(row.id, {
      serial: state.nextSerial(),
      tags: [],
      description: row.name,
      public: true,
      architecture: 'x86_64',
      platformDetails: 'Linux/UNIX',
      usageOperation: 'RunInstances',
      rootDeviceType: 'ebs',
      devices: row.rootDeviceType === 'instance-store' ? [] : [root],
      productCodes: [],
      creationDate,
      availableAt: creationDate.getTime(),
      ...row,
      rootDeviceName,
    });
  }
}
