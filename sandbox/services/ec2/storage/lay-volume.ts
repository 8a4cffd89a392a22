import { invalidValue } from '../refuse.ts';
import { ec2State, newResource, type Place, type Tag } from '../state.ts';
import type { Attachment, Snapshot, Volume, VolumeSettings } from './model.ts';

/** Smallest and largest size in GiB, and what a volume of the type has unless told (EBS User Guide, "volume types"). */
const TYPES: Readonly<
  Record<string, { min: number; max: number; iops?: number; throughput?: number; needsIops?: boolean }>
> = {
  gp2: { min: 1, max: 16_384 },
  gp3: { min: 1, max: 65_536, iops: 3000, throughput: 125 },
  io1: { min: 4, max: 16_384, needsIops: true },
  io2: { min: 4, max: 65_536, needsIops: true },
  st1: { min: 125, max: 16_384 },
  sc1: { min: 125, max: 16_384 },
  standard: { min: 1, max: 1024 },
};

export interface VolumeWish {
  readonly size?: number | undefined;
  readonly type?: string | undefined;
  readonly iops?: number | undefined;
  readonly throughput?: number | undefined;
  readonly encrypted?: boolean | undefined;
  readonly kmsKeyId?: string | undefined;
  readonly snapshotId?: string | undefined;
  readonly multiAttach?: boolean | undefined;
}

/** A volume's settings, checked, with the defaults of its type and the size of its snapshot. */
export function volumeSettings(place: Place, wish: VolumeWish): VolumeSettings {
  const type = wish.type ?? 'gp2';
  const limits = TYPES[type];
  if (!limits) throw invalidValue(`Invalid value '${type}' for VolumeType.`);
  if (limits.needsIops && wish.iops === undefined) {
    throw invalidValue(`The parameter iops must be specified for ${type} volumes.`);
  }
  if (wish.multiAttach && !limits.needsIops) {
    throw invalidValue(`Multi-Attach is not supported for ${type} volumes.`);
  }
  const snapshot = wish.snapshotId ? ec2State.of(place).snapshots.newest.get(wish.snapshotId) : undefined;
  const size = checkedSize(wish.size ?? snapshot?.size, snapshot, type, limits);
  const iops =
    wish.iops ?? limits.iops ?? (type === 'gp2' ? Math.min(16_000, Math.max(100, size * 3)) : undefined);
  const throughput = wish.throughput ?? limits.throughput;
  const kmsKeyId = wish.kmsKeyId ?? snapshot?.kmsKeyId;
  return {
    ...{ size, type, multiAttach: wish.multiAttach ?? false },
    encrypted: wish.encrypted ?? snapshot?.encrypted ?? kmsKeyId !== undefined,
    ...(iops !== undefined && { iops }),
    ...(throughput !== undefined && { throughput }),
    ...(kmsKeyId !== undefined && { kmsKeyId }),
    ...(wish.snapshotId && { snapshotId: wish.snapshotId }),
  };
}

function checkedSize(
  size: number | undefined,
  snapshot: Snapshot | undefined,
  type: string,
  { min, max }: { min: number; max: number },
): number {
  if (size === undefined) throw invalidValue('Either a volume size or a snapshot must be specified.');
  if (size < (snapshot?.size ?? 0)) {
    throw invalidValue(`The volume size is smaller than that of the snapshot ${snapshot?.id}.`);
  }
  if (size < min || size > max) {
    throw invalidValue(`Volume of ${size}GiB is outside of ${min}GiB to ${max}GiB for ${type}.`);
  }
  return size;
}

/** A volume in a zone, attached or not. */
export function layVolume(
  place: Place,
  settings: VolumeSettings,
  where: { zone: string; tags: readonly Tag[]; attachment?: Attachment; createTime: Date },
): Volume {
  const state = ec2State.of(place);
  const made: Volume = {
    ...newResource(state, 'vol', place.account, where.tags),
    ...settings,
    zone: where.zone,
    createTime: where.createTime,
    attachments: where.attachment ? [where.attachment] : [],
  };
  state.volumes.set(made.id, made);
  return made;
}
