import type { Resource } from '../state.ts';

export interface NatGateway extends Resource {
  readonly vpcId: string;
  readonly subnetId: string;
  readonly connectivity: 'public' | 'private';
  readonly state: 'pending' | 'available' | 'deleting' | 'deleted';
  readonly interfaceId: string;
  readonly privateIp: string;
  readonly allocationId?: string;
  readonly publicIp?: string;
  readonly createTime: Date;
  readonly deleteTime?: Date;
}
