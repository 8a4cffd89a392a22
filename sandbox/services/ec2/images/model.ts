import type { Resource } from '../state.ts';
import type { VolumeSettings } from '../storage/model.ts';

/** One disk that an image brings along. */
export interface ImageDevice extends Omit<VolumeSettings, 'multiAttach'> {
  readonly deviceName: string;
  readonly deleteOnTermination: boolean;
}

export interface Image extends Resource {
  readonly name: string;
  readonly description: string;
  readonly ownerAlias?: string;
  readonly public: boolean;
  readonly architecture: 'x86_64' | 'arm64' | 'x86_64_mac' | 'arm64_mac';
  readonly platform?: 'windows';
  readonly platformDetails: string;
  readonly usageOperation: string;
  readonly rootDeviceName: string;
  readonly rootDeviceType: 'ebs' | 'instance-store';
  readonly devices: readonly ImageDevice[];
  readonly productCodes: readonly string[];
  readonly sourceInstanceId?: string;
  readonly creationDate: Date;
  /** From when on it can be used, in epoch ms. */
  readonly availableAt: number;
}
