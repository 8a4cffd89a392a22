import type { Resource } from '../../shared/engine/verdict.ts';

/** An EC2 instance, as far as its idleness and the right to stop it depend on it. */
export interface Instance extends Resource {
  readonly type: 'AWS::EC2::Instance';
  /** `pending`, `running`, `stopping`, …; AWS may add states. */
  readonly state: string;
  readonly instanceType: string;
  readonly region: string;
  readonly zone: string | undefined;
  /** Of the latest start: every start resets it (B1.9). */
  readonly launchTime: Date | undefined;
  /** When its first interface or disk was attached: its real age. */
  readonly since: Date | undefined;
  /** When it was stopped last, where EC2 says. */
  readonly stoppedAt: Date | undefined;
  readonly lifecycle: string | undefined;
  readonly spotRequestId: string | undefined;
  readonly tenancy: string | undefined;
  readonly outpost: string | undefined;
  /** `ebs`, `instance-store`. */
  readonly rootDevice: string | undefined;
  /** An interface that passes on what is not addressed to it: NAT, VPN, firewall. */
  readonly forwards: boolean;
  readonly operator: string | undefined;
  /** Who launched it in the account's name, where that was not the account. */
  readonly requester: string | undefined;
  readonly ownedHere: boolean;
  readonly vpcId: string | undefined;
  readonly privateIps: readonly string[];
  readonly publicIp: string | undefined;
  /** Its public address stays with it over a stop. */
  readonly elasticIp: boolean;
  readonly hibernates: boolean;
  /** `Linux/UNIX` has a known price. */
  readonly platform: string | undefined;
  readonly capacityReservation: string | undefined;
  readonly productCodes: readonly string[];
  /** The alarm that pointed here stops or terminates it by itself (B1.68). */
  readonly alarmAction: string | undefined;
}
