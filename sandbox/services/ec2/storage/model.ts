import type { Resource } from '../state.ts';

export interface Attachment {
  readonly instanceId: string;
  readonly device: string;
  readonly attachTime: Date;
  readonly deleteOnTermination: boolean;
}

/** What a volume is made of, before it has a place. */
export interface VolumeSettings {
  readonly size: number;
  readonly type: string;
  readonly iops?: number;
  readonly throughput?: number;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
  readonly snapshotId?: string;
  readonly multiAttach: boolean;
}

export interface Volume extends Resource, VolumeSettings {
  readonly zone: string;
  readonly createTime: Date;
  readonly attachments: readonly Attachment[];
}

export interface Snapshot extends Resource {
  readonly volumeId: string;
  readonly size: number;
  readonly description: string;
  readonly startTime: Date;
  /** When it is complete, in epoch ms. */
  readonly completeAt: number;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
}
