import type { EventCode, RequestLaunchTemplateData } from '@aws-sdk/client-ec2';
import type { Image } from '../images/model.ts';
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
  /** Set while the public address is an Elastic IP of the account. */
  readonly elastic?: { readonly allocationId: string; readonly associationId: string };
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

export interface StateReason {
  readonly Code: string;
  readonly Message: string;
}

export interface MetadataOptions {
  readonly httpTokens: 'optional' | 'required';
  readonly hopLimit: number;
  readonly httpEndpoint: 'enabled' | 'disabled';
  readonly instanceMetadataTags: 'enabled' | 'disabled';
}

/** What whoever launches an instance may choose about it. */
export interface InstanceSettings {
  readonly keyName?: string;
  readonly profileArn?: string;
  readonly userData?: string;
  readonly tenancy: 'default' | 'dedicated' | 'host';
  readonly hostId?: string;
  readonly affinity?: string;
  readonly groupName?: string;
  readonly monitoring: boolean;
  readonly ebsOptimized: boolean;
  readonly hibernation: boolean;
  readonly apiStopDisabled: boolean;
  readonly apiTerminationDisabled: boolean;
  readonly shutdownBehavior: 'stop' | 'terminate';
  /** Burstable types only. */
  readonly cpuCredits?: 'standard' | 'unlimited';
  readonly metadata: MetadataOptions;
}

export interface Instance extends Resource, InstanceSettings {
  readonly reservationId: string;
  /** Who launched it on the owner's behalf, if not the owner. */
  readonly requesterId?: string;
  readonly launchIndex: number;
  readonly imageId: string;
  readonly image: Pick<
    Image,
    | 'architecture'
    | 'platform'
    | 'platformDetails'
    | 'usageOperation'
    | 'rootDeviceName'
    | 'rootDeviceType'
    | 'productCodes'
  >;
  readonly instanceType: string;
  readonly state: InstanceState;
  /** Counts changes of state: a timer of an earlier one finds itself overtaken. */
  readonly turn: number;
  readonly stateReason?: StateReason;
  /** `User initiated (2026-11-02 08:00:00 GMT)` */
  readonly transitionReason: string;
  readonly launchTime: Date;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly zone: string;
  readonly outpostArn?: string;
  readonly spotRequestId?: string;
  /** The service that manages it, such as `eks.amazonaws.com`; its owner may then not change it. */
  readonly operator?: string;
  /** Primary first; empty once terminated. */
  readonly interfaceIds: readonly string[];
  readonly volumeIds: readonly string[];
}

export interface SpotRequest extends Resource {
  readonly type: 'one-time' | 'persistent';
  readonly state: 'active' | 'disabled' | 'open' | 'closed' | 'cancelled';
  readonly instanceId: string;
  readonly createTime: Date;
  readonly maxPrice?: string;
  readonly interruption: 'hibernate' | 'stop' | 'terminate';
  readonly zone: string;
  readonly platformDetails: string;
}

/** Status checks that fail and events that are scheduled. */
export interface Health {
  readonly system?: 'ok' | 'impaired' | 'insufficient-data';
  readonly instance?: 'ok' | 'impaired' | 'insufficient-data';
  readonly ebs?: 'ok' | 'impaired' | 'insufficient-data';
  readonly impairedSince?: Date;
  readonly events?: readonly {
    readonly code: EventCode;
    readonly description: string;
    readonly notBefore: Date;
    readonly notAfter?: Date;
  }[];
}

/** What goes wrong with one instance, for tests and rehearsals. */
export interface Whim {
  readonly staysStopping?: boolean;
  /** Hibernation is asked for, but an ordinary shutdown happens. */
  readonly hibernationFails?: boolean;
  /** A start ends in `stopped` again, for this reason (a disabled KMS key, for one). */
  readonly startFails?: StateReason;
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
