import type { RequestLaunchTemplateData } from '@aws-sdk/client-ec2';
import type { Resource } from '../state.ts';

export interface NetworkInterface extends Resource {
  readonly subnetId: string;
  readonly vpcId: string;
  readonly zone: string;
  readonly zoneId: string;
  readonly description: string;
  readonly groupIds: readonly string[];
  readonly privateIp: string;
  readonly publicIp?: string;
  readonly macAddress: string;
  readonly interfaceType: string;
  readonly requesterManaged: boolean;
  readonly sourceDestCheck: boolean;
  readonly attachment?: {
    readonly id: string;
    readonly instanceId: string;
    readonly deviceIndex: number;
    readonly deleteOnTermination: boolean;
    readonly attachTime: Date;
  };
}

export type InstanceState = 'pending' | 'running' | 'shutting-down' | 'terminated' | 'stopping' | 'stopped';

export interface Instance extends Resource {
  readonly reservationId: string;
  readonly launchIndex: number;
  readonly imageId: string;
  readonly instanceType: string;
  readonly keyName?: string;
  readonly profileArn?: string;
  readonly state: InstanceState;
  readonly stateReason?: { readonly Code: string; readonly Message: string };
  readonly launchTime: Date;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly zone: string;
  /** Primary first; empty once terminated. */
  readonly interfaceIds: readonly string[];
  readonly apiTerminationDisabled: boolean;
}

export interface TemplateVersion {
  readonly number: number;
  readonly description?: string | undefined;
  readonly createdBy: string;
  readonly createTime: Date;
  readonly data: RequestLaunchTemplateData;
}

export interface LaunchTemplate extends Resource {
  readonly name: string;
  readonly createdBy: string;
  readonly createTime: Date;
  readonly defaultVersion: number;
  readonly versions: readonly TemplateVersion[];
}
